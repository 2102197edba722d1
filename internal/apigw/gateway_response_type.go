package apigw

// The gateway response types (guide: supported-gateway-response-types.md).
const (
	ResponseTypeDefault4XX                   = "DEFAULT_4XX"
	ResponseTypeDefault5XX                   = "DEFAULT_5XX"
	ResponseTypeResourceNotFound             = "RESOURCE_NOT_FOUND"
	ResponseTypeUnauthorized                 = "UNAUTHORIZED"
	ResponseTypeInvalidApiKey                = "INVALID_API_KEY"
	ResponseTypeAccessDenied                 = "ACCESS_DENIED"
	ResponseTypeAuthorizerFailure            = "AUTHORIZER_FAILURE"
	ResponseTypeAuthorizerConfigurationError = "AUTHORIZER_CONFIGURATION_ERROR"
	ResponseTypeInvalidSignature             = "INVALID_SIGNATURE"
	ResponseTypeExpiredToken                 = "EXPIRED_TOKEN"
	ResponseTypeMissingAuthenticationToken   = "MISSING_AUTHENTICATION_TOKEN"
	ResponseTypeIntegrationFailure           = "INTEGRATION_FAILURE"
	ResponseTypeIntegrationTimeout           = "INTEGRATION_TIMEOUT"
	ResponseTypeApiConfigurationError        = "API_CONFIGURATION_ERROR"
	ResponseTypeUnsupportedMediaType         = "UNSUPPORTED_MEDIA_TYPE"
	ResponseTypeBadRequestParameters         = "BAD_REQUEST_PARAMETERS"
	ResponseTypeBadRequestBody               = "BAD_REQUEST_BODY"
	ResponseTypeRequestTooLarge              = "REQUEST_TOO_LARGE"
	ResponseTypeThrottled                    = "THROTTLED"
	ResponseTypeQuotaExceeded                = "QUOTA_EXCEEDED"
	ResponseTypeWafFiltered                  = "WAF_FILTERED"
)

// GatewayResponseType is a row of the table of gateway response types.
type GatewayResponseType struct {
	Name string
	// StatusCode is what the control plane shows; empty for DEFAULT_4XX and DEFAULT_5XX.
	StatusCode string
	// ServedStatusCode is what the data plane answers while nobody set a status code;
	// it differs from StatusCode for INTEGRATION_FAILURE only (observed on AWS).
	ServedStatusCode int
	// ErrorType is the value of the x-amzn-ErrorType header (observed on AWS).
	ErrorType string
}

// GatewayResponseTypes lists all types in the order in which GetGatewayResponses
// returns them.
var GatewayResponseTypes = []GatewayResponseType{
	{ResponseTypeIntegrationFailure, "504", 500, "InternalServerErrorException"},
	{ResponseTypeResourceNotFound, "404", 404, "NotFoundException"},
	{ResponseTypeRequestTooLarge, "413", 413, "RequestTooLargeException"},
	{ResponseTypeThrottled, "429", 429, "TooManyRequestsException"},
	{ResponseTypeUnsupportedMediaType, "415", 415, "BadRequestException"},
	{ResponseTypeAuthorizerConfigurationError, "500", 500, "InternalServerErrorException"},
	{ResponseTypeDefault5XX, "", 500, "InternalServerErrorException"},
	{ResponseTypeDefault4XX, "", 400, "BadRequestException"},
	{ResponseTypeBadRequestParameters, "400", 400, "BadRequestException"},
	{ResponseTypeBadRequestBody, "400", 400, "BadRequestException"},
	{ResponseTypeWafFiltered, "403", 403, "ForbiddenException"},
	{ResponseTypeExpiredToken, "403", 403, "ExpiredTokenException"},
	{ResponseTypeAccessDenied, "403", 403, "AccessDeniedException"},
	{ResponseTypeInvalidApiKey, "403", 403, "ForbiddenException"},
	{ResponseTypeUnauthorized, "401", 401, "UnauthorizedException"},
	{ResponseTypeApiConfigurationError, "500", 500, "InternalServerErrorException"},
	{ResponseTypeQuotaExceeded, "429", 429, "LimitExceededException"},
	{ResponseTypeIntegrationTimeout, "504", 504, "InternalServerErrorException"},
	{ResponseTypeMissingAuthenticationToken, "403", 403, "MissingAuthenticationTokenException"},
	{ResponseTypeInvalidSignature, "403", 403, "InvalidSignatureException"},
	{ResponseTypeAuthorizerFailure, "500", 500, "InternalServerErrorException"},
}

// DefaultGatewayResponseTemplate is the body of every gateway response that nobody changed.
const DefaultGatewayResponseTemplate = `{"message":$context.error.messageString}`

// FindGatewayResponseType returns the row named name.
func FindGatewayResponseType(name string) (GatewayResponseType, bool) {
	for _, row := range GatewayResponseTypes {
		if row.Name == name {
			return row, true
		}
	}
	return GatewayResponseType{}, false
}
