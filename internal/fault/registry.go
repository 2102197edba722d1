package fault

import "gatehouse/internal/apigw"

// Messages that API Gateway fixes and that several rows share.
const (
	internalServerError = "Internal server error"
	networkError        = "Network error communicating with endpoint"
	forbidden           = "Forbidden"
	missingToken        = "Missing Authentication Token"
	notAuthorized       = "User is not authorized to access this resource"
)

// registry is every way to fail that Gatehouse knows. Ids are never reused or
// renumbered: articles, logs and people's notes carry them.
var registry = []Entry{
	// Reaching a method.
	{Id: NoRoute, Name: "no-route", ResponseType: apigw.ResponseTypeMissingAuthenticationToken, Message: missingToken, Article: "GH-R101",
		Sentence: "No deployed resource and method match the request's path and HTTP method."},
	{Id: UnknownStage, Name: "unknown-stage", ResponseType: apigw.ResponseTypeAccessDenied, ErrorType: "ForbiddenException", Message: forbidden, Article: "GH-R102",
		Sentence: "The API exists, the stage named in the URL does not."},
	{Id: EndpointDisabled, Name: "endpoint-disabled", ResponseType: apigw.ResponseTypeAccessDenied, ErrorType: "ForbiddenException", Message: forbidden, Article: "GH-R103",
		Sentence: "The API's default endpoint is disabled (disableExecuteApiEndpoint)."},
	{Id: UnknownApi, Name: "unknown-api", ResponseType: apigw.ResponseTypeResourceNotFound, Message: "Not Found", Article: "GH-R104",
		Sentence: "No API with that id is served here; on AWS its host name would not resolve."},
	{Id: UnknownHost, Name: "unknown-host", ResponseType: apigw.ResponseTypeResourceNotFound, Message: "Not Found", Article: "GH-R105",
		Sentence: "Neither the host nor the path names an API."},
	{Id: MethodArnTooLong, Name: "method-arn-too-long", ResponseType: apigw.ResponseTypeDefault4XX, StatusCode: 414, ErrorType: "RequestTooLongException",
		Message: "Request URI too long", Article: "GH-R106",
		Sentence: "The ARN of the requested method is longer than the 1600 bytes that authorization allows."},
	{Id: UnmappedPath, Name: "unmapped-path", ResponseType: apigw.ResponseTypeAccessDenied, ErrorType: "ForbiddenException", Message: forbidden, Article: "GH-R107",
		Sentence: "No mapping or routing rule of the custom domain name matches the request."},

	// Authorization.
	{Id: IdentityMissing, Name: "identity-missing", ResponseType: apigw.ResponseTypeUnauthorized, Message: "Unauthorized", Article: "GH-A101",
		Sentence: "An identity source of the authorizer is absent or does not match its validation expression, so the authorizer was not called."},
	{Id: TokenRefused, Name: "token-refused", ResponseType: apigw.ResponseTypeUnauthorized, Message: "Unauthorized", Article: "GH-A102",
		Sentence: "The authorizer function answered Unauthorized."},
	{Id: JwtRejected, Name: "jwt-rejected", ResponseType: apigw.ResponseTypeUnauthorized, Message: "Unauthorized", Article: "GH-A111",
		Sentence: "The token is not one that the user pool issued, or its claims do not pass."},
	{Id: JwtScopeMissing, Name: "jwt-scope-missing", ResponseType: apigw.ResponseTypeAccessDenied, ErrorType: "ForbiddenException", Message: forbidden, Article: "GH-A112",
		Sentence: "The token is good, and has none of the scopes that the route asks for."},
	{Id: JwksUnreachable, Name: "jwks-unreachable", ResponseType: apigw.ResponseTypeUnauthorized, Message: "Unauthorized", Article: "GH-A113",
		Sentence: "The issuer's discovery document or keys could not be fetched, so no token of it can be checked."},
	{Id: AuthorizerDenied, Name: "authorizer-denied", ResponseType: apigw.ResponseTypeAccessDenied, Message: notAuthorized, Form: FormCapital, Article: "GH-A201",
		Sentence: "The authorizer's policy has no statement that allows this method."},
	{Id: CachedPolicyDenied, Name: "cached-policy", ResponseType: apigw.ResponseTypeAccessDenied, Message: notAuthorized, Form: FormCapital, Article: "GH-A202",
		Sentence: "A policy cached from an earlier request has no statement that allows this method."},
	{Id: AuthorizerDeniedExplicitly, Name: "authorizer-denied-explicitly", ResponseType: apigw.ResponseTypeAccessDenied,
		Message: notAuthorized + " with an explicit deny", Form: FormCapital, Article: "GH-A201",
		Sentence: "A statement of the authorizer's policy denies this method."},
	{Id: AuthorizerOutputInvalid, Name: "authorizer-output-invalid", ResponseType: apigw.ResponseTypeAuthorizerConfigurationError, Article: "GH-A301",
		Sentence: "The authorizer function answered something that is not an authorizer response."},
	{Id: AuthorizerFailed, Name: "authorizer-failed", ResponseType: apigw.ResponseTypeAuthorizerFailure, Article: "GH-A302",
		Sentence: "The authorizer function failed."},
	{Id: AuthorizerUnreachable, Name: "authorizer-unreachable", ResponseType: apigw.ResponseTypeAuthorizerConfigurationError, Article: "GH-A303",
		Sentence: "The authorizer could not be called."},
	{Id: SignatureMismatch, Name: "sigv4", ResponseType: apigw.ResponseTypeInvalidSignature, Article: "GH-A401",
		Message:  "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
		Sentence: "The request's signature is not the one its content and the access key give."},
	{Id: SignatureMissing, Name: "signature-missing", ResponseType: apigw.ResponseTypeMissingAuthenticationToken, Message: missingToken, Article: "GH-A402",
		Sentence: "The method needs AWS_IAM authorization and the request is not signed."},
	{Id: AccessKeyUnknown, Name: "access-key-unknown", ResponseType: apigw.ResponseTypeAccessDenied, ErrorType: "UnrecognizedClientException",
		Message: "The security token included in the request is invalid.", Article: "GH-A403",
		Sentence: "The access key that signed the request does not exist or is not active."},
	{Id: SignatureExpired, Name: "signature-expired", ResponseType: apigw.ResponseTypeExpiredToken, Message: "The security token included in the request is expired", Article: "GH-A404",
		Sentence: "The session token has expired, or the signature is older than allowed."},
	{Id: SignatureIncomplete, Name: "signature-incomplete", ResponseType: apigw.ResponseTypeAccessDenied, ErrorType: "IncompleteSignatureException", Article: "GH-A405",
		Sentence: "The Authorization header is not a signature of AWS."},
	{Id: IamDenied, Name: "iam-denied", ResponseType: apigw.ResponseTypeAccessDenied, Form: FormCapital, Article: "GH-A406",
		Sentence: "The signer's policies do not allow execute-api:Invoke on this method."},
	{Id: ResourcePolicyDenied, Name: "resource-policy", ResponseType: apigw.ResponseTypeAccessDenied, Form: FormCapital, Article: "GH-A501",
		Sentence: "The API's resource policy has no statement that allows this request."},
	{Id: ResourcePolicyDeniedExplicitly, Name: "resource-policy-deny", ResponseType: apigw.ResponseTypeAccessDenied, Form: FormCapital, Article: "GH-A501",
		Sentence: "A statement of the API's resource policy denies this request."},

	// API keys and throttling.
	{Id: ApiKeyRefused, Name: "api-key", ResponseType: apigw.ResponseTypeInvalidApiKey, Message: forbidden, Article: "GH-T101",
		Sentence: "The method needs an API key that a usage plan of this stage knows."},
	{Id: Throttled, Name: "throttled", ResponseType: apigw.ResponseTypeThrottled, Message: "Too Many Requests", Article: "GH-T201",
		Sentence: "A token bucket on the request's way was empty."},
	{Id: QuotaExceeded, Name: "quota-exceeded", ResponseType: apigw.ResponseTypeQuotaExceeded, Message: "Limit Exceeded", Article: "GH-T301",
		Sentence: "The API key's quota for the period is used up."},

	// Validation.
	{Id: ParametersMissing, Name: "parameters-missing", ResponseType: apigw.ResponseTypeBadRequestParameters, Form: FormSpaced, Article: "GH-V101",
		Sentence: "Required parameters of the method are missing or empty."},
	{Id: BodyInvalid, Name: "body-invalid", ResponseType: apigw.ResponseTypeBadRequestBody, Message: "Invalid request body", Form: FormSpaced, Article: "GH-V201",
		Sentence: "The body does not satisfy the method's model."},
	{Id: RequestTooLarge, Name: "request-too-large", ResponseType: apigw.ResponseTypeRequestTooLarge, Message: "Request Too Long", Article: "GH-V301",
		Sentence: "The body is larger than the payload limit of 10 MB."},
	{Id: HeadersTooLarge, Name: "headers-too-large", ResponseType: apigw.ResponseTypeRequestTooLarge, StatusCode: 431, ErrorType: "RequestHeaderFieldsTooLargeException",
		Message: "Request Header Fields Too Large", Article: "GH-V302",
		Sentence: "The headers are larger than 10240 bytes together."},
	{Id: RequestMalformed, Name: "request-malformed", ResponseType: apigw.ResponseTypeDefault4XX, StatusCode: 400, ErrorType: "BadRequestException",
		Message: "Bad Request", Article: "GH-V303",
		Sentence: "The request is not valid HTTP: its body ended early, its chunks are broken or its path is not percent-encoded text."},
	{Id: UriTooLong, Name: "uri-too-long", ResponseType: apigw.ResponseTypeDefault4XX, StatusCode: 414, ErrorType: "RequestTooLongException",
		Message: "Request URI too long", Article: "GH-V304",
		Sentence: "The request's path and query string are longer than 10240 bytes together."},

	// Mapping.
	{Id: MockStatusCode, Name: "mock-status", ResponseType: apigw.ResponseTypeApiConfigurationError, Message: internalServerError, Form: FormSpaced, Article: "GH-M101",
		Sentence: "The request template of a MOCK integration did not give an integer statusCode."},
	{Id: UnsupportedMediaType, Name: "unsupported-media-type", ResponseType: apigw.ResponseTypeUnsupportedMediaType, Message: "Unsupported Media Type", Form: FormSpaced, Article: "GH-M102",
		Sentence: "No request template fits the request's Content-Type and the passthrough behavior refuses the rest."},
	{Id: PayloadNotJson, Name: "payload-not-json", ResponseType: apigw.ResponseTypeBadRequestBody, Message: "Could not parse request body into json.", Form: FormSpaced, Article: "GH-M201",
		Sentence: "What the request template rendered, or the body that was passed through, is not JSON, and functions take nothing else."},
	{Id: TemplateFailed, Name: "template-failed", ResponseType: apigw.ResponseTypeApiConfigurationError, Message: internalServerError, Form: FormSpaced, Article: "GH-M202",
		Sentence: "A mapping template cannot be parsed or failed while it ran."},
	{Id: RequestBodyNotJson, Name: "body-not-json", ResponseType: apigw.ResponseTypeBadRequestBody, Message: "Invalid request body", Form: FormSpaced, Article: "GH-M203",
		Sentence: "A parameter mapping reads a field of the body, and the body is not JSON."},
	{Id: ParameterMappingFailed, Name: "parameter-mapping-failed", ResponseType: apigw.ResponseTypeApiConfigurationError, Message: internalServerError, Form: FormSpaced, Article: "GH-M204",
		Sentence: "A parameter mapping could not be evaluated."},
	{Id: HeaderNotMappable, Name: "header-not-mappable", ResponseType: apigw.ResponseTypeApiConfigurationError, Message: internalServerError, Form: FormSpaced, Article: "GH-M205",
		Sentence: "A parameter mapping sets a header that API Gateway keeps for itself."},
	{Id: MethodResponseMissing, Name: "response-selection", ResponseType: apigw.ResponseTypeApiConfigurationError, Message: internalServerError, Form: FormSpaced, Article: "GH-M301",
		Sentence: "The selected integration response names a status code that the method does not declare."},
	{Id: NoIntegrationResponse, Name: "no-integration-response", ResponseType: apigw.ResponseTypeApiConfigurationError, Message: internalServerError, Form: FormSpaced, Article: "GH-M301",
		Sentence: "No selection pattern matches what the backend answered, and there is no default integration response."},
	{Id: SelectionPatternFailed, Name: "selection-pattern-failed", ResponseType: apigw.ResponseTypeApiConfigurationError, Message: internalServerError, Form: FormSpaced, Article: "GH-M303",
		Sentence: "A selection pattern could not be matched within its time limit, or is not a regular expression."},

	// Binary content.
	{Id: RequestNotBase64, Name: "request-not-base64", ResponseType: apigw.ResponseTypeApiConfigurationError, Message: internalServerError, Form: FormSpaced, Article: "GH-B102",
		Sentence: "The integration converts the request to binary, and its body is not base64 text."},
	{Id: ResponseNotBase64, Name: "response-not-base64", ResponseType: apigw.ResponseTypeApiConfigurationError, Message: internalServerError, Form: FormSpaced, Article: "GH-B103",
		Sentence: "The response is converted to binary, and its body is not base64 text."},

	// HTTP backends.
	// A network failure is 504 with a text of its own (public reports,
	// RhinoSecurityLabs/IPRotate_Burp_Extension#17); other INTEGRATION_FAILUREs are 500.
	{Id: EndpointUnreachable, Name: "endpoint-unreachable", ResponseType: apigw.ResponseTypeIntegrationFailure, StatusCode: 504, Message: networkError, Form: FormSpaced, Article: "GH-I101",
		Sentence: "Nothing accepts connections at the backend's address."},
	{Id: EndpointNameUnknown, Name: "endpoint-name-unknown", ResponseType: apigw.ResponseTypeApiConfigurationError, Message: internalServerError, Form: FormSpaced, Article: "GH-I102",
		Sentence: "The backend's host name does not resolve."},
	{Id: EndpointInvalid, Name: "endpoint-invalid", ResponseType: apigw.ResponseTypeApiConfigurationError, Message: internalServerError, Form: FormSpaced, Article: "GH-I103",
		Sentence: "The integration's URI, with its variables put in, is not a URL."},
	{Id: EndpointBroken, Name: "endpoint-broken", ResponseType: apigw.ResponseTypeIntegrationFailure, StatusCode: 504, Message: networkError, Form: FormSpaced, Article: "GH-I104",
		Sentence: "The backend closed the connection or answered something that is not HTTP."},
	{Id: ResponseTooLarge, Name: "response-too-large", ResponseType: apigw.ResponseTypeIntegrationFailure, Message: internalServerError, Form: FormSpaced, Article: "GH-I105",
		Sentence: "The backend's answer is larger than the payload limit of 10 MB."},
	{Id: VpcLinkUnhealthy, Name: "link", ResponseType: apigw.ResponseTypeApiConfigurationError, Message: internalServerError, Form: FormSpaced, Article: "GH-I201",
		Sentence: "The VPC link has no healthy target."},
	{Id: EndpointCertificate, Name: "upstream-tls", ResponseType: apigw.ResponseTypeApiConfigurationError, Message: internalServerError, Form: FormSpaced, Article: "GH-I211",
		Sentence: "The backend's certificate is not trusted or has another name."},
	{Id: EndpointTls, Name: "upstream-tls-handshake", ResponseType: apigw.ResponseTypeApiConfigurationError, Message: internalServerError, Form: FormSpaced, Article: "GH-I211",
		Sentence: "The TLS handshake with the backend failed."},
	{Id: IntegrationTimeout, Name: "integration-timeout", ResponseType: apigw.ResponseTypeIntegrationTimeout, Message: "Endpoint request timed out", Form: FormSpaced, Article: "GH-I301",
		Sentence: "The backend did not answer within the integration timeout."},
	{Id: ServiceNotReachable, Name: "service-not-configured", ResponseType: apigw.ResponseTypeApiConfigurationError, Message: internalServerError, Form: FormSpaced, Article: "GH-I401",
		Sentence: "The integration calls an AWS service for which no endpoint is configured here."},

	// Lambda functions.
	{Id: InvokeDenied, Name: "invoke-denied", ResponseType: apigw.ResponseTypeApiConfigurationError, Message: internalServerError, Form: FormSpaced, Article: "GH-L101",
		Sentence: "The function's policy does not allow this API to invoke it."},
	{Id: FunctionNotFound, Name: "function-not-found", ResponseType: apigw.ResponseTypeApiConfigurationError, Message: internalServerError, Form: FormSpaced, Article: "GH-L102",
		Sentence: "The integration names a function that does not exist."},
	{Id: FunctionThrottled, Name: "function-throttled", ResponseType: apigw.ResponseTypeIntegrationFailure, Message: internalServerError, Form: FormSpaced, Article: "GH-L103",
		Sentence: "The function's concurrency is used up."},
	{Id: InvokeFailed, Name: "invoke-failed", ResponseType: apigw.ResponseTypeIntegrationFailure, Message: internalServerError, Form: FormSpaced, Article: "GH-L104",
		Sentence: "The function could not be invoked."},
	{Id: InvocationTooLarge, Name: "invocation-too-large", ResponseType: apigw.ResponseTypeRequestTooLarge, Message: "Request Too Long", Article: "GH-L105",
		Sentence: "The event is larger than the invocation payload limit of 6 MB."},
	{Id: InvokeCrossAccount, Name: "cross-account", ResponseType: apigw.ResponseTypeApiConfigurationError, Message: internalServerError, Form: FormSpaced, Article: "GH-L111",
		Sentence: "The function belongs to another account whose policy does not allow this API to invoke it."},
	{Id: MalformedProxyResponse, Name: "malformed-proxy-response", ResponseType: apigw.ResponseTypeApiConfigurationError, StatusCode: 502, Message: internalServerError, Form: FormSpaced, Article: "GH-L201",
		Sentence: "The function's answer is not a proxy response."},
	{Id: FunctionError, Name: "function-error", ResponseType: apigw.ResponseTypeApiConfigurationError, StatusCode: 502, Message: internalServerError, Form: FormSpaced, Article: "GH-L202",
		Sentence: "The function failed, so it gave no proxy response."},
	{Id: ProxyMethodNotPost, Name: "proxy-method-not-post", ResponseType: apigw.ResponseTypeApiConfigurationError, Message: internalServerError, Form: FormSpaced, Article: "GH-L203",
		Sentence: "Functions are invoked with POST, and the integration's HTTP method is another one."},

	// WebSocket.
	{Id: ConnectionGone, Name: "gone", ResponseType: apigw.ResponseTypeResourceNotFound, StatusCode: 410, ErrorType: "GoneException", Article: "GH-W101",
		Sentence: "A message was posted to a WebSocket connection that is not open."},
	{Id: ConnectionClosed, Name: "connection-closed", ResponseType: apigw.ResponseTypeDefault4XX, Article: "GH-W201",
		Sentence: "A WebSocket connection was closed by the gateway: a limit, or bytes that are no WebSocket."},
	{Id: NoWebSocketRoute, Name: "no-websocket-route", ResponseType: apigw.ResponseTypeAccessDenied, Message: forbidden, Form: FormSpaced, Article: "GH-W201",
		Sentence: "No route of the WebSocket API has the key that the message gives, and there is no $default."},
	{Id: NotAnUpgrade, Name: "not-an-upgrade", ResponseType: apigw.ResponseTypeDefault4XX, StatusCode: 426, ErrorType: "UpgradeRequiredException",
		Message: "Upgrade Required", Form: FormSpaced, Article: "GH-W201",
		Sentence: "The request to a WebSocket API is no WebSocket handshake."},
	{Id: ConnectRefused, Name: "connect-refused", ResponseType: apigw.ResponseTypeDefault4XX, Message: forbidden, Form: FormSpaced, Article: "GH-W201",
		Sentence: "The integration of $connect answered with a status that refuses the client."},

	// Configuration.
	{Id: MethodNotServed, Name: "not-served", ResponseType: apigw.ResponseTypeApiConfigurationError, Message: internalServerError, Form: FormSpaced, Article: "GH-C301",
		Sentence: "The method uses a feature that Gatehouse refuses, so it is not served."},
	{Id: MethodMisconfigured, Name: "misconfigured", ResponseType: apigw.ResponseTypeApiConfigurationError, Message: internalServerError, Form: FormSpaced, Article: "GH-C302",
		Sentence: "The method's configuration cannot be compiled."},

	// Gatehouse itself.
	{Id: Panicked, Name: "panic", ResponseType: apigw.ResponseTypeDefault5XX, Message: internalServerError, Form: FormSpaced, Article: "GH-X101",
		Sentence: "A bug in Gatehouse ended the request; its log has the stack."},
	{Id: Unregistered, Name: "unregistered", ResponseType: apigw.ResponseTypeDefault5XX, Message: internalServerError, Form: FormSpaced, Article: "GH-X102",
		Sentence: "A bug in Gatehouse: a fault without a row in the registry."},
}
