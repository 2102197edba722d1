package iam

import (
	"fmt"
	"strings"
)

// Actions of the execute-api service.
const (
	// ActionInvoke is calling a method or route.
	ActionInvoke = "execute-api:Invoke"
	// ActionInvalidateCache is asking for a fresh answer with Cache-Control: max-age=0.
	ActionInvalidateCache = "execute-api:InvalidateCache"
	// ActionManageConnections is the @connections API.
	ActionManageConnections = "execute-api:ManageConnections"
)

// shortResource begins the short form of a resource in an API's resource policy: execute-api:/stage/METHOD/path.
const shortResource = "execute-api:/"

// ApiARN is the ARN of an API in the execute-api service, without a stage.
type ApiARN struct {
	// Region, Account and ApiID name the API. An empty Partition is "aws".
	Partition, Region, Account, ApiID string
}

// String returns arn:aws:execute-api:region:account:api-id.
func (a ApiARN) String() string {
	partition := a.Partition
	if partition == "" {
		partition = "aws"
	}
	return "arn:" + partition + ":execute-api:" + a.Region + ":" + a.Account + ":" + a.ApiID
}

// Method returns the ARN of a call: …/stage/METHOD/path. The path is as called, with or without its first slash;
// the root ends in a slash.
func (a ApiARN) Method(stage, method, path string) string {
	return a.String() + "/" + stage + "/" + method + "/" + strings.TrimPrefix(path, "/")
}

// ExpandApiPolicy returns a resource policy as API Gateway keeps it: without white space, and with short
// resources (execute-api:/stage/METHOD/path) made full ARNs. It takes the escaped form (\") too. An error is a
// *MalformedPolicyError.
func ExpandApiPolicy(document []byte, api ApiARN) ([]byte, error) {
	if len(document) > maxDocumentSize {
		return nil, malformed(textApiPolicy)
	}
	root, err := parseDocument(unescapePolicy(document))
	if err != nil || root.kind != objectNode {
		return nil, malformed(textApiPolicy)
	}
	if err := validate(&root, ApiPolicy); err != nil {
		return nil, err
	}
	for i := range root.members {
		if root.members[i].name != "Statement" {
			continue
		}
		statements := &root.members[i].value
		expandResources(statements, api)
		for j := range statements.list {
			expandResources(&statements.list[j], api)
		}
	}
	return root.appendJSON(nil), nil
}

func expandResources(statement *node, api ApiARN) {
	for i := range statement.members {
		if name := statement.members[i].name; name != "Resource" && name != "NotResource" {
			continue
		}
		value := &statement.members[i].value
		expandResource(value, api)
		for j := range value.list {
			expandResource(&value.list[j], api)
		}
	}
}

func expandResource(resource *node, api ApiARN) {
	if rest, found := strings.CutPrefix(resource.text, shortResource); found {
		resource.text = api.String() + "/" + rest
	}
}

// EscapePolicy returns a policy as GetRestApi shows it: quotes, backslashes and slashes escaped. Seen by way of
// Terraform, which has to undo it.
func EscapePolicy(document []byte) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, `/`, `\/`).Replace(string(document))
}

// unescapePolicy undoes EscapePolicy if the document is in that form.
func unescapePolicy(document []byte) []byte {
	text := strings.TrimSpace(string(document))
	if !strings.HasPrefix(text, `{\"`) {
		return document
	}
	return []byte(strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\/`, `/`).Replace(text))
}

// ApiAuthorization is how a method is authorized, as far as policies are concerned.
type ApiAuthorization uint8

// The ways; a method's authorizationType.
const (
	// AuthorizationNone is NONE.
	AuthorizationNone ApiAuthorization = iota
	// AuthorizationIAM is AWS_IAM.
	AuthorizationIAM
	// AuthorizationLambda is CUSTOM: a Lambda authorizer that returned a policy.
	AuthorizationLambda
	// AuthorizationCognito is COGNITO_USER_POOLS, after the token was accepted.
	AuthorizationCognito
)

// InvokePolicies are the policies that bear on a call of an API.
type InvokePolicies struct {
	// Authorization is the method's.
	Authorization ApiAuthorization
	// Api is the API's resource policy, or nil.
	Api *Policy
	// Private says that the API is private: without a resource policy all calls of it fail.
	Private bool
	// Principal are the caller's policies, for AuthorizationIAM.
	Principal PrincipalPolicies
	// Authorizer is what the Lambda authorizer returned, for AuthorizationLambda.
	Authorizer *Policy
	// AuthorizerAccount is the account of the Lambda authorizer; "" is the API's own. Unconfirmed: whether AWS
	// takes it for the other account of its Table B.
	AuthorizerAccount string
}

// EvaluateInvoke decides a call of an API, by the tables A (one account) and B (two accounts) of the developer
// guide's "How API Gateway resource policies affect authorization workflow".
//
//	method        policy of the API     decision
//	NONE          none                  allow, unless the API is private
//	NONE          any                   the policy must allow
//	AWS_IAM       none or any           as Evaluate: one account either, two accounts both
//	CUSTOM        none                  the authorizer's policy must allow
//	CUSTOM        any                   one account either, two accounts both; no Deny in either
//	COGNITO_…     none                  allow
//	COGNITO_…     any                   the policy must allow (the guide's text; its table A says either)
func EvaluateInvoke(req *Request, p *InvokePolicies) Decision {
	if p.Private && p.Api == nil {
		return implicitDeny(ResourceBased)
	}
	switch p.Authorization {
	case AuthorizationIAM:
		return Evaluate(req, &Policies{PrincipalPolicies: p.Principal, Resource: p.Api})
	case AuthorizationLambda:
		return evaluateAuthorizer(req, p)
	}
	if p.Api == nil {
		return Decision{Outcome: Allowed, By: NoPolicy, Statement: -1}
	}
	unsigned := req.unsigned()
	return Evaluate(&unsigned, &Policies{Resource: p.Api})
}

// EvaluateInvalidateCache decides whether a caller that may invoke a method may also ask
// for a fresh answer (ActionInvalidateCache) where the method demands authorization of
// it: by the same policies, one of which must allow it. What EvaluateInvoke lets through
// for want of a policy is not enough, and callers of other accounts may not at all
// (guide: api-gateway-caching.md). That the policies of Lambda authorizers and of APIs
// count beside those of signers is unconfirmed.
func EvaluateInvalidateCache(req *Request, p *InvokePolicies) Decision {
	decision := EvaluateInvoke(req, p)
	switch {
	case decision.Allowed() && decision.By == NoPolicy:
		return implicitDeny(ResourceBased)
	case decision.Allowed() && p.Authorization == AuthorizationIAM && req.principal().Account != req.owner():
		return implicitDeny(IdentityBased)
	}
	return decision
}

// unsigned is the request as an API's policy sees it where AWS_IAM does not authorize: a statement that names an
// AWS principal matches nobody there.
func (r *Request) unsigned() Request {
	anonymous := *r
	anonymous.Principal = nil
	return anonymous
}

// evaluateAuthorizer combines what a Lambda authorizer returned with the API's policy. The caller is anonymous to
// both: the authorizer's policy has no principal.
func evaluateAuthorizer(req *Request, p *InvokePolicies) Decision {
	unsigned := req.unsigned()
	authorizer, api := judge(&unsigned, p.Authorizer), judge(&unsigned, p.Api)
	switch {
	case authorizer.deny >= 0:
		return authorizer.denied(Authorizer)
	case api.deny >= 0:
		return api.denied(ResourceBased)
	}
	crossAccount := p.AuthorizerAccount != "" && p.AuthorizerAccount != req.owner()
	switch {
	case authorizer.allow >= 0 && (api.allow >= 0 || !crossAccount):
		return authorizer.allowed(Authorizer)
	case authorizer.allow >= 0:
		return implicitDeny(ResourceBased)
	case api.allow >= 0 && !crossAccount:
		return api.allowed(ResourceBased)
	}
	return implicitDeny(Authorizer)
}

func (r *Request) owner() string {
	if r.ResourceAccount != "" {
		return r.ResourceAccount
	}
	return arnAccount(r.Resource)
}

// DeniedBeforeAuthorizer is the first of the two phases with a Lambda authorizer: an explicit Deny of the API's
// policy ends the request before the authorizer is called. False means: go on.
func DeniedBeforeAuthorizer(req *Request, api *Policy) (Decision, bool) {
	unsigned := req.unsigned()
	if v := judge(&unsigned, api); v.deny >= 0 {
		return v.denied(ResourceBased), true
	}
	return Decision{}, false
}

// InvokeDeniedMessage is the message of the 403 (ACCESS_DENIED) for a decision of EvaluateInvoke,
// as AWS answers since about 2024 (public reports, 2024 to 2026); before it named no policy type.
//
// Unconfirmed: the newer wording for boundaries and session policies, which follows IAM's pattern.
func InvokeDeniedMessage(req *Request, d Decision) string {
	subject := "User is not authorized to access this resource"
	if d.By != Authorizer {
		subject = fmt.Sprintf("User: %s is not authorized to perform: %s on resource: %s",
			req.principal(), req.Action, maskAccount(req.Resource))
	}
	return subject + reason(req.Action, d)
}

// AccessDeniedMessage is the message of AccessDeniedException (or AccessDenied) of a service API.
func AccessDeniedMessage(req *Request, d Decision) string {
	text := fmt.Sprintf("User: %s is not authorized to perform: %s", req.principal(), req.Action)
	if req.Resource != "" && req.Resource != "*" {
		text += " on resource: " + req.Resource
	}
	return text + reason(req.Action, d)
}

// reason is the tail of AWS's messages.
func reason(action string, d Decision) string {
	if d.Outcome != ExplicitDeny {
		return " because no " + d.By.String() + " allows the " + action + " action"
	}
	article := " with an explicit deny in a "
	if strings.HasPrefix(d.By.String(), "i") {
		article = " with an explicit deny in an "
	}
	return article + d.By.String()
}

// maskAccount hides all but the last four digits of an ARN's account, as the data plane does: ********9012.
func maskAccount(arn string) string {
	account := arnAccount(arn)
	if !isAccount(account) {
		return arn
	}
	return strings.Replace(arn, ":"+account+":", ":********"+account[8:]+":", 1)
}
