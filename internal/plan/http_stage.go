package plan

import (
	"time"

	"gatehouse/internal/authorizer"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/integration"
	"gatehouse/internal/mapping"
	"gatehouse/internal/throttle"
)

// DefaultStage is the stage that serves from the root of an HTTP API.
const DefaultStage = "$default"

// HttpStage is a stage of an HTTP API, ready to serve.
type HttpStage struct {
	AccountId    string
	Region       string
	ApiId        string
	StageName    string // DefaultStage serves from the root
	DeploymentId string
	// Api is the compiled snapshot; stages of one deployment share it.
	Api *HttpApi
	// VariableFields are the stage variables in order of names, Variables the same.
	VariableFields []integration.Field
	Variables      map[string]string
	// Recorded stands in records of requests that find no route.
	Recorded *record.Method
	// Settings holds, by HttpRoute.Index, what the stage sets for each route.
	Settings []HttpRouteSettings
	// AccessLog is nil while access logging is off.
	AccessLog *AccessLog
	// AccountThrottleName names the bucket of the account in the region.
	AccountThrottleName string
	// AuthorizerScope names the stage to the cache of authorizers (authorizer.Scope).
	AuthorizerScope string
}

// HttpApi is the compiled Snapshot of an HTTP API: what no stage changes.
type HttpApi struct {
	Routes                    *HttpRoutes
	List                      []*HttpRoute // by HttpRoute.Index
	Cors                      *Cors        // nil where the gateway does not answer for CORS
	DisableExecuteApiEndpoint bool
}

// HttpRouteSettings is what a stage sets for one route, the default already taken into
// account.
type HttpRouteSettings struct {
	// Throttle limits the route, in the bucket ThrottleName; HasThrottle is false where
	// nothing is set.
	Throttle               throttle.Limit
	ThrottleName           string
	HasThrottle            bool
	DetailedMetricsEnabled bool
	// Recorded stands in records of requests to the route.
	Recorded *record.Method
}

// HttpRoute is one route of an HTTP API.
type HttpRoute struct {
	Index    int // position in HttpApi.List
	RouteId  string
	RouteKey string // "GET /pets/{id}", "$default"
	// HttpMethod and Path are the two halves of the route key; both are empty for $default.
	HttpMethod, Path string
	// PathParameters names what HttpRoutes.Find captures, in order.
	PathParameters []string
	OperationName  string
	// Refusal is nil for a route that is served.
	Refusal *Refusal

	AuthorizationType string // AuthorizationNone, AuthorizationIam, AuthorizationCustom or AuthorizationJwt
	// Function belongs to CUSTOM, Jwt and AuthorizationScopes to JWT.
	Function            *authorizer.Function
	FunctionUri         *Uri // where Function has no ARN of its own
	Jwt                 *authorizer.Jwt
	AuthorizationScopes []string

	Integration *HttpIntegration
}

// AuthorizationJwt is the authorization type that only routes of HTTP APIs have.
const AuthorizationJwt = "JWT"

// IsDefault says whether this is the $default route.
func (r *HttpRoute) IsDefault() bool { return r.HttpMethod == "" }

// HttpIntegrationKind says what an HttpIntegration calls.
type HttpIntegrationKind string

// The kinds.
const (
	// HttpIntegrationProxy is HTTP_PROXY over the internet.
	HttpIntegrationProxy HttpIntegrationKind = "HTTP_PROXY"
	// HttpIntegrationPrivate is HTTP_PROXY over a VPC link.
	HttpIntegrationPrivate HttpIntegrationKind = "HTTP_PROXY over VPC_LINK"
	// HttpIntegrationFunction is AWS_PROXY with a Lambda function.
	HttpIntegrationFunction HttpIntegrationKind = "AWS_PROXY"
	// HttpIntegrationService is AWS_PROXY with a subtype: a first-class service integration.
	HttpIntegrationService HttpIntegrationKind = "AWS_PROXY with a service"
)

// HttpIntegration is the backend of routes of an HTTP API.
type HttpIntegration struct {
	IntegrationId string
	Kind          HttpIntegrationKind
	// Method is the backend's; ANY forwards the client's.
	Method string
	// Uri is the backend's URL, or the function's; of a private integration it is the
	// ARN of the listener or the Cloud Map service.
	Uri                  *Uri
	PayloadFormatVersion string // 1.0 or 2.0, of functions
	Timeout              time.Duration
	// Credentials is the role to call with; empty calls as API Gateway itself.
	Credentials string
	// VpcLinkId and ServerNameToVerify belong to private integrations; a name there asks
	// for HTTPS. Stage variables may be the link's id.
	VpcLinkId          *Uri
	ServerNameToVerify string
	// Subtype is the service and its action: "SQS-SendMessage".
	Subtype string
	// Request maps the request, Response what the backend answered, by status code. Of a
	// service, Parameters are its parameters.
	Request    []HttpMapping
	Response   map[int][]HttpMapping
	Parameters []HttpMapping
}

// HttpMapping is one parameter mapping of an HTTP API. For a parameter of a service the
// Target has only its name.
type HttpMapping struct {
	Target mapping.Target
	Value  *mapping.Expression // nil to remove
}

// Cors is what an HTTP API answers to cross-origin requests by itself.
type Cors struct {
	AllowCredentials bool
	AllowHeaders     string // as the header has them, "" for none
	AllowMethods     string
	ExposeHeaders    string
	MaxAge           string
	// AnyOrigin says that "*" is allowed. Origins are the others, in lower case; one that
	// ends in "://*" allows every origin of its scheme.
	AnyOrigin bool
	Origins   []string
}
