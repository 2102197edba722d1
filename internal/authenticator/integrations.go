package authenticator

import (
	"errors"
	"fmt"
	"time"

	"gatehouse/internal/apigw"
	"gatehouse/internal/iam"
	"gatehouse/internal/iam/records"
	"gatehouse/internal/store"
)

// integrationSession is the name of the session under which API Gateway uses a role;
// seen in AWS's messages.
const integrationSession = "BackplaneAssumeRoleSession"

// IntegrationCall is a call that API Gateway makes with the credentials of an integration.
type IntegrationCall struct {
	// Credentials is the ARN of a role, or apigw.CallerCredentials.
	Credentials string
	// Action and Resource are what is called, such as lambda:InvokeFunction and a function's ARN.
	Action, Resource string
	// ResourcePolicy is the resource's own policy, or nil.
	ResourcePolicy *iam.Policy
	// SourceArn is the method on whose behalf the call is made; SourceAccount the API's account.
	SourceArn, SourceAccount string
	// Caller and CallerPolicies are who called the API; Caller is nil when the method is not AWS_IAM.
	Caller         *iam.Principal
	CallerPolicies iam.PrincipalPolicies
}

// IntegrationDecision says whether the call may be made, as whom, and why.
type IntegrationDecision struct {
	Decision iam.Decision
	// Principal is the role's session or the caller; nil when there is none.
	Principal *iam.Principal
	// Explanation is one line for the diagnosis.
	Explanation string
}

// Integrations decides calls that are made with the credentials of integrations.
type Integrations struct {
	Keyring *Keyring
	Now     func() time.Time
}

// Decide lets the policies decide. A role must exist in the API's account, trust
// apigateway.amazonaws.com and allow the call; between accounts the resource's own
// policy must allow it too.
func (i *Integrations) Decide(call *IntegrationCall) IntegrationDecision {
	if call.Credentials == apigw.CallerCredentials {
		return i.asCaller(call)
	}
	return i.asRole(call)
}

func refused(format string, values ...any) IntegrationDecision {
	return IntegrationDecision{Decision: iam.Decision{Outcome: iam.ImplicitDeny, By: iam.IdentityBased, Statement: -1}, Explanation: fmt.Sprintf(format, values...)}
}

func (i *Integrations) asCaller(call *IntegrationCall) IntegrationDecision {
	if call.Caller == nil {
		return refused("the integration calls with the caller's credentials (%s), and the method asks for none: its authorization is not AWS_IAM", apigw.CallerCredentials)
	}
	return i.evaluate(call, call.Caller, call.CallerPolicies)
}

func (i *Integrations) asRole(call *IntegrationCall) IntegrationDecision {
	parsed, ok := records.ParseArn(call.Credentials)
	switch {
	case !ok || parsed.Kind != "role":
		return refused("%s is not the ARN of a role", call.Credentials)
	case parsed.Account != call.SourceAccount:
		return refused("role %s is of another account than the API, %s, and cannot be passed to it", call.Credentials, call.SourceAccount)
	}
	owner := resolver{keyring: i.Keyring, view: i.Keyring.Store.View(), account: parsed.Account}
	role, policies, err := owner.role(parsed.Name, "")
	if errors.Is(err, store.ErrNotFound) || err == nil && role.Path != parsed.Path {
		return refused("there is no role %s", call.Credentials)
	}
	if err != nil {
		return refused("role %s cannot be read: %v", call.Credentials, err)
	}
	if untrusted, ok := i.trusted(call, &role); !ok {
		return untrusted
	}
	principal := owner.assumed(&role, integrationSession)
	return i.evaluate(call, principal, policies)
}

// trusted says whether API Gateway may assume the role, or returns the refusal.
func (i *Integrations) trusted(call *IntegrationCall, role *records.Role) (IntegrationDecision, bool) {
	trust, err := iam.Compile([]byte(role.AssumeRolePolicyDocument), iam.TrustPolicy, "trust policy of role "+role.RoleName)
	if err != nil {
		return refused("the trust policy of role %s cannot be read: %v", call.Credentials, err), false
	}
	request := &iam.Request{
		Principal: iam.ServicePrincipal(iam.ApiGatewayService), Action: "sts:AssumeRole", Resource: call.Credentials,
		Context: iam.Context{{Key: "aws:SourceArn", Value: call.SourceArn}, {Key: "aws:SourceAccount", Value: call.SourceAccount}}, Time: i.Now(),
	}
	policies := &iam.Policies{Resource: trust, ResourceMustAllow: true}
	decision := iam.Evaluate(request, policies)
	return IntegrationDecision{Decision: decision, Explanation: iam.Explain(request, policies, decision).String()}, decision.Allowed()
}

func (i *Integrations) evaluate(call *IntegrationCall, principal *iam.Principal, own iam.PrincipalPolicies) IntegrationDecision {
	// There is no aws:SourceArn here: a role's session calls, and not the service.
	request := &iam.Request{Principal: principal, Action: call.Action, Resource: call.Resource, Time: i.Now()}
	policies := &iam.Policies{PrincipalPolicies: own, Resource: call.ResourcePolicy}
	decision := iam.Evaluate(request, policies)
	return IntegrationDecision{Decision: decision, Principal: principal, Explanation: iam.Explain(request, policies, decision).String()}
}
