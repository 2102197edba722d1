package apis

import (
	"fmt"
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/awsapi/apigatewayv2"
)

// AWS's texts. "observed": seen in answers of AWS that the public has reported.
const (
	// Observed.
	messageConcurrentUpdate     = "Unable to complete operation due to concurrent modification. Please try again later."
	messageHttpIntegrationType  = "Currently, an API with a protocol type of HTTP may only be associated with proxy integrations (AWS_PROXY, HTTP_PROXY)"
	messageHttpRouteKey         = `The provided route key is not formatted properly for HTTP protocol. Format should be "<HTTP METHOD> /<RESOURCE PATH>" or "$default"`
	messageVpcLinkUri           = "For VpcLink VPC_LINK, integration uri should be a valid ELB listener ARN or a valid Cloud Map service ARN."
	messageNoRoutesHttp         = "Unable to deploy API because no routes exist in this API"
	messageNoRoutesWebSocket    = "At least one route is required before deploying the Api"
	messageExecutionLogs        = "Execution logs are not supported on protocolType HTTP"
	messageJwtAuthorizerNeeded  = "Invalid authorizer ID specified. Setting the authorization type to JWT requires a valid JWT authorizer."
	messageAuthorizationOnRoute = "Currently, authorization is restricted to the $connect route only"
	messageCorsCredentials      = "allow-credentials is not supported if 'allow-origin' is *"
	messageMappingExists        = "ApiMapping key already exists for this domain name"
	messageMappingKey           = "An ApiMapping key may contain only letters, numbers and one of $-_.+!*'(),"
	messageInvalidStage         = "Invalid stage identifier specified"
	messageDomainExists         = "The domain name you provided already exists."
	messageDeploymentInUse      = "Active stages pointing to this deployment must be moved or deleted"
	messageStageExists          = "Stage already exists"
	messageInvalidRoleArn       = "The role ARN is not well formed"
	messageVariableValue        = "Please use values with alphanumeric characters and the symbols ' ', -', '.', '_', ':', '/', '?', '&', '=', and ','."
	messageVpcLinkReady         = "VPC link is ready to route traffic"
	messageVpcLinkPending       = "VPC link is provisioning resources"

	// Unconfirmed: what AWS answers here is not known to us.
	messageTooLarge                = "The request is larger than can be stored"
	messageInvalidMaxResults       = "Invalid maxResults specified. It must be a number of at least 1"
	messageInvalidNextToken        = "Invalid nextToken specified"
	messageInvalidName             = "A name must have 1 to 128 characters"
	messageRouteSelectionNeeded    = "RouteSelectionExpression is a required parameter for protocol type WEBSOCKET"
	messageRouteSelectionFixed     = "RouteSelectionExpression must be ${request.method} ${request.path} for protocol type HTTP"
	messageInvalidRouteSelection   = "Invalid route selection expression specified"
	messageInvalidKeySelection     = "ApiKeySelectionExpression must be $request.header.x-api-key or $context.authorizer.usageIdentifierKey"
	messageQuickCreateHttp         = "Quick create is only supported for protocol type HTTP"
	messageQuickCreateTarget       = "RouteKey and CredentialsArn are parameters of quick create, which requires Target"
	messageQuickCreateMissing      = "Target, RouteKey and CredentialsArn can only be updated for an API that was created with quick create"
	messageManagedRoute            = "The route key of a route that is managed by API Gateway cannot be changed"
	messageManagedStage            = "A stage that is managed by API Gateway cannot be changed"
	messageManagedIntegration      = "An integration that is managed by API Gateway cannot be deleted"
	messageCorsProtocol            = "CorsConfiguration is only supported for protocol type HTTP"
	messageCorsMaxAge              = "MaxAge must be between -1 and 86400 seconds"
	messageCorsMethod              = "Invalid CORS method specified: "
	messageCorsOrigin              = "Invalid CORS origin specified: "
	messageCorsHeader              = "Invalid CORS header specified: "
	messageSchemaValidation        = "DisableSchemaValidation is only supported for protocol type WEBSOCKET"
	messageWebSocketRouteKey       = "The provided route key is not formatted properly for WEBSOCKET protocol"
	messageWebSocketOnly           = " is only supported for protocol type WEBSOCKET"
	messageHttpOnly                = " is only supported for protocol type HTTP"
	messageRouteAuthorization      = "Invalid authorization type specified for this protocol type"
	messageAuthorizerNeeded        = "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer." // hashicorp/terraform-provider-aws#17497
	messageScopes                  = "Authorization scopes can only be specified for authorization type JWT, and at most 10 of them"
	messageInvalidTarget           = "Invalid target specified. It must be integrations/{integration id}"
	messageRouteResponseSelection  = "RouteResponseSelectionExpression must be $default"
	messageRouteResponseKey        = "RouteResponseKey must be $default"
	messageInvalidModelSelection   = "Invalid model selection expression specified"
	messageTemplateSelection       = "Invalid template selection expression specified"
	messageIntegrationResponseKey  = "IntegrationResponseKey must be $default or a pattern between slashes"
	messageHttpTimeout             = "Timeout should be between 50 ms and 30000 ms"
	messageWebSocketTimeout        = "Timeout should be between 50 ms and 29000 ms"
	messageIntegrationUriNeeded    = "IntegrationUri is a required parameter for integration type "
	messageIntegrationMethodNeeded = "IntegrationMethod is a required parameter for integration type "
	messageInvalidHttpMethod       = "Invalid HTTP method specified for integration"
	messageInvalidHttpUri          = "Invalid HTTP endpoint specified for URI"
	messageInvalidFunctionUri      = "Invalid Lambda function ARN specified for integration URI"
	messageInvalidArn              = "Invalid ARN specified in the request"
	messageConnectionIdNeeded      = "ConnectionId is a required parameter for connection type VPC_LINK"
	messageConnectionIdUnused      = "ConnectionId can only be specified for connection type VPC_LINK"
	messageTlsConfig               = "TlsConfig can only be specified for connection type VPC_LINK of an HTTP API"
	messageSubtypeUri              = "IntegrationUri cannot be specified with an integration subtype"
	messageSubtypeType             = "IntegrationSubtype can only be specified for integration type AWS_PROXY"
	messageSubtypeCredentials      = "CredentialsArn is a required parameter for integration subtype "
	messageStatusCode              = "Status codes of response parameters must be between 200 and 599, not: "
	messageInvalidStageName        = "Stage names can only contain alphanumeric characters, hyphens, and underscores, or be $default for protocol type HTTP, and have at most 128 characters"
	messageAutoDeployDeployment    = "DeploymentId cannot be specified for a stage with AutoDeploy enabled"
	messageAutoDeployStage         = "A deployment cannot be created for a stage with AutoDeploy enabled"
	messageInvalidThrottle         = "Throttling limits must be at least 0"
	messageInvalidLogFormat        = "Access Log format must be single line"
	messageLogFormatWithoutId      = "Access Log format must include either $context.requestId or $context.extendedRequestId"
	messageInvalidLogArn           = "Invalid ARN specified in the request. ARNs must start with 'arn:' and include a region and account ID."
	messageStageVariablesLimit     = "A stage can have at most 100 stage variables"
	messageJwtConfiguration        = "JWT authorizers require an issuer and at least one audience"
	messageJwtOnly                 = "JwtConfiguration can only be specified for authorizers of type JWT"
	messageJwtProtocol             = "Authorizers of type JWT are only supported for protocol type HTTP"
	messageIdentitySource          = "Invalid identity source specified: "
	messageIdentitySourceNeeded    = "IdentitySource is a required parameter for authorizers of type JWT"
	messageAuthorizerUriNeeded     = "AuthorizerUri is a required parameter for authorizers of type REQUEST"
	messageAuthorizerPayload       = "AuthorizerPayloadFormatVersion is a required parameter for REQUEST authorizers of HTTP APIs, and must be 1.0 or 2.0"
	messageSimpleResponses         = "EnableSimpleResponses is only supported for HTTP APIs with an AuthorizerPayloadFormatVersion of 2.0"
	messageAuthorizerTtl           = "Authorizer result TTL must be between 0 and 3600 seconds"
	messageAuthorizerExists        = "Authorizer name must be unique. Authorizer %s already exists in this RestApi."
	messageModelExists             = "Model name already exists for this API"
	messageModelName               = "Model name must be alphanumeric: "
	messageModelsProtocol          = "Models are only supported for protocol type WEBSOCKET"
	messageInvalidModel            = "Invalid model specified: Validation Result: warnings : [], errors : [Invalid model schema specified]"
	messageModelTooLarge           = "A model schema can have at most 409600 bytes"
	messageInvalidDomain           = "Invalid domain name specified"
	messageDomainConfiguration     = "A domain name must have exactly one domain name configuration"
	messageCertificateNeeded       = "A certificate ARN must be specified for the domain name configuration"
	messageMappingWebSocket        = "WebSocket APIs can only be mapped to a domain name that has no mappings of other APIs"
	messageMappingSlashes          = "An ApiMapping key cannot begin or end with a slash, or have two together"
	messageMappingDepth            = "An ApiMapping key of several levels requires a REGIONAL domain name with the TLS_1_2 security policy"
	messagePriorityTaken           = "A routing rule with this priority already exists for this domain name"
	messageRulePriority            = "The priority of a routing rule must be between 1 and 1000000"
	messageRuleAction              = "A routing rule must have exactly one action, which invokes an API"
	messageRuleConditions          = "A routing rule can have up to two header conditions and one base path condition"
	messageRuleWebSocket           = "Routing rules cannot send to WebSocket APIs"
	messageVpcLinkSubnets          = "A VPC link must have at least one subnet"
	messageInvalidVpcLink          = "Invalid VpcLink identifier specified"
	messageInvalidTagKey           = "Tag keys must have 1 to 128 characters and must not begin with 'aws:'"
	messageInvalidTagValue         = "Tag values can have at most 256 characters"
	messageTagsLimit               = "A resource can have at most 50 tags"
	messageImportProtocol          = "An API with a protocol type of WEBSOCKET cannot be imported or exported"
	messageNoDeployment            = "The stage has no deployment to export"
	messageBasepath                = "Invalid basepath specified. Supported values are ignore, prepend and split"
	messageExportVersion           = "Invalid export version specified. The supported value is 1.0"
)

// messageLogVariables is from public reports; that access logs of WebSocket APIs are checked
// too was seen in 2019.
const messageLogVariables = "The following context variables are not supported: "

func badRequest(message string) error {
	return &apigatewayv2.BadRequestException{Message: message}
}

func conflict(message string) error {
	return &apigatewayv2.ConflictException{Message: message}
}

func notFound(message string) error {
	return &apigatewayv2.NotFoundException{Message: message}
}

// invalidApiIdentifier is observed.
func invalidApiIdentifier(scope apigw.Scope, apiId string) error {
	return notFound(fmt.Sprintf("Invalid API identifier specified %s:%s", scope.Account, apiId))
}

// invalidIdentifier is worded as AWS's other ones; noun is AWS's.
func invalidIdentifier(noun string) error {
	return notFound("Invalid " + noun + " identifier specified")
}

// unknownStage is unconfirmed.
func unknownStage(stageName string) error {
	return notFound("Unable to find Stage by name " + stageName)
}

// unknownRouteSettings is observed.
func unknownRouteSettings(routeKey string) error {
	return notFound("Unable to find Route by key " + routeKey + " within the provided RouteSettings")
}

// routeExists is observed.
func routeExists(routeKey string) error {
	return conflict("Route with key " + routeKey + " already exists for this API")
}

// integrationInUse is observed.
func integrationInUse(routeIds []string) error {
	return conflict("Cannot delete Integration because it is referenced by the following Routes with Ids: [" + strings.Join(routeIds, ", ") + "]")
}

// authorizerInUse is unconfirmed; it is worded like integrationInUse.
func authorizerInUse(routeIds []string) error {
	return conflict("Cannot delete Authorizer because it is referenced by the following Routes with Ids: [" + strings.Join(routeIds, ", ") + "]")
}

// modelInUse is unconfirmed; it is worded like integrationInUse.
func modelInUse(routeIds []string) error {
	return conflict("Cannot delete Model because it is referenced by the following Routes with Ids: [" + strings.Join(routeIds, ", ") + "]")
}

// limitReached is observed for Integrations; AWS answers v2's limits so.
func limitReached(nouns string) error {
	return badRequest(fmt.Sprintf("Maximum number of %s for this API has been reached. Please contact AWS if you need additional %s.", nouns, nouns))
}

// apiMapped is observed.
func apiMapped(apiId string) error {
	return badRequest("Deleting API " + apiId + " failed. Please remove all API mappings for the API from your custom domain names.")
}

// stageMapped is observed for REST APIs.
func stageMapped(stageName string, domainNames []string) error {
	return badRequest(fmt.Sprintf("Deleting stage %s failed. Please remove all base path mappings related to the stage in your domains: %s.",
		stageName, strings.Join(domainNames, ", ")))
}

// payloadFormatNeeded is observed in part.
func payloadFormatNeeded(integrationType string) error {
	return badRequest("PayloadFormatVersion is a required parameter for integration type " + integrationType)
}

// payloadFormatInvalid is unconfirmed.
func payloadFormatInvalid(supported string) error {
	return badRequest("Invalid PayloadFormatVersion specified. Supported versions for this integration are " + supported)
}

// invalidStageVariableValue is observed.
func invalidStageVariableValue(value string) error {
	return badRequest("Invalid stage variable value: " + value + ". " + messageVariableValue)
}

func invalidStageVariableName(name string) error {
	return badRequest("Invalid stage variable name: " + name + ". Please use names of alphanumeric characters and underscores, at most 64 of them.")
}

// apiIdTaken is ours: AWS lets nobody choose an id.
func apiIdTaken(id string) error {
	return conflict("Another API already has the id that the tag " + customIdTag + " asks for: " + id)
}

// apiIdUnusable is ours.
func apiIdUnusable(id string) error {
	return badRequest("The tag " + customIdTag + " must hold 1 to 63 lower-case letters, digits and inner hyphens, not: " + id)
}
