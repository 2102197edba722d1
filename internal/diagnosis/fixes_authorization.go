package diagnosis

import (
	"encoding/json"
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/fault"
	"gatehouse/internal/iam"
)

// signedRequest is the request, signed with the client's own key.
func (c *diagnosed) signedRequest() string {
	signing := command("--aws-sigv4", "aws:amz:"+c.record.Region+":execute-api") + ` --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"`
	return strings.Replace(c.curl(c.again()), "curl -i ", "curl -i "+signing+" ", 1)
}

func fixSignatureMissing(c *diagnosed, _ *fault.Fault, finding *Finding) {
	finding.Wanted = "a request signed with Signature Version 4 for service execute-api in region " + c.record.Region
	finding.Fix = Fix{Text: "Sign the request.", Command: c.signedRequest()}
}

func fixSignature(c *diagnosed, _ *fault.Fault, finding *Finding) {
	finding.Fix = Fix{
		Text:    "Sign exactly what is sent, for service execute-api in region " + c.record.Region + ", with the clock set; the difference stands above.",
		Command: c.signedRequest(),
	}
}

func fixAccessKey(c *diagnosed, _ *fault.Fault, finding *Finding) {
	finding.Wanted = "an access key that exists here and is active (aws iam list-access-keys shows yours)"
	finding.Fix = Fix{Text: "Sign with an access key that exists here and is active.", Command: c.signedRequest()}
}

// allowStatement is a statement that would let the request pass.
type allowStatement struct {
	Effect    string
	Principal any `json:",omitempty"`
	Action    string
	Resource  string
	Condition any `json:",omitempty"`
}

// methodArn is what the request was to be allowed.
func (c *diagnosed) methodArn() string {
	scope := apigw.Scope{Account: c.record.AccountId, Region: c.record.Region}
	path := c.record.ResourcePath
	if c.isHttp() {
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
	c.fixPrincipal(finding, iam.ActionInvoke, "invoke")
}

// fixPrincipal allows the signer an action on the API, by a policy of its own.
func (c *diagnosed) fixPrincipal(finding *Finding, action, policyName string) {
	document := jsonText(map[string]any{
		"Version": "2012-10-17", "Statement": []allowStatement{{Effect: "Allow", Action: action, Resource: c.wildcardArn()}},
	})
	principal, policyName := c.fact("principal"), policyName+"-"+c.record.ApiId
	finding.Fix = Fix{Text: "Allow " + principal + " " + action + " on the method."}
	if _, user, ok := strings.Cut(principal, userMark); ok {
		name := user[strings.LastIndexByte(user, '/')+1:]
		finding.Fix.Command = command("aws", "iam", "put-user-policy", "--user-name", name, "--policy-name", policyName, "--policy-document", document)
	}
	if _, role, ok := strings.Cut(principal, roleMark); ok {
		name, _, _ := strings.Cut(role, "/")
		finding.Fix.Command = command("aws", "iam", "put-role-policy", "--role-name", name, "--policy-name", policyName, "--policy-document", document)
	}
}

// policy is the resource policy as it stands, and its statements.
func (c *diagnosed) policy() (policy map[string]json.RawMessage, statements []json.RawMessage, ok bool) {
	if c.definition == nil || c.definition.Rest == nil || json.Unmarshal([]byte(c.definition.Rest.RestApi.Policy), &policy) != nil {
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
	finding.Wanted = "a statement that allows execute-api:Invoke on " + c.wildcardArn() + " to " + sourceIp
	finding.Fix.Text = "Add a statement that allows this method to " + sourceIp + " to the API's resource policy, and deploy."
	policy, statements, ok := c.policy()
	if !ok {
		return
	}
	statements = append(statements, json.RawMessage(jsonText(allowStatement{
		Effect: "Allow", Principal: "*", Action: "execute-api:Invoke", Resource: c.wildcardArn(),
		Condition: map[string]any{"IpAddress": map[string]string{"aws:SourceIp": sourceIp}},
	})))
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
