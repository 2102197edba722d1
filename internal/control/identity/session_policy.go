package identity

import (
	"errors"
	"fmt"
	"net/http"

	"gatehouse/internal/awsapi"
	api "gatehouse/internal/awsapi/sts"
	"gatehouse/internal/iam"
	"gatehouse/internal/iam/records"
	"gatehouse/internal/iam/sessions"
	"gatehouse/internal/store"
)

// restrict puts session policies into a session, and returns their packed size in percent.
func (w *sessionWant) restrict(r store.Reader, session *sessions.Session) (*int32, error) {
	if w.policy != nil {
		if err := checkSessionPolicy(*w.policy); err != nil {
			return nil, err
		}
		session.Policies = []string{*w.policy}
	}
	if len(w.policyArns) > sessionPolicyArnsPerSession {
		return nil, invalidParameter("The number of policy ARNs exceeds %d.", sessionPolicyArnsPerSession)
	}
	for _, descriptor := range w.policyArns {
		if !(policyRef{session.Account, value(descriptor.Arn)}).visible(r) {
			return nil, invalidParameter("The managed policy %s does not exist or is not attachable.", value(descriptor.Arn))
		}
		session.PolicyArns = append(session.PolicyArns, *descriptor.Arn)
	}
	if len(session.Policies) == 0 && len(session.PolicyArns) == 0 && len(session.Tags) == 0 {
		return nil, nil // AWS leaves the size out when there is nothing to pack
	}
	size, err := sessions.PackedSize(session)
	if err != nil {
		return nil, err
	}
	percent := int32(1 + size*100/packedSizeMost) // bounded by what a request may hold
	if percent > 100 {
		return nil, &api.PackedPolicyTooLargeException{Message: fmt.Sprintf("Serialized token too large for session; packed size is %d%% of the limit", percent)}
	}
	return &percent, nil
}

func checkSessionPolicy(document string) error {
	_, err := iam.Compile([]byte(document), iam.IdentityPolicy, "session policy")
	var malformed *iam.MalformedPolicyError
	if errors.As(err, &malformed) {
		return &api.MalformedPolicyDocumentException{Message: malformed.Message}
	}
	if err == nil && iam.PolicySize([]byte(document)) > sessionPolicySize {
		return validationError("Value at 'policy' failed to satisfy constraint: Member must have length less than or equal to %d", sessionPolicySize)
	}
	return err
}

func invalidParameter(format string, values ...any) error {
	return &awsapi.Unmodelled{Code: "InvalidParameterValue", Message: fmt.Sprintf(format, values...), Status: http.StatusBadRequest}
}

// SessionOfRole makes credentials of a role for a service that runs something under it,
// such as a Lambda function, when the role's trust policy lets the service. It is the
// AssumeRole that AWS's own services do.
func (s *TokenService) SessionOfRole(service, roleArn, sessionName string, seconds int32) (*api.Credentials, error) {
	parsed, ok := records.ParseArn(roleArn)
	if !ok || parsed.Kind != "role" {
		return nil, validationError("%s is invalid", roleArn)
	}
	role, err := records.Roles.Get(s.Store.View(), records.Scope(parsed.Account), records.NameId(parsed.Name))
	if err == nil && role.Path != parsed.Path {
		err = store.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("finding role %s: %w", roleArn, err)
	}
	trust, err := iam.Compile([]byte(role.AssumeRolePolicyDocument), iam.TrustPolicy, "trust policy of role "+role.RoleName)
	if err != nil {
		return nil, fmt.Errorf("reading the trust policy of role %s: %w", roleArn, err)
	}
	request := &iam.Request{Principal: iam.ServicePrincipal(service), Action: actionAssumeRole, Resource: roleArn, Time: s.Now()}
	policies := &iam.Policies{Resource: trust, ResourceMustAllow: true}
	if decision := iam.Evaluate(request, policies); !decision.Allowed() {
		return nil, accessDenied(service + " may not assume " + roleArn + ": " + iam.Explain(request, policies, decision).String())
	}
	return s.issue(&sessions.Session{
		Kind: sessions.OfRole, Account: parsed.Account, Name: role.RoleName, Id: role.RoleId, SessionName: sessionName,
	}, seconds)
}
