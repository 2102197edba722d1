package diagnosis

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/deployment"
)

// Explanation is why a request was answered as it was.
type Explanation struct {
	RequestId         string    `json:"requestId"`
	ExtendedRequestId string    `json:"extendedRequestId,omitempty"`
	Received          time.Time `json:"received"`
	ApiId             string    `json:"apiId,omitempty"`
	Stage             string    `json:"stage,omitempty"`
	HttpMethod        string    `json:"httpMethod"`
	Path              string    `json:"path"`
	ResourcePath      string    `json:"resourcePath,omitempty"`
	// Operation is the refused operation, such as apigateway:DeleteVpcLink; empty for a
	// request to an API.
	Operation string `json:"operation,omitempty"`
	// Node is the node that served it, where there may be several.
	Node   string `json:"node,omitempty"`
	Status int    `json:"status"`
	// Milliseconds is how long the request took, IntegrationMilliseconds the backend.
	Milliseconds            float64 `json:"milliseconds"`
	IntegrationMilliseconds float64 `json:"integrationMilliseconds,omitempty"`
	// Finding is empty for a request in which nothing went wrong.
	Finding
	// Also are findings beside the first: a browser that will refuse the answer, say.
	Also []Finding `json:"also,omitempty"`
	// BeforeAndSince is absent for a request in which nothing went wrong.
	BeforeAndSince *BeforeAndSince `json:"beforeAndSince,omitempty"`
	Steps          []Step          `json:"steps"`
	// Unanswered are nodes that may know of a later request than the latest.
	Unanswered []Unanswered `json:"unanswered,omitempty"`
}

// Finding is one thing that is wrong.
type Finding struct {
	ErrorId string `json:"errorId"` // "GH-R101"
	Name    string `json:"name,omitempty"`
	// Summary says in a sentence what the error is.
	Summary string   `json:"summary,omitempty"`
	Checked string   `json:"checked"`
	Found   string   `json:"found"`
	Wanted  string   `json:"wanted,omitempty"`
	Nearest []string `json:"nearest"`
	Fix     Fix      `json:"fix"`
	Article string   `json:"article"` // id of the article of the knowledge base
	// Signature compares, for a signature that is wrong; nil for everything else.
	Signature *Signature `json:"signature,omitempty"`
	// Changes are what was changed and is not deployed, where that is the finding or the fix.
	Changes []Change `json:"changes,omitempty"`
}

// Fix is what would make the request pass.
type Fix struct {
	Text string `json:"text"`
	// Command is for a shell; empty where none can do it.
	Command string `json:"command"`
}

// Step is one step of the request's way.
type Step struct {
	Name string `json:"name"`
	// Milliseconds is null for a step that was not timed because it takes next to no time:
	// reading the clock would take longer. What it took is part of the request's own time.
	Milliseconds *float64 `json:"milliseconds"`
	Facts        []Fact   `json:"facts,omitempty"`
	// Failed says that the request went no further.
	Failed bool `json:"failed,omitempty"`
}

// Time is the step's time for people, in milliseconds.
func (s *Step) Time() string {
	if s.Milliseconds == nil {
		return untimed
	}
	return strconv.FormatFloat(*s.Milliseconds, 'f', 3, 64)
}

// SomeUntimed says whether a step has no time, and UntimedSays what that means.
func (e *Explanation) SomeUntimed() bool {
	return slices.ContainsFunc(e.Steps, func(s Step) bool { return s.Milliseconds == nil })
}

// UntimedSays is a sentence for people about steps without a time.
func (*Explanation) UntimedSays() string { return untimedSays }

// NothingWrong says for people, of a request without a finding, that it was completed, and of
// an error who chose it.
func (e *Explanation) NothingWrong() string {
	const text = "Nothing went wrong in Gatehouse: every step was completed"
	if e.Status >= http.StatusBadRequest && e.IntegrationMilliseconds > 0 {
		return text + ", and the backend itself chose the status " + itoa(e.Status) + "."
	}
	return text + "."
}

// Fact is what a step found.
type Fact struct {
	Kind   string  `json:"kind"`
	Text   string  `json:"text,omitempty"`
	Fields []Field `json:"fields,omitempty"`
	// Bytes is the size of a payload; Body the payload itself, where data trace is on.
	Bytes int    `json:"bytes,omitempty"`
	Body  string `json:"body,omitempty"`
}

// Field is a name and a value.
type Field struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Definitions tells how APIs are defined now, as opposed to deployed.
type Definitions interface {
	// Definition finds an API; scope is zero where it is not known.
	Definition(scope apigw.Scope, apiId string) (*Definition, bool)
	// UsagePlans lists the usage plans that have a stage, "apiId:stage".
	UsagePlans(scope apigw.Scope, stage string) []UsagePlan
	// FunctionTimeout is the limit of a function by its ARN; 0 where it is not known.
	FunctionTimeout(functionArn string) time.Duration
}

// Latencies tells how long backends took before; *telemetry.Metrics.
type Latencies interface {
	// IntegrationLatency is what the given share of calls of the record's method took at most,
	// by count calls since the server started.
	IntegrationLatency(r *record.Record, share float64) (latency time.Duration, count uint64)
}

// UsagePlan is a usage plan as it is defined now.
type UsagePlan struct {
	Id string
	// KeyId is an enabled key of the plan; empty without one.
	KeyId string
}

// Definition is an API as it is defined now, for one explanation. One of Rest and Http is
// there; Http is that of WebSocket APIs too.
type Definition struct {
	Scope apigw.Scope
	Rest  *deployment.Snapshot
	Http  *apigwv2.Snapshot
	// Stages says by name what each stage serves.
	Stages map[string]Deployment
	// Snapshot reads what a deployment froze, by its id: a Definition with Rest or Http alone;
	// nil for one that is not there any more.
	Snapshot func(deploymentId string) *Definition
	known    map[string]*Definition // what Snapshot has read
	// Changed is when what the API has was written last, as far as that is known.
	Changed map[Noun]time.Time
	// Functions are the names of the functions beside the API.
	Functions []string
}

// Deployment is what a stage serves.
type Deployment struct {
	Id      string
	Created time.Time
	// CanaryId is the deployment that the canary serves beside it; empty without one.
	CanaryId string
	// AutoDeploy says that the stage deploys each change by itself; Status is what it says of
	// the last time.
	AutoDeploy bool
	Status     string
}

// Noun names something of an API. Id is empty for the API itself.
type Noun struct {
	Kind NounKind
	Id   string
}

// NounKind is what a Noun is.
type NounKind string

// The kinds. The responses are those of the route or the integration whose id is given.
const (
	NounApi                 NounKind = "Api"
	NounResource            NounKind = "Resource"
	NounModel               NounKind = "Model"
	NounRequestValidator    NounKind = "RequestValidator"
	NounAuthorizer          NounKind = "Authorizer"
	NounGatewayResponse     NounKind = "GatewayResponse"
	NounRoute               NounKind = "Route"
	NounRouteResponse       NounKind = "RouteResponse"
	NounIntegration         NounKind = "Integration"
	NounIntegrationResponse NounKind = "IntegrationResponse"
)

// Requests are recent requests; *telemetry.Recent.
type Requests interface {
	Find(requestId string) (*record.Record, bool)
	List(limit int, keep func(*record.Record) bool) []*record.Record
}
