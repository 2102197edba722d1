package restapis

import (
	"fmt"
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/awsapi/apigateway"
)

// AWS's texts. "observed": seen in answers of AWS that the public has reported.
const (
	// Observed.
	messageInvalidResource         = "Invalid Resource identifier specified"
	messageInvalidMethod           = "Invalid Method identifier specified"
	messageInvalidIntegration      = "Invalid Integration identifier specified"
	messageInvalidStatusCode       = "Invalid Response status code specified"
	messageNoIntegration           = "No integration defined for method"
	messageInvalidRequestValidator = "Invalid Request Validator identifier specified"
	messageInvalidDeployment       = "Invalid Deployment identifier specified"
	messageDeploymentMissing       = "Deployment id does not exist"
	messageInvalidStage            = "Invalid stage identifier specified"
	messageInvalidStageName        = "Stage name only allows a-zA-Z0-9_" // public reports, klothoplatform/klotho#235; hyphens are allowed all the same
	messageStageExists             = "Stage already exists"
	messageNoMethods               = "The REST API doesn't contain any methods"
	messageDeploymentInUse         = "Active stages pointing to this deployment must be moved or deleted"
	messageResponseExists          = "Response already exists for this resource"
	messageMethodExists            = "Method already exists for this resource"
	messageInvalidPathPart         = "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end."
	messageEmptyHttpMethod         = "Enumeration value for HttpMethod must be non-empty"
	messageInvalidHttpUri          = "Invalid HTTP endpoint specified for URI"
	messageArnWithoutPath          = "AWS ARN for integration must contain path or action"
	messageInvalidArn              = "Invalid ARN specified in the request"
	messageTargetWithoutLink       = "Integration target can only be specified with connection type VPC_LINK"
	messageInvalidFunctionUri      = "Invalid function ARN or invalid uri"
	messageInvalidTarget           = "Invalid integration target specified. It must be the ARN of a load balancer's listener"
	messageRoleArnNeeded           = "Role ARN must be specified for AWS integrations" // public reports, hashicorp/terraform-provider-aws#7916
	messageAwsProxyService         = "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations."
	messageTimeout                 = "Timeout should be between 50 ms and %d ms"
	messageGatewayResponseNotSet   = "Gateway response type not defined on api"
	messageInvalidRoleArn          = "The role ARN is not well formed"
	messageAuthorizerNeeded        = "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer."
	messageModelExists             = "Model name already exists for this REST API"
	messageInvalidPolicy           = "Invalid policy document. Please check the policy syntax and ensure that Principals are valid."
	messageRootImmovable           = "Root resource cannot be updated."
	messageRootRemoval             = "Root resource cannot be removed."
	messageResourceCycle           = "Resources cannot be cyclical."
	messageResourcesLimit          = "Maximum number of Resources for this API has been reached. Please contact AWS if you need additional Resources."
	messageAuthorizersLimit        = "Maximum number of Authorizers for this API has been reached. Please contact AWS if you need additional Authorizers." // unconfirmed
	messageStagesLimit             = "Maximum number of Stages for this API has been reached. Please contact AWS if you need additional Stages."
	messageStageVariableValue      = "Please use values with alphanumeric characters and the symbols ' ', -', '.', '_', ':', '/', '?', '&', '=', and ','."
	messageVpcEndpointsOfPublic    = "VPCEndpoints can only be specified with PRIVATE apis."
	messagePrivateWithoutPolicy    = "Private REST API doesn't have a resource policy attached to it"
	messagePrivateAddressType      = "Only dualstack ipAddressType is supported for Private APIs."

	// Unconfirmed: what AWS answers here is not known to us.
	messageInvalidModelName         = "Invalid model name specified"
	messageInvalidModelIdentifier   = "Invalid model identifier specified"
	messageInvalidHttpMethod        = "Invalid HttpMethod specified. Valid options are GET, PUT, POST, DELETE, PATCH, OPTIONS, HEAD and ANY"
	messageInvalidAuthorization     = "Invalid authorization type specified. Valid options are NONE, AWS_IAM, CUSTOM and COGNITO_USER_POOLS"
	messageInvalidAuthorizer        = "Invalid Authorizer identifier specified"
	messageInvalidPassthrough       = "Invalid passthrough behavior specified. Valid options are WHEN_NO_MATCH, WHEN_NO_TEMPLATES and NEVER"
	messageStageVariablesLimit      = "A stage can have at most 100 stage variables"
	messageInvalidResponseType      = "Invalid response type specified"
	messageInvalidName              = "A name must be specified"
	messageMinimumCompressionSize   = "Invalid minimum compression size, must be between 0 and 10485760"
	messageOneEndpointType          = "An API must have exactly one endpoint configuration type"
	messageInvalidBinaryMediaType   = "Invalid binary media type specified"
	messageInvalidVpcEndpoint       = "Invalid VPC endpoint ID specified"
	messagePrivateToEdge            = "Cannot update endpoint from PRIVATE to EDGE"
	messageInvalidLimit             = "Invalid limit specified. It must be at least 1"
	messageInvalidPosition          = "Invalid position specified"
	messageInvalidEmbed             = "Invalid embed specified"
	messageTemplateTooLarge         = "A mapping template can have at most 307200 bytes"
	messageInvalidSelectionPattern  = "Invalid selection pattern specified"
	messageInvalidContentType       = "Invalid content type specified"
	messageInvalidTagKey            = "Tag keys must have 1 to 128 characters and must not begin with 'aws:'"
	messageInvalidTagValue          = "Tag values can have at most 256 characters"
	messageTagsLimit                = "A resource can have at most 50 tags"
	messagePolicyTooLarge           = "A resource policy can have at most 8192 characters"
	messageModelSchemaTooLarge      = "A model schema can have at most 409600 bytes"
	messageInvalidLogArn            = "Invalid ARN specified in the request. ARNs must start with 'arn:' and include a region and account ID."
	messageInvalidLogFormat         = "Access Log format must be single line, new line character is allowed only at end of the format: " // public reports
	messageLogDestination           = "Access log destination must only contain characters a-z, A-Z, 0-9, '_', '-', '/', '.': "          // public report
	messageLogFormatWithoutId       = "Access Log format must include either $context.requestId or $context.extendedRequestId"           // unconfirmed
	messageInvalidThrottle          = "Throttling limits must be -1 or at least 0"
	messageInvalidCacheSize         = "Invalid cache cluster size" // unconfirmed
	messageInvalidCacheTtl          = "Cache TTL must be between 0 and 3600 seconds"
	messageStageNameMissing         = "Stage name must be specified with settings of a stage"
	messageInvalidPercentTraffic    = "Percent traffic must be between 0 and 100"
	messageAuthorizerProviderNeeded = "Authorizers of type COGNITO_USER_POOLS must have provider ARNs"
	// Public reports.
	messageAuthorizerExists     = "Authorizer name must be unique. Authorizer %s already exists in this RestApi." // aws/aws-cdk#13711
	messageInvalidAuthorizerUri = "Invalid Authorizer URI: %s. Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation."
	// Unconfirmed.
	messageInvalidIdentitySource       = "Invalid identity source specified: "
	messageInvalidProviderArn          = "Invalid provider ARN specified: "
	messageAuthorizerUriNeeded         = "Authorizers of type TOKEN and REQUEST must have an authorizer URI"
	messageInvalidAuthorizerTtl        = "Authorizer result TTL must be between 0 and 3600 seconds"
	messageTestPath                    = "The path does not match the resource of the method"
	messageEndpointOfImport            = "The endpoint configuration of an API cannot be changed by an import"
	messageInvalidKeySource            = "Invalid API key source specified. Valid options are HEADER and AUTHORIZER"
	messageInvalidExportType           = "Invalid export type specified. Valid options are oas30 and swagger"
	messageInvalidDocumentationPart    = "Invalid Documentation part identifier specified"
	messageInvalidDocumentationVersion = "Invalid Documentation version identifier specified"
	messageDocumentationVersionExists  = "Documentation version already exists"
	messageDocumentationProperties     = "Documentation part properties must be a JSON object"
	messageDocumentationPartsLimit     = "Maximum number of Documentation parts for this API has been reached. Please contact AWS if you need additional Documentation parts."
	messageTooLarge                    = "The request is larger than can be stored"
	messageConcurrentUpdate            = "Unable to complete operation due to concurrent modification. Please try again later."
)

func badRequest(message string) error {
	return &apigateway.BadRequestException{Message: message}
}

func conflict(message string) error {
	return &apigateway.ConflictException{Message: message}
}

func notFound(message string) error {
	return &apigateway.NotFoundException{Message: message}
}

func limitExceeded(message string) error {
	return &apigateway.LimitExceededException{Message: message}
}

// invalidApiIdentifier is observed.
func invalidApiIdentifier(scope apigw.Scope, restApiId string) error {
	return notFound(fmt.Sprintf("Invalid API identifier specified %s:%s", scope.Account, restApiId))
}

// siblingHasName is observed.
func siblingHasName(pathPart string) error {
	return conflict("Another resource with the same parent already has this name: " + pathPart)
}

// siblingIsVariable is observed.
func siblingIsVariable(pathPart string) error {
	return badRequest(fmt.Sprintf("A sibling (%s) of this resource already has a variable path part -- only one is allowed", pathPart))
}

// parentIsGreedy is unconfirmed.
func parentIsGreedy(pathPart string) error {
	return badRequest("Cannot create a child of a resource with a greedy path variable: " + pathPart)
}

// validationResult is the shape of several of AWS's messages (observed).
func validationResult(about string, errs ...string) error {
	return badRequest(fmt.Sprintf("%s: Validation Result: warnings : [], errors : [%s]", about, strings.Join(errs, ", ")))
}

// modelInUse is observed: where is "method request" or "method response", method is
// "/v1/registration/POST".
func modelInUse(name, where, method string) error {
	return conflict(fmt.Sprintf("Cannot delete model '%s', is referenced in %s: %s", name, where, method))
}

// validatorInUse is unconfirmed; it is worded like modelInUse.
func validatorInUse(id, method string) error {
	return conflict(fmt.Sprintf("Cannot delete request validator '%s', is referenced in method request: %s", id, method))
}

// invalidModelName is observed.
func invalidModelName(name string) error {
	return badRequest("Model name must be alphanumeric: " + name)
}

// invalidModel is observed for "Invalid model schema specified".
func invalidModel(what string) error {
	return validationResult("Invalid model specified", what)
}

// stageVariable errors: that of the value is observed.
func invalidStageVariableValue(value string) error {
	return badRequest("Invalid stage variable value: " + value + ". " + messageStageVariableValue)
}

func invalidStageVariableName(name string) error {
	return badRequest("Invalid stage variable name: " + name + ". Please use names of alphanumeric characters and underscores, at most 64 of them.")
}

// noMethodSetting is observed (Terraform's provider looks for it).
func noMethodSetting(key string) error {
	return badRequest("Cannot remove method setting " + key + " because there is no method setting for this method")
}

// invalidMethodSetting is observed, its list in part.
func invalidMethodSetting(path string, possible []string) error {
	return badRequest(fmt.Sprintf("Invalid method setting path: %s. Must be one of: [%s]", path, strings.Join(possible, ", ")))
}

// documentationPartExists is the guide's (api-gateway-documenting-api-quick-start-with-restapi.md).
func documentationPartExists(location apigw.DocumentationPartLocation) error {
	return conflict("Documentation part already exists for the specified location: " + location.String() + ".")
}

// The errors of documentation below are unconfirmed.
func invalidDocumentationLocation(location apigw.DocumentationPartLocation, what string) error {
	return badRequest("Invalid location specified: " + what + " (" + location.String() + ")")
}

func documentationVersionInUse(version, stageName string) error {
	return badRequest(fmt.Sprintf("Cannot delete documentation version '%s', is referenced in stage: %s", version, stageName))
}

// invalidParameter is of an import's or export's parameter, and ours: AWS takes any.
func invalidParameter(name, value string) error {
	return badRequest(fmt.Sprintf("Invalid parameter specified: %s=%s", name, value))
}

// authorizerInUse is unconfirmed; it is worded like modelInUse.
func authorizerInUse(id, method string) error {
	return conflict(fmt.Sprintf("Cannot delete authorizer '%s', is referenced in method: %s", id, method))
}

// apiIdTaken is ours: AWS lets nobody choose an id.
func apiIdTaken(id string) error {
	return conflict("Another API already has the id that the tag " + customIdTag + " asks for: " + id)
}

// apiIdUnusable is ours.
func apiIdUnusable(id string) error {
	return badRequest("The tag " + customIdTag + " must hold 1 to 63 lower-case letters, digits and inner hyphens, not: " + id)
}
