package restapis

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/control/patch"
	"gatehouse/internal/integration"
)

const (
	typeAws       = "AWS"
	typeAwsProxy  = "AWS_PROXY"
	typeHttp      = "HTTP"
	typeHttpProxy = "HTTP_PROXY"
	typeMock      = "MOCK"

	connectionInternet = "INTERNET"
	connectionVpcLink  = "VPC_LINK"

	passthroughNoMatch     = "WHEN_NO_MATCH"
	passthroughNoTemplates = "WHEN_NO_TEMPLATES"
	passthroughNever       = "NEVER"
)

// PutIntegration sets the integration of a method; one that was there goes with all of
// its responses.
func (s *Service) PutIntegration(ctx context.Context, in *apigateway.PutIntegrationInput) (*apigateway.Integration, error) {
	created := newIntegration(in)
	id := methodId{in.RestApiId, in.ResourceId, in.HttpMethod}
	_, err := s.changeMethod(ctx, id, func(a api, m *apigw.Method) error {
		if err := a.checkLinkTarget(&created); err != nil {
			return err
		}
		return s.setIntegration(m, created)
	})
	if err != nil {
		return nil, err
	}
	return integrationOutput(created), nil
}

// newIntegration reads the input, with AWS's defaults.
func newIntegration(in *apigateway.PutIntegrationInput) apigw.Integration {
	created := apigw.Integration{
		Type: string(in.Type), HttpMethod: text(in.IntegrationHttpMethod), Uri: text(in.Uri),
		ConnectionType: string(in.ConnectionType), ConnectionId: text(in.ConnectionId), Credentials: text(in.Credentials),
		RequestParameters: in.RequestParameters, RequestTemplates: in.RequestTemplates,
		PassthroughBehavior: text(in.PassthroughBehavior), ContentHandling: string(in.ContentHandling),
		TimeoutInMillis: given(in.TimeoutInMillis, defaultTimeoutInMillis),
		CacheNamespace:  text(in.CacheNamespace), CacheKeyParameters: in.CacheKeyParameters,
		ResponseTransferMode: string(in.ResponseTransferMode), IntegrationTarget: text(in.IntegrationTarget),
	}
	if in.TlsConfig != nil {
		created.TlsConfig = &apigw.TlsConfig{InsecureSkipVerification: given(in.TlsConfig.InsecureSkipVerification, false)}
	}
	completeIntegration(&created, in.ResourceId)
	return created
}

const defaultTimeoutInMillis = int32(apigw.IntegrationTimeoutMaximum / time.Millisecond)

// completeIntegration gives an integration AWS's defaults (create-api-using-awscli.md).
func completeIntegration(i *apigw.Integration, resourceId string) {
	i.PassthroughBehavior, i.CacheNamespace = cmp.Or(i.PassthroughBehavior, passthroughNoMatch), cmp.Or(i.CacheNamespace, resourceId)
	if i.ConnectionType == "" && isHttpType(i.Type) {
		i.ConnectionType = connectionInternet
	}
}

// GetIntegration returns the integration of a method.
func (s *Service) GetIntegration(ctx context.Context, in *apigateway.GetIntegrationInput) (*apigateway.Integration, error) {
	method, err := s.viewMethod(ctx, methodId{in.RestApiId, in.ResourceId, in.HttpMethod})
	if err != nil {
		return nil, err
	}
	if method.MethodIntegration == nil {
		return nil, notFound(messageInvalidIntegration)
	}
	return integrationOutput(*method.MethodIntegration), nil
}

// UpdateIntegration patches the integration of a method.
func (s *Service) UpdateIntegration(ctx context.Context, in *apigateway.UpdateIntegrationInput) (*apigateway.Integration, error) {
	id := methodId{in.RestApiId, in.ResourceId, in.HttpMethod}
	updated, err := s.changeMethod(ctx, id, func(a api, m *apigw.Method) error {
		if m.MethodIntegration == nil {
			return notFound(messageInvalidIntegration)
		}
		integration := *m.MethodIntegration
		if err := applyPatch(integrationPatches, &integration, in.PatchOperations); err != nil {
			return err
		}
		if err := a.checkLinkTarget(&integration); err != nil {
			return err
		}
		return s.setIntegration(m, integration)
	})
	if err != nil {
		return nil, err
	}
	return integrationOutput(*updated.MethodIntegration), nil
}

// DeleteIntegration deletes the integration of a method with all of its responses.
func (s *Service) DeleteIntegration(ctx context.Context, in *apigateway.DeleteIntegrationInput) (*apigateway.DeleteIntegrationOutput, error) {
	id := methodId{in.RestApiId, in.ResourceId, in.HttpMethod}
	_, err := s.changeMethod(ctx, id, func(_ api, m *apigw.Method) error {
		if m.MethodIntegration == nil {
			return notFound(messageInvalidIntegration)
		}
		m.MethodIntegration = nil
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &apigateway.DeleteIntegrationOutput{}, nil
}

func integrationParameters(i *apigw.Integration) *map[string]string { return &i.RequestParameters }
func requestTemplates(i *apigw.Integration) *map[string]string      { return &i.RequestTemplates }
func cacheKeyParameters(i *apigw.Integration) *[]string             { return &i.CacheKeyParameters }

// integrationPatches: API reference, "Patch operations", UpdateIntegration.
var integrationPatches = patch.Table[apigw.Integration]{
	{Path: "/cacheKeyParameters", Add: patch.AddItem(cacheKeyParameters, ""), Remove: patch.RemoveItem(cacheKeyParameters, "")},
	{
		Path: "/cacheKeyParameters/{parameter}",
		Add:  patch.AddItem(cacheKeyParameters, "parameter"), Remove: patch.RemoveItem(cacheKeyParameters, "parameter"),
		Replace: patch.ReplaceItem(cacheKeyParameters, "parameter"),
	},
	{Path: "/cacheNamespace", Replace: patch.String(func(i *apigw.Integration) *string { return &i.CacheNamespace })},
	{Path: "/connectionId", Replace: patch.String(func(i *apigw.Integration) *string { return &i.ConnectionId })},
	{Path: "/connectionType", Replace: patch.Enum(func(i *apigw.Integration) *string { return &i.ConnectionType }, connectionInternet, connectionVpcLink)},
	{Path: "/contentHandling", Replace: replaceContentHandling(func(i *apigw.Integration) *string { return &i.ContentHandling })},
	{Path: "/credentials", Replace: patch.String(func(i *apigw.Integration) *string { return &i.Credentials })},
	{Path: "/httpMethod", Replace: patch.String(func(i *apigw.Integration) *string { return &i.HttpMethod })},
	{Path: "/integrationTarget", Replace: patch.String(func(i *apigw.Integration) *string { return &i.IntegrationTarget })},
	{Path: "/passthroughBehavior", Replace: patch.String(func(i *apigw.Integration) *string { return &i.PassthroughBehavior })},
	{
		Path: "/requestParameters/{parameter}", Add: patch.SetEntry(integrationParameters, "parameter"),
		Replace: patch.SetEntry(integrationParameters, "parameter"), Remove: patch.RemoveEntry(integrationParameters, "parameter"),
	},
	{
		Path: "/requestTemplates/{content_type}", Add: patch.SetEntry(requestTemplates, "content_type"),
		Replace: patch.SetEntry(requestTemplates, "content_type"), Remove: patch.RemoveEntry(requestTemplates, "content_type"),
	},
	{Path: "/responseTransferMode", Replace: patch.Enum(func(i *apigw.Integration) *string { return &i.ResponseTransferMode }, "BUFFERED", "STREAM")},
	{Path: "/timeoutInMillis", Replace: patch.Int32(func(i *apigw.Integration) *int32 { return &i.TimeoutInMillis })},
	{Path: "/tlsConfig/insecureSkipVerification", Replace: replaceInsecureSkipVerification},
	{Path: "/uri", Replace: patch.String(func(i *apigw.Integration) *string { return &i.Uri })},
}

// replaceContentHandling takes no value for passing payloads through.
func replaceContentHandling[T any](field func(*T) *string) patch.Change[T] {
	return patch.Enum(field, "CONVERT_TO_BINARY", "CONVERT_TO_TEXT", "")
}

func replaceInsecureSkipVerification(i *apigw.Integration, operation patch.Operation) error {
	var tls apigw.TlsConfig
	err := patch.Bool(func(t *apigw.TlsConfig) *bool { return &t.InsecureSkipVerification })(&tls, operation)
	i.TlsConfig = &tls
	return err
}

// setIntegration checks an integration against its method and puts it there.
func (s *Service) setIntegration(m *apigw.Method, integration apigw.Integration) error {
	if err := validateEndpoint(&integration); err != nil {
		return err
	}
	limit := time.Duration(integration.TimeoutInMillis) * time.Millisecond
	longest := cmp.Or(s.IntegrationTimeoutMaximum, apigw.IntegrationTimeoutMaximum)
	if limit < apigw.IntegrationTimeoutMinimum || limit > longest {
		return badRequest(fmt.Sprintf(messageTimeout, longest.Milliseconds()))
	}
	if !slices.Contains([]string{passthroughNoMatch, passthroughNoTemplates, passthroughNever}, integration.PassthroughBehavior) {
		return badRequest(messageInvalidPassthrough)
	}
	if err := validateTemplates(integration.RequestTemplates); err != nil {
		return err
	}
	if err := validateRequestMappings(m, integration.RequestParameters); err != nil {
		return err
	}
	if err := validateCacheKeys(m, &integration); err != nil {
		return err
	}
	m.MethodIntegration = &integration
	return unsupportedOfIntegration.Refuse(&integration, badRequest)
}

// validateEndpoint checks the backend's method and address.
func validateEndpoint(i *apigw.Integration) error {
	if i.HttpMethod != "" && !apigw.ValidHttpMethod(i.HttpMethod) {
		return badRequest(messageInvalidHttpMethod)
	}
	if i.Type == typeMock {
		return nil
	}
	if i.HttpMethod == "" {
		return badRequest(messageEmptyHttpMethod)
	}
	if err := validateIntegrationTarget(i); err != nil {
		return err
	}
	if isHttpType(i.Type) {
		return validateHttpUri(i.Uri)
	}
	if i.Credentials != "" && !strings.HasPrefix(i.Credentials, "arn:") && !strings.Contains(i.Credentials, "${stageVariables.") {
		return badRequest(messageInvalidArn) // public reports, aws/aws-sdk-java#860
	}
	return validateArnUri(i)
}

// checkLinkTarget: a VPC link of version 2 leads anywhere, so the integration names its
// target (text: public reports, pulumi/pulumi-aws#6020).
func (a api) checkLinkTarget(i *apigw.Integration) error {
	if i.ConnectionType == connectionVpcLink && i.IntegrationTarget == "" && records.VpcLinks.Has(a.r, records.Scope(a.scope), i.ConnectionId) {
		return badRequest(fmt.Sprintf("IntegrationTarget is required for VpcLinkV2 %s.", i.ConnectionId))
	}
	return nil
}

// validateIntegrationTarget takes the listener of a load balancer behind a VPC link
// (model: integrationTarget; the texts are unconfirmed).
func validateIntegrationTarget(i *apigw.Integration) error {
	switch {
	case i.IntegrationTarget == "":
		return nil
	case i.ConnectionType != connectionVpcLink:
		return badRequest(messageTargetWithoutLink)
	case !strings.Contains(i.IntegrationTarget, ":elasticloadbalancing:") && !strings.HasPrefix(i.IntegrationTarget, "${stageVariables."):
		return badRequest(messageInvalidTarget)
	}
	return nil
}

func isHttpType(kind string) bool { return kind == typeHttp || kind == typeHttpProxy }
func isAwsType(kind string) bool  { return kind == typeAws || kind == typeAwsProxy }

// validateHttpUri takes stage variables anywhere, also in the place of the whole host
// or the scheme (aws-api-gateway-stage-variables-reference.md).
func validateHttpUri(uri string) error {
	if strings.HasPrefix(uri, "${stageVariables.") || strings.Contains(uri, "://${stageVariables.") {
		return nil
	}
	scheme, rest, ok := strings.Cut(uri, "://")
	host, _, _ := strings.Cut(rest, "/")
	host, _, _ = strings.Cut(host, "?")
	if !ok || scheme != "http" && scheme != "https" || host == "" || strings.ContainsAny(uri, " \t\r\n") {
		return badRequest(messageInvalidHttpUri)
	}
	if strings.Contains(host, "${") || strings.Contains(host, "{") {
		return nil
	}
	if parsed, err := url.Parse(scheme + "://" + host); err != nil || parsed.Hostname() == "" {
		return badRequest(messageInvalidHttpUri)
	}
	return nil
}

// arnUriParts is the number of parts before the rest of an integration's ARN:
// arn:aws:apigateway:{region}:{service}:{path|action}/{…}.
const arnUriParts = 6

func validateArnUri(i *apigw.Integration) error {
	parts := strings.SplitN(i.Uri, ":", arnUriParts)
	if len(parts) < arnUriParts || parts[0] != "arn" {
		return badRequest(messageInvalidArn)
	}
	if !strings.HasPrefix(parts[5], "path/") && !strings.HasPrefix(parts[5], "action/") {
		return badRequest(messageArnWithoutPath) // a function's own ARN as well
	}
	if parts[2] != "apigateway" || parts[4] == "" {
		return badRequest(messageInvalidArn)
	}
	if i.Type == typeAwsProxy && parts[4] != "lambda" && parts[4] != "firehose" {
		return badRequest(messageAwsProxyService)
	}
	if i.Type == typeAwsProxy && parts[4] == "lambda" && !integration.IsFunctionUri(i.Uri) {
		return badRequest(messageInvalidFunctionUri)
	}
	if i.Type == typeAws && i.Credentials == "" && parts[4] != "lambda" {
		return badRequest(messageRoleArnNeeded)
	}
	return nil
}

func validateTemplates(templates map[string]string) error {
	for contentType, template := range templates {
		if contentType == "" {
			return badRequest(messageInvalidContentType)
		}
		if len(template) > apigw.MappingTemplateSizeLimit {
			return badRequest(messageTemplateTooLarge)
		}
	}
	return nil
}

func integrationOutput(i apigw.Integration) *apigateway.Integration {
	out := &apigateway.Integration{
		Type: apigateway.IntegrationType(i.Type), HttpMethod: optional(i.HttpMethod), Uri: optional(i.Uri),
		ConnectionType: apigateway.ConnectionType(i.ConnectionType), ConnectionId: optional(i.ConnectionId), Credentials: optional(i.Credentials),
		RequestParameters: i.RequestParameters, RequestTemplates: i.RequestTemplates, PassthroughBehavior: &i.PassthroughBehavior,
		ContentHandling: apigateway.ContentHandlingStrategy(i.ContentHandling), TimeoutInMillis: &i.TimeoutInMillis,
		CacheNamespace: optional(i.CacheNamespace), CacheKeyParameters: append([]string{}, i.CacheKeyParameters...),
		ResponseTransferMode: apigateway.ResponseTransferMode(i.ResponseTransferMode), IntegrationTarget: optional(i.IntegrationTarget),
	}
	if i.TlsConfig != nil {
		out.TlsConfig = &apigateway.TlsConfig{InsecureSkipVerification: &i.TlsConfig.InsecureSkipVerification}
	}
	for _, statusCode := range slices.Sorted(maps.Keys(i.IntegrationResponses)) {
		if out.IntegrationResponses == nil {
			out.IntegrationResponses = map[string]apigateway.IntegrationResponse{}
		}
		out.IntegrationResponses[statusCode] = *integrationResponseOutput(i.IntegrationResponses[statusCode])
	}
	return out
}
