package plan

import (
	"time"

	"gatehouse/internal/authorizer"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/integration"
	"gatehouse/internal/mapping"
	"gatehouse/internal/throttle"
)

// WebSocketStage is a stage of a WebSocket API, ready to serve.
type WebSocketStage struct {
	AccountId    string
	Region       string
	ApiId        string
	StageName    string
	DeploymentId string
	// Api is the compiled snapshot; stages of one deployment share it.
	Api *WebSocketApi
	// Variables are the stage variables, VariableFields the same in order of names.
	Variables      map[string]string
	VariableFields []integration.Field
	// Recorded stands in records of exchanges that find no route.
	Recorded *record.Method
	// Settings holds, by WebSocketRoute.Index, what the stage sets for each route.
	Settings []WebSocketRouteSettings
	// AccessLog is nil while access logging is off.
	AccessLog *AccessLog
	// AccountThrottleName names the bucket of the account in the region.
	AccountThrottleName string
}

// The route keys that API Gateway defines.
const (
	RouteKeyConnect    = "$connect"
	RouteKeyDisconnect = "$disconnect"
	RouteKeyDefault    = "$default"
)

// WebSocketApi is the compiled Snapshot of a WebSocket API: what no stage changes.
type WebSocketApi struct {
	// RouteSelection gives the route key of a message; nil when SelectionBroken says why
	// it cannot be compiled.
	RouteSelection  *mapping.Expression
	SelectionBroken string
	// Routes are in order of route keys.
	Routes []*WebSocketRoute
	byKey  map[string]*WebSocketRoute

	ApiKeySource              string // ApiKeySourceHeader or ApiKeySourceAuthorizer
	DisableExecuteApiEndpoint bool
	// DisableSchemaValidation leaves models unchecked.
	DisableSchemaValidation bool
}

// SetRoutes gives the API its routes, in order of route keys, and numbers them. It is
// for the compiler, before the plan is published.
func (a *WebSocketApi) SetRoutes(routes []*WebSocketRoute) {
	a.Routes = routes
	a.byKey = make(map[string]*WebSocketRoute, len(routes))
	for i, route := range routes {
		route.Index = i
		a.byKey[route.RouteKey] = route
	}
}

// Route finds the route of a key exactly; nil without one.
func (a *WebSocketApi) Route(key string) *WebSocketRoute { return a.byKey[key] }

// WebSocketRouteSettings is what a stage sets for one route, its defaults already
// taken into account.
type WebSocketRouteSettings struct {
	// Throttle limits the route, in the bucket ThrottleName; HasThrottle is false where
	// nothing is set.
	Throttle     throttle.Limit
	ThrottleName string
	HasThrottle  bool
	// Recorded stands in records of exchanges with the route, with what is logged of them.
	Recorded *record.Method
}

// WebSocketRoute is one route.
type WebSocketRoute struct {
	Index         int // position in WebSocketApi.Routes
	RouteId       string
	RouteKey      string
	OperationName string
	// Refusal is nil for a route that is served.
	Refusal *Refusal

	// AuthorizationType, Authorizer and Required belong to $connect.
	AuthorizationType string
	Authorizer        *authorizer.Function // of AuthorizationCustom
	// AuthorizerUri names the function where stage variables are to be put in.
	AuthorizerUri *Uri
	// ApiKeyRequired belongs to $connect: the client must show a key of a usage plan.
	ApiKeyRequired bool
	// Required are the request parameters without which nobody connects, in order.
	Required []Parameter

	// ModelSelection gives the key of the model that a message is checked against; nil
	// checks nothing. The ContentType of Models is their key.
	ModelSelection *mapping.Expression
	Models         []Model
	// HasResponse says that the answer of the integration goes back to the client.
	HasResponse bool
	// Integration is nil for a route without a target.
	Integration *WebSocketIntegration
}

// WebSocketIntegration is the backend of routes.
type WebSocketIntegration struct {
	IntegrationId string
	Type          IntegrationType
	HttpMethod    string
	Uri           *Uri // nil for MOCK
	// IsService says that AWS calls another service than a Lambda function.
	IsService bool
	// VpcLinkId is the VPC link to go through, stage variables to be put in; nil for the
	// internet.
	VpcLinkId *Uri
	// ServerNameToVerify is the name that a private backend's certificate must carry.
	ServerNameToVerify string
	Credentials        string
	Timeout            time.Duration
	// PassthroughBehavior says what becomes of a message that no template fits.
	PassthroughBehavior PassthroughBehavior
	ContentHandling     string
	RequestParameters   []ParameterMapping
	// TemplateSelection gives the key of the request template; nil takes the default.
	// The ContentType of templates is their key.
	TemplateSelection *mapping.Expression
	RequestTemplates  []Template
	// Responses are tried in order; Default is taken when none matches, and may be nil.
	Responses []*WebSocketIntegrationResponse
	Default   *WebSocketIntegrationResponse
}

// IsProxy says that messages and answers pass without templates and responses.
func (i *WebSocketIntegration) IsProxy() bool {
	return i.Type == IntegrationHttpProxy || i.Type == IntegrationAwsProxy
}

// WebSocketIntegrationResponse maps one kind of answer of the backend.
type WebSocketIntegrationResponse struct {
	Key string // "/2\d\d/", "$default"
	// Pattern is nil for $default.
	Pattern           *Pattern
	ContentHandling   string
	TemplateSelection *mapping.Expression
	ResponseTemplates []Template
}
