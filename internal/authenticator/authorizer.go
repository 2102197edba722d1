package authenticator

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"gatehouse/internal/awsapi"
	"gatehouse/internal/awsapi/schema"
	"gatehouse/internal/caller"
	"gatehouse/internal/fault"
	"gatehouse/internal/iam"
	"gatehouse/internal/iam/denial"
	"gatehouse/internal/sigv4"
	"gatehouse/internal/store"
	"gatehouse/internal/wire"
)

// Authorizer lets policies decide every operation of the control plane. It is the
// wire's Authorizer in secure mode, and in developer mode for the @connections API
// alone.
type Authorizer struct {
	// Store tells paths and tags, which are part of ARNs and conditions.
	Store Viewer
	Now   func() time.Time
	// Log is told of every refusal, with its explanation.
	Log *slog.Logger
	// DeveloperMode authorizes nothing but what belongs to the data plane.
	DeveloperMode bool

	// FunctionArn is the ARN of a function as an operation of Lambda will understand its
	// name and qualifier. Required where Lambda is served.
	FunctionArn func(scope store.Scope, name string, qualifier *string) (string, error)
	// FunctionPolicy is the resource policy of what an ARN names, empty for none.
	FunctionPolicy func(functionArn string) (document string, exists bool)
	// Connections finds the API and stage of a call of @connections. What it leaves empty is
	// the caller's; nil leaves all empty.
	Connections func(ctx context.Context, call ConnectionsCall) ConnectionsApi
}

// ConnectionsCall is where @connections was called, and for which connection.
type ConnectionsCall struct{ Host, BasePath, ConnectionId string }

// ConnectionsApi is the API and stage that @connections was called on.
type ConnectionsApi struct {
	Api       iam.ApiARN
	StageName string
}

// access is one thing that an operation needs the permission for.
type access struct {
	action, resource string
	// account owns the resource where its ARN does not say; empty for the caller's.
	account string
	// keys are condition keys of this access alone.
	keys iam.Context
	// policy is the resource's own policy, or nil.
	policy *iam.Policy
}

var _ wire.Authorizer = (*Authorizer)(nil)

// Authorize implements wire.Authorizer: everything that the operation needs must be allowed.
func (a *Authorizer) Authorize(ctx context.Context, call wire.Call) error {
	who := caller.From(ctx)
	if a.DeveloperMode && call.Service.SigningName != executeApi {
		return nil
	}
	// Whoever was let in without a signature, by the name of an operation that needs none, may
	// call that operation alone, whatever else the request names.
	if who.Principal().Type == iam.Anonymous && call.Operation.Name != unsignedOperation {
		return unsigned(call.Service.Protocol)
	}
	if err := sessionMayCall(&call, who.Principal()); err != nil {
		return err
	}
	needed, err := a.needs(ctx, &call, who)
	if err != nil {
		return err
	}
	common := commonKeys(&call, who)
	for i := range needed {
		if err := a.decide(ctx, &call, &needed[i], common); err != nil {
			return err
		}
	}
	return nil
}

func (a *Authorizer) decide(ctx context.Context, call *wire.Call, one *access, common iam.Context) error {
	who := caller.From(ctx)
	request := &iam.Request{
		Principal: who.Principal(), Action: one.action, Resource: one.resource, ResourceAccount: one.account,
		Context: append(one.keys[:len(one.keys):len(one.keys)], common...), Time: a.Now(),
	}
	policies := &iam.Policies{PrincipalPolicies: who.Policies(), Resource: one.policy}
	decision := iam.Evaluate(request, policies)
	if decision.Allowed() {
		return nil
	}
	a.Log.InfoContext(ctx, "operation not authorized", slog.String("principal", request.Principal.String()), slog.String("action", one.action),
		slog.String("resource", one.resource), slog.String("explanation", iam.Explain(request, policies, decision).String()))
	message := iam.AccessDeniedMessage(request, decision)
	refused := denial.Denial{Request: request, Policies: policies, Decision: decision}
	return fault.Refuse(denied(call.Service.Protocol, message), refused.Fault())
}

// unsigned is the refusal of a request without a signature.
func unsigned(protocol schema.Protocol) error {
	kind := sigv4.RESTJSON
	switch protocol {
	case schema.Query:
		kind = sigv4.Query
	case schema.JSON:
		kind = sigv4.JSON
	}
	answer := (&sigv4.Error{Kind: sigv4.MissingAuthenticationToken, Message: "Missing Authentication Token"}).Answer(kind)
	return &awsapi.Unmodelled{Code: answer.Code, Message: answer.Message, Status: answer.Status}
}

// denied is the refusal as services of a protocol answer it.
func denied(protocol schema.Protocol, message string) error {
	refusal := &awsapi.Unmodelled{Code: "AccessDeniedException", Message: message, Status: http.StatusForbidden}
	switch protocol {
	case schema.Query:
		refusal.Code = "AccessDenied"
	case schema.JSON:
		refusal.Status = http.StatusBadRequest
	}
	return refusal
}

// sessionMayCall refuses what credentials of GetSessionToken may not do without MFA,
// which does not exist here: IAM (STS: GetSessionToken, "Permissions").
func sessionMayCall(call *wire.Call, principal *iam.Principal) error {
	own := principal.Type == iam.User || principal.Type == iam.Root
	if own && !principal.TokenIssued.IsZero() && call.Service.SigningName == "iam" {
		return &awsapi.Unmodelled{Code: "InvalidClientTokenId", Message: "The security token included in the request is invalid", Status: http.StatusForbidden}
	}
	return nil
}

// needs lists what an operation needs to be allowed, by the service's own rules.
func (a *Authorizer) needs(ctx context.Context, call *wire.Call, who caller.Caller) ([]access, error) {
	r := &resourceReader{authorizer: a, call: call, who: who, input: inputOf(call.Input)}
	switch call.Service.SigningName {
	case "apigateway":
		return r.apiGateway(), nil
	case "lambda":
		return r.lambda()
	case "iam":
		return r.iam(), nil
	case "sts":
		return r.sts(), nil
	case "logs":
		return r.logs(), nil
	case "elasticloadbalancing":
		return r.loadBalancing(), nil
	case "cloudformation":
		return r.cloudFormation(), nil
	case executeApi:
		return r.connections(ctx)
	}
	return []access{r.any("*")}, nil
}

// resourceReader reads from one call what it is about.
type resourceReader struct {
	authorizer *Authorizer
	call       *wire.Call
	who        caller.Caller
	input      input
}

// any is the operation's own action on a resource.
func (r *resourceReader) any(resource string) access { //nolint:unparam // the wildcard is said where it is meant
	return access{action: r.call.Service.SigningName + ":" + r.call.Operation.Name, resource: resource, account: r.who.Account}
}

// on is the operation's own action on resources whose ARNs name their accounts.
func (r *resourceReader) on(arns ...string) []access {
	needed := make([]access, len(arns))
	for i, arn := range arns {
		needed[i] = access{action: r.call.Service.SigningName + ":" + r.call.Operation.Name, resource: arn}
	}
	return needed
}

// arn makes the ARN of something in the caller's account and region.
func (r *resourceReader) arn(service, rest string) string {
	return "arn:aws:" + service + ":" + r.who.Region + ":" + r.who.Account + ":" + rest
}
