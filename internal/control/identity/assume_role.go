package identity

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"

	api "gatehouse/internal/awsapi/sts"
	"gatehouse/internal/caller"
	"gatehouse/internal/fault"
	"gatehouse/internal/iam"
	"gatehouse/internal/iam/denial"
	"gatehouse/internal/iam/records"
	"gatehouse/internal/iam/sessions"
	"gatehouse/internal/store"
)

// The actions that a trust policy allows.
const (
	actionAssumeRole                = "sts:AssumeRole"
	actionAssumeRoleWithWebIdentity = "sts:AssumeRoleWithWebIdentity"
	actionTagSession                = "sts:TagSession"
	actionSetSourceIdentity         = "sts:SetSourceIdentity"
)

// sessionWant is what both ways of assuming a role ask of the session.
type sessionWant struct {
	roleArn, sessionName string
	policy               *string
	policyArns           []api.PolicyDescriptorType
	durationSeconds      *int32
	tags                 []iam.Tag
	transitiveTagKeys    []string
	sourceIdentity       string
	principal            *iam.Principal // who assumes the role
	policies             iam.PrincipalPolicies
	action               string
	keys                 iam.Context // condition keys of this way alone
}

// AssumeRole makes a session of a role for a caller whom the role's trust policy, and
// the caller's own policies, allow it.
func (s *TokenService) AssumeRole(ctx context.Context, in *api.AssumeRoleInput) (*api.AssumeRoleOutput, error) {
	if err := refuseDevices(in.SerialNumber, in.TokenCode); err != nil {
		return nil, err
	}
	if len(in.ProvidedContexts) > 0 {
		return nil, validationError("ProvidedContexts is not supported by Gatehouse: there are no context providers")
	}
	who := caller.From(ctx)
	principal := who.Principal()
	if principal.Type == iam.Root && !s.RootAssumesRoles {
		return nil, accessDenied("Roles may not be assumed by root accounts.")
	}
	want := &sessionWant{
		roleArn: in.RoleArn, sessionName: in.RoleSessionName, policy: in.Policy, policyArns: in.PolicyArns, durationSeconds: in.DurationSeconds,
		transitiveTagKeys: in.TransitiveTagKeys, sourceIdentity: value(in.SourceIdentity),
		principal: principal, policies: who.Policies(), action: actionAssumeRole,
	}
	if in.ExternalId != nil {
		want.keys = append(want.keys, iam.ContextKey{Key: "sts:ExternalId", Value: *in.ExternalId})
	}
	if err := want.setTags(in.Tags); err != nil {
		return nil, err
	}
	if err := want.inherit(); err != nil {
		return nil, err
	}
	made, err := s.assume(ctx, want)
	if err != nil {
		return nil, err
	}
	out := &api.AssumeRoleOutput{Credentials: made.credentials, AssumedRoleUser: made.user, PackedPolicySize: made.packedSize}
	if want.sourceIdentity != "" {
		out.SourceIdentity = &want.sourceIdentity
	}
	return out, nil
}

// setTags checks the session tags.
func (w *sessionWant) setTags(in []api.Tag) error {
	if len(in) > sessionTagsPerSession {
		return validationError("Value at 'tags' failed to satisfy constraint: Member must have length less than or equal to %d", sessionTagsPerSession)
	}
	seen := map[string]bool{}
	for _, tag := range in {
		switch key := strings.ToLower(tag.Key); {
		case seen[key]:
			return invalidParameter("Duplicate tag keys found. Please note that Tag keys are case insensitive.")
		case strings.HasPrefix(key, reservedTagPrefix):
			return invalidParameter("Tag keys that begin with aws: are reserved.")
		default:
			seen[key] = true
		}
		w.tags = append(w.tags, iam.Tag{Key: tag.Key, Value: tag.Value})
	}
	for _, key := range w.transitiveTagKeys {
		if !seen[strings.ToLower(key)] {
			return invalidParameter("One or more transitive tag keys are not in the list of session tags.")
		}
	}
	return nil
}

// inherit takes over what a chain of roles passes on: transitive tags, and the source
// identity, none of which can be changed on the way.
func (w *sessionWant) inherit() error {
	for _, key := range w.principal.TransitiveTagKeys {
		if slices.ContainsFunc(w.tags, func(tag iam.Tag) bool { return strings.EqualFold(tag.Key, key) }) {
			return invalidParameter("One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.")
		}
	}
	if before := w.principal.SourceIdentity; before != "" {
		if w.sourceIdentity != "" && w.sourceIdentity != before {
			return accessDenied("The source identity of a session cannot be changed.")
		}
		w.sourceIdentity = before
	}
	return nil
}

// inherited are the tags that the caller's session passes on.
func (w *sessionWant) inherited() []iam.Tag {
	var tags []iam.Tag
	for _, tag := range w.principal.Tags {
		if slices.Contains(w.principal.TransitiveTagKeys, tag.Key) {
			tags = append(tags, tag)
		}
	}
	return tags
}

// assumed is what assuming a role gives.
type assumed struct {
	credentials *api.Credentials
	user        *api.AssumedRoleUser
	packedSize  *int32
}

// assume decides, and makes the session.
func (s *TokenService) assume(ctx context.Context, want *sessionWant) (*assumed, error) {
	parsed, ok := records.ParseArn(want.roleArn)
	if !ok || parsed.Kind != "role" {
		return nil, validationError("%s is invalid", want.roleArn)
	}
	view := s.Store.View()
	role, err := records.Roles.Get(view, records.Scope(parsed.Account), records.NameId(parsed.Name))
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	found := err == nil && role.RoleName == parsed.Name && role.Path == parsed.Path
	if err := s.decide(ctx, want, &role, found); err != nil {
		return nil, err
	}
	seconds, err := want.seconds(&role)
	if err != nil {
		return nil, err
	}
	session := &sessions.Session{
		Kind: sessions.OfRole, Account: parsed.Account, Name: role.RoleName, Id: role.RoleId, SessionName: want.sessionName,
		Tags: append(want.tags, want.inherited()...), TransitiveTagKeys: append(slices.Clone(want.transitiveTagKeys), want.principal.TransitiveTagKeys...),
		SourceIdentity: want.sourceIdentity,
	}
	if want.principal.Type == iam.WebIdentity {
		session.FederatedProvider = want.principal.Name
	}
	packed, err := want.restrict(view, session)
	if err != nil {
		return nil, err
	}
	credentials, err := s.issue(session, seconds)
	if err != nil {
		return nil, err
	}
	return &assumed{credentials: credentials, packedSize: packed, user: &api.AssumedRoleUser{
		AssumedRoleId: role.RoleId + ":" + want.sessionName, Arn: records.AssumedRoleArn(parsed.Account, role.RoleName, want.sessionName),
	}}, nil
}

// seconds is how long the session lives.
func (w *sessionWant) seconds(role *records.Role) (int32, error) {
	if w.durationSeconds == nil {
		return defaultMaxSessionDuration, nil
	}
	switch seconds := *w.durationSeconds; {
	case seconds > role.MaxSessionDuration:
		return 0, validationError("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
	case w.principal.Type == iam.AssumedRole && seconds > longestChainedSession:
		return 0, validationError("The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.")
	case seconds < shortestSession:
		return 0, validationError("The requested DurationSeconds is less than %d.", shortestSession)
	default:
		return seconds, nil
	}
}

// decide asks the trust policy of the role, and the caller's own policies, for every
// action that the call takes. A role that does not exist is refused in the same words.
func (s *TokenService) decide(ctx context.Context, want *sessionWant, role *records.Role, found bool) error {
	actions := []string{want.action}
	if len(want.tags) > 0 {
		actions = append(actions, actionTagSession)
	}
	if want.sourceIdentity != "" {
		actions = append(actions, actionSetSourceIdentity)
	}
	keys := want.context(ctx, role)
	for _, action := range actions {
		request := &iam.Request{Principal: want.principal, Action: action, Resource: want.roleArn, Context: keys, Time: s.Now()}
		if !found {
			s.Log.InfoContext(ctx, "role not assumed", slog.String("role", want.roleArn), slog.String("explanation", "there is no such role"))
			return missingRole(request)
		}
		trust, err := iam.Compile([]byte(role.AssumeRolePolicyDocument), iam.TrustPolicy, "trust policy of role "+role.RoleName)
		if err != nil {
			return err
		}
		policies := &iam.Policies{PrincipalPolicies: want.policies, Resource: trust, ResourceMustAllow: true}
		if decision := iam.Evaluate(request, policies); !decision.Allowed() {
			s.Log.InfoContext(ctx, "role not assumed", slog.String("role", want.roleArn), slog.String("principal", want.principal.String()),
				slog.String("explanation", iam.Explain(request, policies, decision).String()))
			refused := denial.Denial{Request: request, Policies: policies, Decision: decision}
			return fault.Refuse(notAuthorized(request), refused.Fault())
		}
	}
	return nil
}

// missingRole refuses in the words of notAuthorized. Another account is not told either in
// the explanation.
func missingRole(request *iam.Request) error {
	refused := denial.Denial{Request: request, Policies: &iam.Policies{ResourceMustAllow: true}, Decision: iam.Decision{By: iam.ResourceBased}}
	f := refused.Fault()
	if role, ok := records.ParseArn(request.Resource); ok && role.Account == request.Principal.Account {
		f.Found = "there is no such role"
	}
	return fault.Refuse(notAuthorized(request), f)
}

// notAuthorized is the refusal; it does not say which side refused.
func notAuthorized(request *iam.Request) error {
	if request.Principal.Type == iam.WebIdentity {
		return accessDenied("Not authorized to perform " + request.Action)
	}
	return accessDenied("User: " + request.Principal.String() + " is not authorized to perform: " + request.Action + " on resource: " + request.Resource)
}

// context are the condition keys of the call.
func (w *sessionWant) context(ctx context.Context, role *records.Role) iam.Context {
	who := caller.From(ctx)
	keys := append(iam.Context{
		{Key: "sts:RoleSessionName", Value: w.sessionName},
		{Key: "aws:SourceIp", Value: who.SourceIp},
		{Key: "aws:SecureTransport", Value: strconv.FormatBool(who.SecureTransport)},
		{Key: "aws:UserAgent", Value: who.UserAgent},
		{Key: "aws:RequestedRegion", Value: who.Region},
	}, w.keys...)
	if w.sourceIdentity != "" {
		keys = append(keys, iam.ContextKey{Key: "sts:SourceIdentity", Value: w.sourceIdentity})
	}
	if len(w.tags) > 0 {
		tags := map[string]string{}
		for _, tag := range w.tags {
			tags[tag.Key] = tag.Value
			keys = append(keys, iam.ContextKey{Key: "aws:RequestTag/" + tag.Key, Value: tag.Value})
		}
		keys = append(keys, iam.ContextKey{Key: "aws:TagKeys", Values: slices.Sorted(maps.Keys(tags))})
	}
	if len(w.transitiveTagKeys) > 0 {
		keys = append(keys, iam.ContextKey{Key: "sts:TransitiveTagKeys", Values: w.transitiveTagKeys})
	}
	for _, tag := range role.Tags {
		keys = append(keys, iam.ContextKey{Key: "aws:ResourceTag/" + tag.Key, Value: tag.Value},
			iam.ContextKey{Key: "iam:ResourceTag/" + tag.Key, Value: tag.Value})
	}
	return keys
}
