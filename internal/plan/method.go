package plan

import (
	"time"

	"gatehouse/internal/authorizer"
	"gatehouse/internal/fault"
	"gatehouse/internal/jsonschema"
)

// Refusal says why a method is not served: it uses what is not built, or it cannot be
// compiled. Each request to it gets a 500.
type Refusal struct {
	Id      fault.Id // what requests to it meet
	Feature string   // "authorizer of type TOKEN", "cache"
	Reason  string
	Fix     string
}

// Method is one HTTP method of a resource.
type Method struct {
	Index         int // position in RestApi.Methods
	ResourceId    string
	ResourcePath  string // "/pets/{id}"
	HttpMethod    string // a verb, or ANY
	Route         string // "ANY /pets/{id}"
	OperationName string
	// PathParameters names what Routes.Find captures, in order.
	PathParameters []string
	// Refusal is nil for a method that is served.
	Refusal *Refusal

	AuthorizationType string // AuthorizationNone and so on
	// AuthorizerId and AuthorizationScopes belong to CUSTOM and COGNITO_USER_POOLS.
	AuthorizerId        string
	AuthorizationScopes []string
	// Function belongs to CUSTOM; FunctionUri is filled where it has no ARN of its own.
	// UserPools belongs to COGNITO_USER_POOLS.
	Function       *authorizer.Function
	FunctionUri    *Uri
	UserPools      *authorizer.UserPools
	ApiKeyRequired bool

	// Validation is nil where nothing is validated.
	Validation  *Validation
	Integration *Integration
}

// The authorization types of methods.
const (
	AuthorizationNone    = "NONE"
	AuthorizationIam     = "AWS_IAM"
	AuthorizationCustom  = "CUSTOM"
	AuthorizationCognito = "COGNITO_USER_POOLS"
)

// Validation is what a method checks of a request before it is mapped.
type Validation struct {
	// Required are the required parameters: headers first, then path, then query string
	// (observed on AWS), each group in order of names.
	Required []Parameter
	// Models validates bodies by content type; nil when bodies are not validated.
	Models []Model
}

// Parameter is a parameter of a method's request.
type Parameter struct {
	Location Location
	Name     string
}

// Location is where a parameter stands.
type Location string

// The locations, as mapping expressions spell them.
const (
	LocationHeader      Location = "header"
	LocationPath        Location = "path"
	LocationQueryString Location = "querystring"
)

// Model validates the bodies of one content type.
type Model struct {
	ContentType string // "$default" stands for every other
	Name        string
	Schema      *jsonschema.Schema
}

// IntegrationType says what an Integration calls.
type IntegrationType string

// The types of integration.
const (
	IntegrationHttp      IntegrationType = "HTTP"
	IntegrationHttpProxy IntegrationType = "HTTP_PROXY"
	IntegrationAws       IntegrationType = "AWS"
	IntegrationAwsProxy  IntegrationType = "AWS_PROXY"
	IntegrationMock      IntegrationType = "MOCK"
)

// PassthroughBehavior says what becomes of a body that no template fits.
type PassthroughBehavior string

// The passthrough behaviors (guide: integration-passthrough-behaviors.md).
const (
	WhenNoMatch     PassthroughBehavior = "WHEN_NO_MATCH"
	WhenNoTemplates PassthroughBehavior = "WHEN_NO_TEMPLATES"
	Never           PassthroughBehavior = "NEVER"
)

// Integration is the backend of a method.
type Integration struct {
	Type IntegrationType
	// HttpMethod is the backend's; ANY forwards the client's.
	HttpMethod string
	Uri        *Uri // nil for MOCK
	// IsService says that AWS calls another service than a Lambda function.
	IsService bool
	// VpcLinkId is the VPC link to go through, stage variables to be put in; nil for the
	// internet.
	VpcLinkId *Uri
	// Target is the listener that a VPC link of version 2 leads to; nil for one of version 1.
	Target *Uri
	// Credentials is the role to call with; empty calls as API Gateway itself.
	Credentials              string
	Timeout                  time.Duration
	InsecureSkipVerification bool
	PassthroughBehavior      PassthroughBehavior
	ContentHandling          string
	// UnmappableHeader is a header that a mapping sets and API Gateway keeps for itself:
	// every request gets 500 (observed on AWS). Empty for a good integration.
	UnmappableHeader  string
	RequestParameters []ParameterMapping
	RequestTemplates  []Template // in order of content type
	// CacheNamespace and CacheKeys tell cached answers apart; they matter where a stage caches.
	CacheNamespace string
	CacheKeys      []CacheKey // in order of names
	// Responses are tried in order; Default is taken when none matches, and may be nil.
	Responses []*IntegrationResponse
	Default   *IntegrationResponse
}

// IntegrationResponse maps one kind of answer of the backend to a method response.
type IntegrationResponse struct {
	StatusCode int
	// Pattern is nil for the default integration response.
	Pattern *Pattern
	// Declared says that the method has a response of that status code.
	Declared           bool
	ContentHandling    string
	ResponseParameters []ParameterMapping
	ResponseTemplates  []Template // in order of content type
}

// IsProxy says that requests and answers pass without templates and responses.
func (i *Integration) IsProxy() bool {
	return i.Type == IntegrationHttpProxy || i.Type == IntegrationAwsProxy
}
