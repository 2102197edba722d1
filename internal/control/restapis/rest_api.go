package restapis

import (
	"context"
	"errors"
	"mime"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/control/mappings"
	"gatehouse/internal/control/patch"
	"gatehouse/internal/fault"
	"gatehouse/internal/iam"
	"gatehouse/internal/store"
)

const (
	endpointEdge     = "EDGE"
	endpointRegional = "REGIONAL"
	endpointPrivate  = "PRIVATE"

	keySourceHeader     = "HEADER"
	keySourceAuthorizer = "AUTHORIZER"

	// customIdTag is the tag that pins an API's id; it is ours, and stays on the API.
	customIdTag = "_custom_id_"
)

// customIdPattern is what fits into a host name.
var customIdPattern = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// CreateRestApi makes an API with its root resource and AWS's two default models, or one
// that is like another.
func (s *Service) CreateRestApi(ctx context.Context, in *apigateway.CreateRestApiInput) (*apigateway.RestApi, error) {
	if in.CloneFrom != nil {
		return s.cloneRestApi(ctx, in)
	}
	created, err := s.newRestApi(in)
	if err != nil {
		return nil, err
	}
	scope := scopeOf(ctx)
	if created.Policy, err = fullPolicy(scope, created.Id, created.Policy); err != nil {
		return nil, err
	}
	if err := validateRestApi(&created); err != nil {
		return nil, err
	}
	err = s.transact(ctx, func(tx *store.Tx) error { return s.putNewRestApi(tx, scope, created) })
	if err != nil {
		return nil, err
	}
	return restApiOutput(created), nil
}

// newRestApi reads the input into a record with its ids.
func (s *Service) newRestApi(in *apigateway.CreateRestApiInput) (apigw.RestApi, error) {
	id, err := s.restApiId(in.Tags)
	if err != nil {
		return apigw.RestApi{}, err
	}
	rootId, err := s.Ids.Root()
	if err != nil {
		return apigw.RestApi{}, err
	}
	endpoint := apigw.EndpointConfiguration{Types: []string{endpointEdge}}
	if asked := in.EndpointConfiguration; asked != nil {
		endpoint.IpAddressType, endpoint.VpcEndpointIds = string(asked.IpAddressType), asked.VpcEndpointIds
		if asked.Types != nil {
			endpoint.Types = nil
		}
		for _, kind := range asked.Types {
			endpoint.Types = append(endpoint.Types, string(kind))
		}
	}
	if endpoint.IpAddressType == "" {
		endpoint.IpAddressType = defaultIpAddressType(endpoint.Types)
	}
	created := apigw.RestApi{
		Id: id, RootResourceId: rootId, Name: in.Name, Description: text(in.Description), Version: text(in.Version),
		CreatedDate: s.Now().UTC(), ApiKeySource: string(in.ApiKeySource), BinaryMediaTypes: in.BinaryMediaTypes,
		MinimumCompressionSize: in.MinimumCompressionSize, EndpointConfiguration: endpoint, Policy: text(in.Policy),
		Tags: in.Tags, DisableExecuteApiEndpoint: given(in.DisableExecuteApiEndpoint, false),
		SecurityPolicy: string(in.SecurityPolicy), EndpointAccessMode: string(in.EndpointAccessMode),
	}
	if created.ApiKeySource == "" {
		created.ApiKeySource = keySourceHeader
	}
	return created, validateTags(in.Tags)
}

func (s *Service) restApiId(tags map[string]string) (string, error) {
	pinned, ok := tags[customIdTag]
	if !ok {
		return s.Ids.Api()
	}
	if !customIdPattern.MatchString(pinned) {
		return "", apiIdUnusable(pinned)
	}
	return pinned, nil
}

func (s *Service) putNewRestApi(tx *store.Tx, scope apigw.Scope, created apigw.RestApi) error {
	at := records.Scope(scope)
	if records.RestApis.Has(tx, at, created.Id) || records.Apis.Has(tx, at, created.Id) {
		return apiIdTaken(created.Id)
	}
	root := apigw.Resource{Id: created.RootResourceId, Path: "/"}
	err := errors.Join(
		records.RestApis.Put(tx, created, at, created.Id),
		records.Resources.Put(tx, root, at, created.Id, root.Id),
	)
	for _, model := range apigw.DefaultModels() {
		var idErr error
		model.Id, idErr = s.Ids.Resource()
		err = errors.Join(err, idErr, records.Models.Put(tx, model, at, created.Id, model.Name))
	}
	return err
}

// GetRestApi returns an API.
func (s *Service) GetRestApi(ctx context.Context, in *apigateway.GetRestApiInput) (*apigateway.RestApi, error) {
	a, err := s.view(ctx, in.RestApiId)
	if err != nil {
		return nil, err
	}
	found, err := a.restApi()
	if err != nil {
		return nil, err
	}
	return restApiOutput(found), nil
}

// GetRestApis lists the APIs of the account in the region.
func (s *Service) GetRestApis(ctx context.Context, in *apigateway.GetRestApisInput) (*apigateway.RestApis, error) {
	all, err := records.RestApis.List(s.Store.View(), records.Scope(scopeOf(ctx)))
	if err != nil {
		return nil, err
	}
	found, err := paginate(all, func(a apigw.RestApi) string { return a.Id }, pageRequest{in.Position, in.Limit})
	if err != nil {
		return nil, err
	}
	return &apigateway.RestApis{Items: convert(found.Items, restApiOutput), Position: found.Next}, nil
}

// unmapped refuses the deletion of an API that a custom domain name leads to.
func (a api) unmapped() error {
	mapped, err := records.MappingsTo(a.r, a.scope, a.id, "")
	if err == nil && len(mapped) > 0 {
		err = fault.Refuse(restApiMapped(a.id, records.DomainsOf(mapped)), mappings.Refusal("API "+a.id, mapped))
	}
	return err
}

// deploymentsAtOnce keeps the deletion of an API with very many deployments below
// store.MaxBatchWrites; each has two records.
const deploymentsAtOnce = 2000

// DeleteRestApi deletes an API with everything it has. Deployments that no stage points
// to go first when they are too many for one transaction: nobody is served by them.
func (s *Service) DeleteRestApi(ctx context.Context, in *apigateway.DeleteRestApiInput) (*apigateway.DeleteRestApiOutput, error) {
	a, err := s.view(ctx, in.RestApiId)
	if err != nil {
		return nil, err
	}
	if err := a.unmapped(); err != nil {
		return nil, err
	}
	if err := s.deleteUnusedDeployments(ctx, in.RestApiId); err != nil {
		return nil, err
	}
	err = s.updateServed(ctx, in.RestApiId, func(a api) error {
		if err := a.unmapped(); err != nil {
			return err
		}
		records.DeleteRestApi(a.tx, a.scope, a.id)
		return records.RemoveApiStages(a.tx, a.scope, a.id, "")
	})
	if err != nil {
		return nil, err
	}
	return &apigateway.DeleteRestApiOutput{}, nil
}

func (s *Service) deleteUnusedDeployments(ctx context.Context, restApiId string) error {
	for {
		deleted := 0
		err := s.update(ctx, restApiId, func(a api) error {
			deleted = 0
			stages, err := a.stages()
			if err != nil {
				return err
			}
			ids := records.Deployments.IDs(a.r, a.at, a.id)
			for _, id := range ids[:max(0, len(ids)-deploymentsAtOnce)] {
				used := slices.ContainsFunc(stages, func(stage apigw.Stage) bool { return pointsTo(stage, id[1]) })
				if used || deleted == deploymentsAtOnce {
					continue
				}
				records.Deployments.Delete(a.tx, a.at, a.id, id[1])
				records.Snapshots.Delete(a.tx, a.at, a.id, id[1])
				deleted++
			}
			return nil
		})
		if err != nil || deleted < deploymentsAtOnce {
			return err
		}
	}
}

// UpdateRestApi patches an API.
func (s *Service) UpdateRestApi(ctx context.Context, in *apigateway.UpdateRestApiInput) (*apigateway.RestApi, error) {
	var updated apigw.RestApi
	err := s.update(ctx, in.RestApiId, func(a api) error {
		var err error
		if updated, err = a.restApi(); err != nil {
			return err
		}
		if err := applyPatch(restApiPatches, &updated, in.PatchOperations); err != nil {
			return err
		}
		if updated.Policy, err = fullPolicy(a.scope, a.id, updated.Policy); err != nil {
			return err
		}
		if err := validateRestApi(&updated); err != nil {
			return err
		}
		return records.RestApis.Put(a.tx, updated, a.at, a.id)
	})
	if err != nil {
		return nil, err
	}
	out := restApiOutput(updated)
	out.Tags = shownTags(out.Tags)
	return out, nil
}

func (a api) restApi() (apigw.RestApi, error) {
	return records.RestApis.Get(a.r, a.at, a.id)
}

func binaryMediaTypes(a *apigw.RestApi) *[]string { return &a.BinaryMediaTypes }
func vpcEndpointIds(a *apigw.RestApi) *[]string   { return &a.EndpointConfiguration.VpcEndpointIds }

// restApiPatches: API reference, "Patch operations", UpdateRestApi.
var restApiPatches = patch.Table[apigw.RestApi]{
	{Path: "/apiKeySource", Replace: patch.Enum(func(a *apigw.RestApi) *string { return &a.ApiKeySource }, keySourceHeader, keySourceAuthorizer)},
	{
		Path: "/binaryMediaTypes/{type}", Add: patch.AddItem(binaryMediaTypes, "type"),
		Replace: patch.ReplaceItem(binaryMediaTypes, "type"), Remove: patch.RemoveItem(binaryMediaTypes, "type"),
	},
	patch.Text("/description", func(a *apigw.RestApi) *string { return &a.Description }),
	{Path: "/disableExecuteApiEndpoint", Replace: patch.Bool(func(a *apigw.RestApi) *bool { return &a.DisableExecuteApiEndpoint })},
	{Path: "/endpointConfiguration/ipAddressType", Replace: patch.Enum(func(a *apigw.RestApi) *string {
		return &a.EndpointConfiguration.IpAddressType
	}, "ipv4", "dualstack")},
	{Path: "/endpointConfiguration/types/{type}", Replace: replaceEndpointType},
	{
		Path: "/endpointConfiguration/vpcEndpointIds",
		Add:  patch.AddItem(vpcEndpointIds, ""), Remove: patch.RemoveItem(vpcEndpointIds, ""),
	},
	{Path: "/minimumCompressionSize", Replace: replaceMinimumCompressionSize, Remove: removeMinimumCompressionSize},
	{Path: "/name", Replace: patch.String(func(a *apigw.RestApi) *string { return &a.Name })},
	{Path: "/policy", Replace: patch.String(func(a *apigw.RestApi) *string { return &a.Policy })},
	{Path: "/version", Replace: patch.String(func(a *apigw.RestApi) *string { return &a.Version })},
	{Path: "/securityPolicy", Replace: patch.String(func(a *apigw.RestApi) *string { return &a.SecurityPolicy })},
	{Path: "/endpointAccessMode", Replace: patch.String(func(a *apigw.RestApi) *string { return &a.EndpointAccessMode })},
}

// replaceEndpointType: {type} is the old type or its index, and does not matter as
// there is exactly one.
func replaceEndpointType(a *apigw.RestApi, operation patch.Operation) error {
	kind := ""
	err := patch.Enum(func(v *string) *string { return v }, endpointRegional, endpointEdge, endpointPrivate)(&kind, operation)
	if err != nil {
		return err
	}
	return changeEndpointType(&a.EndpointConfiguration, kind)
}

// replaceMinimumCompressionSize: no value turns compression off.
func replaceMinimumCompressionSize(a *apigw.RestApi, operation patch.Operation) error {
	if operation.Value == "" {
		return removeMinimumCompressionSize(a, operation)
	}
	var size int32
	if err := patch.Int32(func(v *int32) *int32 { return v })(&size, operation); err != nil {
		return err
	}
	a.MinimumCompressionSize = &size
	return nil
}

func removeMinimumCompressionSize(a *apigw.RestApi, _ patch.Operation) error {
	a.MinimumCompressionSize = nil
	return nil
}

func validateRestApi(a *apigw.RestApi) error {
	if strings.TrimSpace(a.Name) == "" {
		return badRequest(messageInvalidName)
	}
	if len(a.EndpointConfiguration.Types) != 1 {
		return badRequest(messageOneEndpointType)
	}
	if err := validateEndpointConfiguration(&a.EndpointConfiguration); err != nil {
		return err
	}
	if size := a.MinimumCompressionSize; size != nil && (*size < 0 || *size > apigw.MinimumCompressionSizeLimit) {
		return badRequest(messageMinimumCompressionSize)
	}
	if slices.ContainsFunc(a.BinaryMediaTypes, func(name string) bool { return !validMediaType(name) }) {
		return badRequest(messageInvalidBinaryMediaType)
	}
	return unsupportedOfRestApi.Refuse(a, badRequest)
}

// validMediaType takes type/subtype, where either may be a star.
func validMediaType(name string) bool {
	_, parameters, err := mime.ParseMediaType(name)
	return err == nil && len(parameters) == 0 && strings.Count(name, "/") == 1
}

// fullPolicy is a resource policy as API Gateway keeps it: short resources written out
// as ARNs, and without blanks. No value is no policy.
func fullPolicy(scope apigw.Scope, restApiId, policy string) (string, error) {
	if policy == "" {
		return "", nil
	}
	if utf8.RuneCountInString(policy) > apigw.ResourcePolicySizeLimit {
		return "", badRequest(messagePolicyTooLarge)
	}
	full, err := iam.ExpandApiPolicy([]byte(policy), iam.ApiARN{Region: scope.Region, Account: scope.Account, ApiID: restApiId})
	if err != nil {
		return "", badRequest(messageInvalidPolicy)
	}
	return string(full), nil
}

func restApiOutput(a apigw.RestApi) *apigateway.RestApi {
	endpoint := &apigateway.EndpointConfiguration{
		IpAddressType:  apigateway.IpAddressType(a.EndpointConfiguration.IpAddressType),
		VpcEndpointIds: a.EndpointConfiguration.VpcEndpointIds,
	}
	for _, kind := range a.EndpointConfiguration.Types {
		endpoint.Types = append(endpoint.Types, apigateway.EndpointType(kind))
	}
	return &apigateway.RestApi{
		Id: &a.Id, Name: &a.Name, Description: optional(a.Description), Version: optional(a.Version),
		CreatedDate: seconds(a.CreatedDate), RootResourceId: &a.RootResourceId, Warnings: a.Warnings,
		BinaryMediaTypes: a.BinaryMediaTypes, MinimumCompressionSize: a.MinimumCompressionSize,
		ApiKeySource: apigateway.ApiKeySourceType(a.ApiKeySource), EndpointConfiguration: endpoint,
		Policy: optional(iam.EscapePolicy([]byte(a.Policy))), Tags: a.Tags, DisableExecuteApiEndpoint: &a.DisableExecuteApiEndpoint,
		SecurityPolicy: apigateway.SecurityPolicy(a.SecurityPolicy), EndpointAccessMode: apigateway.EndpointAccessMode(a.EndpointAccessMode),
		ApiStatus: apigateway.ApiStatusAvailable,
	}
}
