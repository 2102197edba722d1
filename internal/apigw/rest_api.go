package apigw

import "time"

// RestApi is a REST API: the root of its resources and what holds for all of them.
type RestApi struct {
	Id                        string
	Name                      string
	Description               string `json:",omitempty"`
	Version                   string `json:",omitempty"`
	CreatedDate               time.Time
	RootResourceId            string
	ApiKeySource              string   // HEADER or AUTHORIZER
	BinaryMediaTypes          []string `json:",omitempty"`
	MinimumCompressionSize    *int32   `json:",omitempty"` // bytes; nil disables compression
	EndpointConfiguration     EndpointConfiguration
	Policy                    string            `json:",omitempty"` // the resource policy's JSON, unescaped
	Tags                      map[string]string `json:",omitempty"`
	DisableExecuteApiEndpoint bool              `json:",omitempty"`
	SecurityPolicy            string            `json:",omitempty"`
	EndpointAccessMode        string            `json:",omitempty"`
	Warnings                  []string          `json:",omitempty"` // of the last import
}

// EndpointConfiguration says where a RestApi can be reached from.
type EndpointConfiguration struct {
	Types          []string // EDGE, REGIONAL or PRIVATE; exactly one
	IpAddressType  string   `json:",omitempty"` // ipv4 or dualstack
	VpcEndpointIds []string `json:",omitempty"`
}

// Resource is one path segment of a RestApi, with its methods.
type Resource struct {
	Id       string
	ParentId string `json:",omitempty"` // empty for the root resource
	PathPart string `json:",omitempty"` // empty for the root resource
	Path     string // from the root, "/pets/{id}"
	// Methods is keyed by httpMethod; "ANY" is API Gateway's catch-all.
	Methods map[string]Method `json:",omitempty"`
}

// Method is what a client may call on a Resource.
type Method struct {
	HttpMethod          string
	AuthorizationType   string   // NONE, AWS_IAM, CUSTOM or COGNITO_USER_POOLS
	AuthorizerId        string   `json:",omitempty"`
	AuthorizationScopes []string `json:",omitempty"`
	ApiKeyRequired      bool     `json:",omitempty"`
	OperationName       string   `json:",omitempty"`
	RequestValidatorId  string   `json:",omitempty"`
	// RequestParameters maps method.request.{location}.{name} to whether it is required.
	RequestParameters map[string]bool `json:",omitempty"`
	// RequestModels maps a content type to the name of a Model.
	RequestModels map[string]string `json:",omitempty"`
	// MethodResponses is keyed by status code, "200".
	MethodResponses   map[string]MethodResponse `json:",omitempty"`
	MethodIntegration *Integration              `json:",omitempty"`
}

// MethodResponse is one status code a Method may answer with.
type MethodResponse struct {
	StatusCode string
	// ResponseParameters maps method.response.header.{name} to whether it is required.
	ResponseParameters map[string]bool   `json:",omitempty"`
	ResponseModels     map[string]string `json:",omitempty"`
}

// CallerCredentials stands where an integration names its role, and says that API
// Gateway calls as whoever called the API.
const CallerCredentials = "arn:aws:iam::*:user/*"

// Integration is the backend of a Method.
type Integration struct {
	Type       string // AWS, AWS_PROXY, HTTP, HTTP_PROXY or MOCK
	HttpMethod string `json:",omitempty"` // the backend's method (integrationHttpMethod)
	Uri        string `json:",omitempty"`
	// ConnectionType is INTERNET or VPC_LINK; ConnectionId names the VpcLink.
	ConnectionType string `json:",omitempty"`
	ConnectionId   string `json:",omitempty"`
	Credentials    string `json:",omitempty"` // role ARN, or CallerCredentials
	// RequestParameters maps integration.request.{location}.{name} to a mapping expression.
	RequestParameters map[string]string `json:",omitempty"`
	// RequestTemplates maps a content type to a mapping template.
	RequestTemplates    map[string]string `json:",omitempty"`
	PassthroughBehavior string            // WHEN_NO_MATCH, WHEN_NO_TEMPLATES or NEVER
	ContentHandling     string            `json:",omitempty"` // CONVERT_TO_BINARY or CONVERT_TO_TEXT
	TimeoutInMillis     int32
	CacheNamespace      string   `json:",omitempty"`
	CacheKeyParameters  []string `json:",omitempty"`
	// IntegrationResponses is keyed by status code, "200".
	IntegrationResponses map[string]IntegrationResponse `json:",omitempty"`
	TlsConfig            *TlsConfig                     `json:",omitempty"`
	ResponseTransferMode string                         `json:",omitempty"` // BUFFERED or STREAM
	IntegrationTarget    string                         `json:",omitempty"`
}

// TlsConfig says how an Integration checks its backend's certificate.
type TlsConfig struct {
	InsecureSkipVerification bool `json:",omitempty"`
}

// IntegrationResponse maps what a backend answered to a MethodResponse.
type IntegrationResponse struct {
	StatusCode string
	// SelectionPattern is a Java regular expression over the whole of the backend's
	// status code, or of a Lambda function's errorMessage; empty marks the default.
	SelectionPattern string `json:",omitempty"`
	// ResponseParameters maps method.response.header.{name} to a mapping expression.
	ResponseParameters map[string]string `json:",omitempty"`
	ResponseTemplates  map[string]string `json:",omitempty"`
	ContentHandling    string            `json:",omitempty"`
}

// Model is a JSON Schema (draft 4) of a body.
type Model struct {
	Id          string
	Name        string
	Description string `json:",omitempty"`
	Schema      string `json:",omitempty"`
	ContentType string
}

// RequestValidator says what of a request is validated.
type RequestValidator struct {
	Id                        string
	Name                      string
	ValidateRequestBody       bool
	ValidateRequestParameters bool
}

// Authorizer decides over a request: a Lambda function (TOKEN, REQUEST) or a user
// pool (COGNITO_USER_POOLS).
type Authorizer struct {
	Id                           string
	Name                         string
	Type                         string
	ProviderARNs                 []string `json:",omitempty"`
	AuthType                     string   `json:",omitempty"`
	AuthorizerUri                string   `json:",omitempty"`
	AuthorizerCredentials        string   `json:",omitempty"`
	IdentitySource               string   `json:",omitempty"`
	IdentityValidationExpression string   `json:",omitempty"`
	AuthorizerResultTtlInSeconds *int32   `json:",omitempty"` // seconds; nil is the default, 300
}

// GatewayResponse is what API Gateway itself answers when a request fails.
type GatewayResponse struct {
	ResponseType string // one of GatewayResponseTypes
	StatusCode   string `json:",omitempty"`
	// ResponseParameters maps gatewayresponse.header.{name} to a mapping expression.
	ResponseParameters map[string]string `json:",omitempty"`
	ResponseTemplates  map[string]string `json:",omitempty"`
}
