package apigwv2

import (
	"strings"
	"time"
)

// The values of Api.ProtocolType.
const (
	ProtocolTypeHttp      = "HTTP"
	ProtocolTypeWebSocket = "WEBSOCKET"
)

// Api is an HTTP API or a WebSocket API.
type Api struct {
	ApiId                     string
	Name                      string
	ProtocolType              string // HTTP or WEBSOCKET
	Description               string
	Version                   string
	CreatedDate               time.Time
	RouteSelectionExpression  string // "$request.method $request.path" for HTTP
	ApiKeySelectionExpression string // "$request.header.x-api-key"
	CorsConfiguration         *Cors  // HTTP only
	DisableSchemaValidation   bool   // WEBSOCKET only
	DisableExecuteApiEndpoint bool
	IpAddressType             string // ipv4 or dualstack
	Tags                      map[string]string
	ImportInfo                []string
	Warnings                  []string
	ApiGatewayManaged         bool
}

// Cors is what an HTTP API answers to cross-origin requests by itself.
type Cors struct {
	AllowCredentials bool
	AllowHeaders     []string
	AllowMethods     []string
	AllowOrigins     []string
	ExposeHeaders    []string
	MaxAge           *int32 // seconds; -1 disables caching
}

// Route connects a route key to an Integration.
type Route struct {
	RouteId                          string
	RouteKey                         string // "GET /pets/{id}", "$default", "sendmessage"
	Target                           string // "integrations/{integrationId}"
	AuthorizationType                string // NONE, AWS_IAM, CUSTOM or JWT
	AuthorizerId                     string
	AuthorizationScopes              []string
	ApiKeyRequired                   bool // WEBSOCKET only
	OperationName                    string
	ModelSelectionExpression         string
	RequestModels                    map[string]string
	RequestParameters                map[string]bool // name to required
	RouteResponseSelectionExpression string
	ApiGatewayManaged                bool
}

// RouteResponse says what a two-way WebSocket route sends back.
type RouteResponse struct {
	RouteResponseId          string
	RouteResponseKey         string // only "$default"
	ModelSelectionExpression string
	ResponseModels           map[string]string
	ResponseParameters       map[string]bool
}

// Integration is the backend of routes.
type Integration struct {
	IntegrationId                          string
	IntegrationType                        string // AWS, HTTP, MOCK, HTTP_PROXY or AWS_PROXY
	IntegrationSubtype                     string // "SQS-SendMessage", first-class service integrations
	IntegrationUri                         string // a URL, the ARN of a function or its invocation URI, a listener's ARN
	IntegrationMethod                      string
	ConnectionType                         string // INTERNET or VPC_LINK
	ConnectionId                           string // of a VpcLink: version 2 for HTTP, version 1 for WEBSOCKET; or "${stageVariables.x}"
	CredentialsArn                         string
	Description                            string
	PassthroughBehavior                    string
	PayloadFormatVersion                   string // 1.0 or 2.0
	ContentHandlingStrategy                string
	RequestParameters                      map[string]string // "append:header.x", a subtype's own names, or "integration.request.header.x" of WEBSOCKET
	RequestTemplates                       map[string]string
	TemplateSelectionExpression            string
	ResponseParameters                     map[string]map[string]string // by status code, HTTP only
	IntegrationResponseSelectionExpression string
	TimeoutInMillis                        int32
	TlsConfig                              *TlsConfig
	ApiGatewayManaged                      bool
}

// TlsConfig says how the certificate of a private integration is checked.
type TlsConfig struct {
	ServerNameToVerify string
}

// IntegrationResponse maps what a WebSocket backend answered.
type IntegrationResponse struct {
	IntegrationResponseId       string
	IntegrationResponseKey      string // "/200/", "/4\\d\\d/", "$default"
	ContentHandlingStrategy     string
	ResponseParameters          map[string]string
	ResponseTemplates           map[string]string
	TemplateSelectionExpression string
}

// Model is a JSON Schema of a message or body.
type Model struct {
	ModelId     string
	Name        string
	Description string
	Schema      string
	ContentType string
}

// Authorizer decides over a request: a Lambda function (REQUEST) or a JSON web token (JWT).
type Authorizer struct {
	AuthorizerId                   string
	Name                           string
	AuthorizerType                 string // REQUEST or JWT
	AuthorizerUri                  string
	AuthorizerCredentialsArn       string
	AuthorizerPayloadFormatVersion string // 1.0 or 2.0
	AuthorizerResultTtlInSeconds   *int32 // seconds, 0 turns the cache off; set for REQUEST of HTTP alone, nothing else is cached
	EnableSimpleResponses          bool
	IdentitySource                 []string // "$request.header.X" of HTTP, "route.request.header.X" of WEBSOCKET
	IdentityValidationExpression   string
	JwtConfiguration               *JWTConfiguration
}

// JWTConfiguration says which tokens a JWT Authorizer accepts.
type JWTConfiguration struct {
	Audience []string
	Issuer   string
}

// Deployment is an Api as it stood at one moment.
type Deployment struct {
	DeploymentId     string
	Description      string
	CreatedDate      time.Time
	AutoDeployed     bool
	DeploymentStatus string // PENDING, FAILED or DEPLOYED
}

// The names that every protocol keeps for itself.
const (
	// DefaultStageName is the stage that serves from the root of an HTTP API.
	DefaultStageName = "$default"
	// DefaultRouteKey is the route of what no other route takes.
	DefaultRouteKey = "$default"
	// ConnectRouteKey and DisconnectRouteKey are routes of WebSocket APIs.
	ConnectRouteKey    = "$connect"
	DisconnectRouteKey = "$disconnect"
)

// Stage names a Deployment and says how it is served.
type Stage struct {
	StageName                   string // "$default" serves from the root, HTTP only
	DeploymentId                string // empty while nothing is deployed, and then nothing is served
	Description                 string
	AutoDeploy                  bool
	AccessLogSettings           *AccessLogSettings
	ClientCertificateId         string
	DefaultRouteSettings        RouteSettings
	RouteSettings               map[string]RouteSettings // by route key
	StageVariables              map[string]string
	Tags                        map[string]string
	CreatedDate                 time.Time
	LastUpdatedDate             time.Time
	LastDeploymentStatusMessage string
	ApiGatewayManaged           bool
}

// AccessLogSettings says where and in which format a Stage logs each request.
type AccessLogSettings struct {
	DestinationArn string
	Format         string
}

// RouteSettings is what a Stage sets for one route or for all; nil is not set.
type RouteSettings struct {
	DataTraceEnabled       *bool
	DetailedMetricsEnabled *bool
	LoggingLevel           string // OFF, ERROR or INFO; WEBSOCKET only
	ThrottlingBurstLimit   *int32
	ThrottlingRateLimit    *float64
}

// Snapshot is the frozen content of a Deployment.
type Snapshot struct {
	Api                  Api
	Routes               []Route
	RouteResponses       map[string][]RouteResponse // by route id
	Integrations         []Integration
	IntegrationResponses map[string][]IntegrationResponse // by integration id
	Models               []Model
	Authorizers          []Authorizer
}

// targetPrefix begins every Route.Target.
const targetPrefix = "integrations/"

// TargetOf is the Target of a Route that leads to an Integration.
func TargetOf(integrationId string) string { return targetPrefix + integrationId }

// IntegrationIdOf is the id of the Integration that a Target names.
func IntegrationIdOf(target string) (integrationId string, ok bool) {
	integrationId, ok = strings.CutPrefix(target, targetPrefix)
	return integrationId, ok && integrationId != "" && !strings.Contains(integrationId, "/")
}
