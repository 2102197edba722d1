package diagnosis

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/iam"
)

// allowStatement is a statement that would let the request pass.
type allowStatement struct {
	Effect    string
	Principal any `json:",omitempty"`
	Action    string
	Resource  string `json:",omitempty"`
	Condition any    `json:",omitempty"`
}

// methodArn is what the request was to be allowed.
func (c *diagnosed) methodArn() string {
	scope := apigw.Scope{Account: c.record.AccountId, Region: c.record.Region}
	path := c.record.ResourcePath
	switch {
	case c.record.ProtocolType == record.ProtocolWebSocket:
		return strings.TrimSuffix(scope.ExecuteApiArn(c.record.ApiId, c.record.StageName, path, ""), "/")
	case c.isHttp():
		if _, path, _ = strings.Cut(path, " "); path == "" {
			return scope.ExecuteApiArn(c.record.ApiId, c.record.StageName, "$default", "")
		}
	}
	return scope.ExecuteApiArn(c.record.ApiId, c.record.StageName, c.record.HttpMethod, strings.TrimPrefix(path, "/"))
}

// wildcardArn is methodArn with path parameters as wildcards, for a policy.
func (c *diagnosed) wildcardArn() string {
	segments := strings.Split(c.methodArn(), "/")
	for i, segment := range segments {
		if strings.HasPrefix(segment, "{") {
			segments[i] = "*"
		}
	}
	return strings.Join(segments, "/")
}

// Marks of arn:aws:iam::{account}:user/{path/}{name} and
// arn:aws:sts::{account}:assumed-role/{name}/{session}.
const (
	userMark = ":user/"
	roleMark = ":assumed-role/"
)

func fixIamDenied(c *diagnosed, _ *fault.Fault, finding *Finding) {
	c.allow(finding, permission{iam.ActionInvoke, c.wildcardArn(), "invoke"})
}

// permission is an action on what an ARN names. name begins the name of its policy.
type permission struct{ action, resource, name string }

// policy is a document that gives the permission.
func (p *permission) policy() string {
	return policyOf(allowStatement{Effect: "Allow", Action: p.action, Resource: p.resource})
}

// allow gives the signer a permission, by a policy of its own.
func (c *diagnosed) allow(finding *Finding, wanted permission) {
	principal := c.fact(record.Principal)
	if principal != "" {
		finding.Found = principal + ": " + finding.Found
	}
	if c.isHttp() && accountOf(principal) != c.scope.Account && accountOf(principal) != "" {
		c.allowByRole(finding, &wanted)
		return
	}
	finding.Fix = Fix{Text: "Allow " + principal + " " + wanted.action + " on the method.", Command: c.putPolicyOf(principal, &wanted)}
}

// putPolicyOf is the command that gives a user or a role the permission; empty for others.
// The policy's name is the permission's own, so that it replaces no other.
func (c *diagnosed) putPolicyOf(principal string, wanted *permission) string {
	sum := sha256.Sum256([]byte(wanted.resource))
	name := wanted.name + "-" + c.record.ApiId + "-" + hex.EncodeToString(sum[:4])
	if _, user, ok := strings.Cut(principal, userMark); ok {
		return command("aws", "iam", "put-user-policy", "--user-name", user[strings.LastIndexByte(user, '/')+1:], "--policy-name", name,
			"--policy-document", wanted.policy())
	}
	if _, role, ok := strings.Cut(principal, roleMark); ok {
		role, _, _ = strings.Cut(role, "/")
		return command("aws", "iam", "put-role-policy", "--role-name", role, "--policy-name", name, "--policy-document", wanted.policy())
	}
	return ""
}

func policyOf(statement allowStatement) string {
	return jsonText(map[string]any{"Version": "2012-10-17", "Statement": []allowStatement{statement}})
}

// allowByRole is for callers of another account: HTTP and WebSocket APIs have no resource
// policy that could let them in, so that they need a role of the API's account.
func (c *diagnosed) allowByRole(finding *Finding, wanted *permission) {
	principal, account, role := c.fact(record.Principal), c.scope.Account, "invoke-"+c.record.ApiId
	arn := "arn:aws:iam::" + account + ":role/" + role
	finding.Found += "; the caller is of account " + accountOf(principal) + ", the API of " + account + ", and HTTP and WebSocket APIs have no resource policy"
	finding.Wanted = "a caller of account " + account + ", such as a role that " + principal + " assumes"
	finding.Fix = Fix{
		Text: "Make a role in account " + account + " (run the commands with its credentials) that the caller may assume and that may invoke the method. " +
			"The caller then signs with what aws sts assume-role --role-arn " + arn + " answers, which its own policies must allow.",
		Command: then(
			command("aws", "iam", "create-role", "--role-name", role, "--assume-role-policy-document",
				policyOf(allowStatement{Effect: "Allow", Principal: map[string]string{"AWS": trusted(principal)}, Action: "sts:AssumeRole"})),
			command("aws", "iam", "put-role-policy", "--role-name", role, "--policy-name", role, "--policy-document", wanted.policy()),
		),
	}
}

// trusted is who a trust policy names: of a session its role.
func trusted(principal string) string {
	if before, role, ok := strings.Cut(principal, roleMark); ok {
		role, _, _ = strings.Cut(role, "/")
		return strings.Replace(before, ":sts:", ":iam:", 1) + ":role/" + role
	}
	return principal
}

// policy is the resource policy as it stands, and its statements.
func (c *diagnosed) policy() (policy map[string]json.RawMessage, statements []json.RawMessage, ok bool) {
	if c.definition == nil || c.definition.Rest == nil {
		return nil, nil, false
	}
	if c.definition.Rest.RestApi.Policy == "" {
		return map[string]json.RawMessage{"Version": json.RawMessage(`"2012-10-17"`)}, nil, true
	}
	if json.Unmarshal([]byte(c.definition.Rest.RestApi.Policy), &policy) != nil {
		return nil, nil, false
	}
	if json.Unmarshal(policy["Statement"], &statements) != nil {
		statements = []json.RawMessage{policy["Statement"]}
	}
	return policy, statements, true
}

// putPolicy replaces the statements of the resource policy.
func (c *diagnosed) putPolicy(policy map[string]json.RawMessage, statements []json.RawMessage) string {
	policy["Statement"] = json.RawMessage(jsonText(statements))
	return then(c.apigateway("update-rest-api", "--patch-operations", patch(replace("/policy", jsonText(policy)))), c.deploy())
}

// sourceIp is where the request came from, as policies see it.
func (c *diagnosed) sourceIp(f *fault.Fault, finding *Finding) string {
	_, rest, _ := strings.Cut(f.Checked, " from ")
	address, _, _ := strings.Cut(rest, " ")
	said, _, _ := strings.Cut(valueOf(c.headers, "X-Forwarded-For"), ",")
	if said = strings.TrimSpace(said); said != "" && said != address {
		finding.Nearest = append(finding.Nearest, "X-Forwarded-For says "+said+", and "+address+" is no trusted proxy (gatehouse serve --trusted-proxy "+address+")")
	}
	return address
}

// fixResourcePolicy adds a statement to the policy as it stands.
func fixResourcePolicy(c *diagnosed, f *fault.Fault, finding *Finding) {
	sourceIp := c.sourceIp(f, finding)
	allowed := allowStatement{
		Effect: "Allow", Principal: "*", Action: iam.ActionInvoke, Resource: c.wildcardArn(),
		Condition: map[string]any{"IpAddress": map[string]string{"aws:SourceIp": sourceIp}},
	}
	whom := sourceIp
	if _, through, private := strings.Cut(f.Checked, " through "); private { // where there is no aws:SourceIp
		whom, _, _ = strings.Cut(through, " ")
		allowed.Condition = map[string]any{"StringEquals": map[string]string{"aws:SourceVpce": whom}}
	}
	if signer := c.fact(record.Principal); signer != "" {
		whom = trusted(signer)
		allowed.Principal, allowed.Condition = map[string]string{"AWS": whom}, nil
	}
	finding.Wanted = "a statement that allows execute-api:Invoke on " + c.wildcardArn() + " to " + whom
	finding.Fix.Text = "Add a statement that allows this method to " + whom + " to the API's resource policy, and deploy."
	policy, statements, ok := c.policy()
	if !ok {
		return
	}
	statements = append(statements, json.RawMessage(jsonText(allowed)))
	finding.Fix.Command = c.putPolicy(policy, statements)
}

// fixResourcePolicyDeny lets the address out of the statements that deny all but some
// addresses, which is what such statements mostly are.
func fixResourcePolicyDeny(c *diagnosed, f *fault.Fault, finding *Finding) {
	finding.Fix.Text = "Change the statement that denies: an explicit deny wins over every allow. Then deploy."
	finding.Fix.Command = c.apigateway("get-rest-api", "--query", "policy", "--output", "text")
	sourceIp := c.sourceIp(f, finding)
	policy, statements, ok := c.policy()
	changed := false
	for i := range statements {
		if statement, allows := exceptAddress(statements[i], sourceIp); allows {
			statements[i], changed = statement, true
		}
	}
	if ok && changed {
		finding.Wanted = "an aws:SourceIp that the statement excepts"
		finding.Fix.Text = "Except " + sourceIp + " from the statement that denies, if that is meant: an explicit deny wins over every allow. Then deploy."
		finding.Fix.Command = c.putPolicy(policy, statements)
	}
}

// exceptAddress adds an address to those that a Deny with NotIpAddress excepts.
func exceptAddress(statement json.RawMessage, address string) (json.RawMessage, bool) {
	const denies, operator, key = "Deny", "NotIpAddress", "aws:SourceIp"
	var parsed map[string]any
	if json.Unmarshal(statement, &parsed) != nil || parsed["Effect"] != denies {
		return nil, false
	}
	condition, _ := parsed["Condition"].(map[string]any)
	excepted, _ := condition[operator].(map[string]any)
	for name, value := range excepted {
		if !strings.EqualFold(name, key) {
			continue
		}
		list, isList := value.([]any)
		if !isList {
			list = []any{value}
		}
		excepted[name] = append(list, address)
		return json.RawMessage(jsonText(parsed)), true
	}
	return nil, false
}
