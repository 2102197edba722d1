package plan

import (
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/iam"
	"gatehouse/internal/integration"
	"gatehouse/internal/mapping"
	"gatehouse/internal/throttle"
)

// RestStage is a stage of a REST API, ready to serve.
type RestStage struct {
	AccountId    string
	Region       string
	ApiId        string
	StageName    string
	DeploymentId string
	// Api is the compiled snapshot; stages of one deployment share it.
	Api *RestApi
	// Variables are the stage variables, VariableFields the same in order of names.
	Variables      map[string]string
	VariableFields []integration.Field
	// Recorded stands in records of requests that find no method.
	Recorded *record.Method
	// Settings holds, by Method.Index, what the stage sets for each method.
	Settings []MethodSettings
	// AccessLog is nil while access logging is off.
	AccessLog *AccessLog
	// AccountThrottleName names the bucket of the account in the region.
	AccountThrottleName string
	// CacheCluster keeps what integrations answered; nil without a cache.
	CacheCluster *CacheCluster
	// ClientCertificate is shown to HTTPS backends; nil shows none.
	ClientCertificate *integration.ClientCertificate
	// TracingEnabled marks trace ids as sampled.
	TracingEnabled bool
	// IsCanary says that this is what a stage's canary serves.
	IsCanary bool
	// Canary takes PercentTraffic of the requests; nil without one.
	Canary         *RestStage
	PercentTraffic float64 // 0 to 100
}

// RestApi is the compiled Snapshot of a REST API: what no stage changes.
type RestApi struct {
	SnapshotHash string
	ApiKeySource string // ApiKeySourceHeader or ApiKeySourceAuthorizer
	Routes       *Routes
	Methods      []*Method // by Method.Index
	// GatewayResponses holds the customised ones by type.
	GatewayResponses          map[string]*GatewayResponse
	BinaryMediaTypes          integration.BinaryMediaTypes
	BinaryMediaTypeList       []string // as it was written
	MinimumCompressionSize    int      // bytes; -1 disables compression
	DisableExecuteApiEndpoint bool
	// Policy is the resource policy; nil without one.
	Policy *iam.Policy
	// Private says that the endpoint type is PRIVATE; VpcEndpointIds are the endpoints whose
	// own host names lead to it.
	Private        bool
	VpcEndpointIds []string
}

// MethodSettings is what a stage sets for one method, the settings for all methods
// already taken into account.
type MethodSettings struct {
	MetricsEnabled bool
	// Recorded stands in records of requests to the method, with what is logged of them.
	Recorded *record.Method
	// Throttle limits the method, in the bucket ThrottleName; HasThrottle is false where
	// nothing is set.
	Throttle     throttle.Limit
	ThrottleName string
	HasThrottle  bool
	// Cache says how answers to the method are cached; nil where they are not.
	Cache *CacheSettings
	// Refusal says which setting of the stage keeps the method from being served; nil otherwise.
	Refusal *Refusal
}

// AccessLog is a stage's access log.
type AccessLog struct {
	DestinationArn string
	Format         *Substitution
}

// GatewayResponse is one customised gateway response.
type GatewayResponse struct {
	Type       string
	StatusCode int // 0 while not set
	Headers    []GatewayHeader
	Templates  []GatewayTemplate // in order of content type
}

// GatewayHeader is a header that a gateway response adds.
type GatewayHeader struct {
	Name  string
	Value *mapping.Parameter
}

// GatewayTemplate is the body of a gateway response for one content type.
type GatewayTemplate struct {
	ContentType string
	Body        *Substitution
}
