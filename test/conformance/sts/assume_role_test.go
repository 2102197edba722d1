// Known from: STS API Reference, AssumeRole; IAM User Guide, id_session-tags.md, id_credentials_temp_control-access_monitor.md
// (source identity) and id_roles_common-scenarios_third-party.md (external id); messages as in public reports.

package sts

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
)

func TestAssumeRole_acrossAccounts(t *testing.T) {
	f := newFixture(t)
	out, err := f.assume(nil)
	must(t, out, err)
	wantArn := "arn:aws:sts::" + otherAccount + ":assumed-role/" + *f.roleName + "/session"
	if *out.AssumedRoleUser.Arn != wantArn || !strings.HasSuffix(*out.AssumedRoleUser.AssumedRoleId, ":session") || out.PackedPolicySize != nil {
		t.Errorf("got %s %s", *out.AssumedRoleUser.Arn, *out.AssumedRoleUser.AssumedRoleId)
	}
	if left := time.Until(*out.Credentials.Expiration); left > time.Hour || left < 59*time.Minute {
		t.Errorf("it lives for %v", left)
	}
	who, err := f.server.Sts(t, provider(out.Credentials)).GetCallerIdentity(f.ctx, nil)
	if must(t, who, err); *who.Arn != wantArn || *who.Account != otherAccount || *who.UserId != *out.AssumedRoleUser.AssumedRoleId {
		t.Errorf("got %s %s %s", *who.Arn, *who.Account, *who.UserId)
	}
}

func TestAssumeRole_bothSidesMustAllow(t *testing.T) {
	f := newFixture(t)
	f.allow(strings.Replace(allowAssume, "Allow", "Deny", 1))
	_, err := f.assume(nil)
	wantError(t, err, "AccessDenied", f.refusal())
	f.allow(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`)
	_, err = f.assume(nil)
	wantError(t, err, "AccessDenied", f.refusal())
	f.allow(allowAssume)
	f.setTrust(strings.ReplaceAll(f.trust(nil), *f.user.Arn, "arn:aws:iam::"+otherAccount+":root"))
	_, err = f.assume(nil)
	wantError(t, err, "AccessDenied", f.refusal())
	f.setTrust(strings.ReplaceAll(f.trust(nil), *f.user.Arn, "111122223333"))
	_, err = f.assume(nil)
	must(t, 0, err)
}

func TestAssumeRole_trustAloneInOneAccount(t *testing.T) {
	f := newFixture(t)
	f.allow(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`)
	role, err := f.home.CreateRole(f.ctx, &iam.CreateRoleInput{RoleName: name("role"), AssumeRolePolicyDocument: aws.String(f.trust(nil))})
	must(t, role, err)
	_, err = f.assume(func(in *sts.AssumeRoleInput) { in.RoleArn = role.Role.Arn })
	must(t, 0, err) // the trust policy names the user itself
	_, err = f.home.UpdateAssumeRolePolicy(f.ctx, &iam.UpdateAssumeRolePolicyInput{
		RoleName: role.Role.RoleName, PolicyDocument: aws.String(strings.ReplaceAll(f.trust(nil), *f.user.Arn, "111122223333")),
	})
	must(t, 0, err)
	_, err = f.assume(func(in *sts.AssumeRoleInput) { in.RoleArn = role.Role.Arn })
	wantError(t, err, "AccessDenied", "") // it names the account, so the user needs a policy of its own
}

func TestAssumeRole_missingRole(t *testing.T) {
	f := newFixture(t)
	missing := *f.roleArn + "x"
	_, err := f.assume(func(in *sts.AssumeRoleInput) { in.RoleArn = &missing })
	wantError(t, err, "AccessDenied", f.refusal()+"x")
	_, err = f.assume(func(in *sts.AssumeRoleInput) { in.RoleArn = aws.String("arn:aws:iam::444455556666:user/u") })
	wantError(t, err, "ValidationError", "arn:aws:iam::444455556666:user/u is invalid")
}

func TestAssumeRole_rootUser(t *testing.T) {
	f := newFixture(t)
	_, err := f.server.Sts(t, nil).AssumeRole(f.ctx, &sts.AssumeRoleInput{RoleArn: f.roleArn, RoleSessionName: aws.String("session")})
	wantError(t, err, "AccessDenied", "Roles may not be assumed by root accounts.")
}

func TestAssumeRole_externalId(t *testing.T) {
	f := newFixture(t)
	f.setTrust(f.trust(map[string]any{"StringEquals": map[string]string{"sts:ExternalId": "Example987"}}))
	for externalId, allowed := range map[string]bool{"": false, "Example987": true, "other": false} {
		_, err := f.assume(func(in *sts.AssumeRoleInput) {
			if externalId != "" {
				in.ExternalId = &externalId
			}
		})
		if allowed {
			must(t, 0, err)
		} else {
			wantError(t, err, "AccessDenied", f.refusal())
		}
	}
}

func TestAssumeRole_duration(t *testing.T) {
	f := newFixture(t)
	_, err := f.assume(func(in *sts.AssumeRoleInput) { in.DurationSeconds = aws.Int32(7200) })
	wantError(t, err, "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
	_, err = f.assume(func(in *sts.AssumeRoleInput) { in.DurationSeconds = aws.Int32(60) })
	wantError(t, err, "ValidationError", "")
	_, err = f.other.UpdateRole(f.ctx, &iam.UpdateRoleInput{RoleName: f.roleName, MaxSessionDuration: aws.Int32(7200)})
	must(t, 0, err)
	out, err := f.assume(func(in *sts.AssumeRoleInput) { in.DurationSeconds = aws.Int32(7200) })
	if left := time.Until(*must(t, out, err).Credentials.Expiration); left < 119*time.Minute {
		t.Errorf("it lives for %v", left)
	}
}

// A session of the role may list users; with a session policy that says otherwise it may not.
func TestAssumeRole_sessionPolicy(t *testing.T) {
	f := newFixture(t)
	_, err := f.other.AttachRolePolicy(f.ctx, &iam.AttachRolePolicyInput{RoleName: f.roleName, PolicyArn: aws.String("arn:aws:iam::aws:policy/IAMFullAccess")})
	must(t, 0, err)
	list := func(change func(*sts.AssumeRoleInput)) error {
		out, err := f.assume(change)
		_, err = f.server.Iam(t, provider(must(t, out, err).Credentials)).ListUsers(f.ctx, &iam.ListUsersInput{})
		return err
	}
	must(t, 0, list(nil))
	err = list(func(in *sts.AssumeRoleInput) {
		in.Policy = aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:GetUser","Resource":"*"}]}`)
	})
	wantError(t, err, "AccessDenied", "User: arn:aws:sts::"+otherAccount+":assumed-role/"+*f.roleName+
		"/session is not authorized to perform: iam:ListUsers because no session policy allows the iam:ListUsers action")
	must(t, 0, list(func(in *sts.AssumeRoleInput) {
		in.PolicyArns = []types.PolicyDescriptorType{{Arn: aws.String("arn:aws:iam::aws:policy/IAMReadOnlyAccess")}}
	}))
	_, err = f.assume(func(in *sts.AssumeRoleInput) { in.Policy = aws.String(`{"Version":"2012-10-17"}`) })
	wantError(t, err, "MalformedPolicyDocument", "")
}

func TestAssumeRole_packedSize(t *testing.T) {
	f := newFixture(t)
	out, err := f.assume(func(in *sts.AssumeRoleInput) {
		in.Policy = aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:GetUser","Resource":"*"}]}`)
	})
	if must(t, out, err); out.PackedPolicySize == nil || *out.PackedPolicySize < 1 || *out.PackedPolicySize > 100 {
		t.Errorf("got %v", out.PackedPolicySize)
	}
}

func TestAssumeRole_tags(t *testing.T) {
	f := newFixture(t)
	f.setTrust(f.trust(map[string]any{"StringEquals": map[string]string{"aws:RequestTag/team": "a"}}))
	_, err := f.other.PutRolePolicy(f.ctx, &iam.PutRolePolicyInput{RoleName: f.roleName, PolicyName: aws.String("p"), PolicyDocument: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:ListUsers","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/team":"a"}}}]}`)})
	must(t, 0, err)
	tagged := func(value string) (*sts.AssumeRoleOutput, error) {
		return f.assume(func(in *sts.AssumeRoleInput) { in.Tags = []types.Tag{{Key: aws.String("team"), Value: &value}} })
	}
	_, err = tagged("b")
	wantError(t, err, "AccessDenied", f.refusal())
	out, err := tagged("a")
	_, err = f.server.Iam(t, provider(must(t, out, err).Credentials)).ListUsers(f.ctx, &iam.ListUsersInput{})
	must(t, 0, err)
	f.allow(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}]}`)
	_, err = tagged("a")
	wantError(t, err, "AccessDenied", "User: "+*f.user.Arn+" is not authorized to perform: sts:TagSession on resource: "+*f.roleArn)
}

// chain makes a second role that the first may assume.
func (f *fixture) chain() *string {
	f.Helper()
	_, err := f.other.PutRolePolicy(f.ctx, &iam.PutRolePolicyInput{RoleName: f.roleName, PolicyName: aws.String("chain"), PolicyDocument: aws.String(allowAssume)})
	must(f, 0, err)
	second, err := f.other.CreateRole(f.ctx, &iam.CreateRoleInput{RoleName: name("second"), MaxSessionDuration: aws.Int32(7200),
		AssumeRolePolicyDocument: aws.String(strings.ReplaceAll(f.trust(nil), *f.user.Arn, *f.roleArn))})
	return must(f, second, err).Role.Arn
}

func TestAssumeRole_chain(t *testing.T) {
	f := newFixture(t)
	second := f.chain()
	out, err := f.assume(func(in *sts.AssumeRoleInput) {
		in.Tags = []types.Tag{{Key: aws.String("team"), Value: aws.String("a")}, {Key: aws.String("own"), Value: aws.String("b")}}
		in.TransitiveTagKeys, in.SourceIdentity = []string{"team"}, aws.String("alice")
	})
	if must(t, out, err); *out.SourceIdentity != "alice" {
		t.Errorf("got %v", out.SourceIdentity)
	}
	first := f.server.Sts(t, provider(out.Credentials))
	_, err = first.AssumeRole(f.ctx, &sts.AssumeRoleInput{RoleArn: second, RoleSessionName: aws.String("s2"), DurationSeconds: aws.Int32(7200)})
	wantError(t, err, "ValidationError", "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.")
	_, err = first.AssumeRole(f.ctx, &sts.AssumeRoleInput{RoleArn: second, RoleSessionName: aws.String("s2"), SourceIdentity: aws.String("bob")})
	wantError(t, err, "AccessDenied", "")
	_, err = first.AssumeRole(f.ctx, &sts.AssumeRoleInput{RoleArn: second, RoleSessionName: aws.String("s2"),
		Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("z")}}})
	wantError(t, err, "InvalidParameterValue", "")
	chained, err := first.AssumeRole(f.ctx, &sts.AssumeRoleInput{RoleArn: second, RoleSessionName: aws.String("s2")})
	must(t, chained, err)
	session, ok := f.server.Keyring.Find(*chained.Credentials.AccessKeyId, *chained.Credentials.SessionToken)
	if !ok || len(session.Principal.Tags) != 1 || session.Principal.Tags[0].Key != "team" || session.Principal.SourceIdentity != "alice" {
		t.Errorf("the second session has %v of %v", session.Principal.Tags, session.Principal.SourceIdentity)
	}
}

func TestAssumeRole_boundary(t *testing.T) {
	f := newFixture(t)
	_, err := f.other.AttachRolePolicy(f.ctx, &iam.AttachRolePolicyInput{RoleName: f.roleName, PolicyArn: aws.String("arn:aws:iam::aws:policy/IAMFullAccess")})
	must(t, 0, err)
	_, err = f.other.PutRolePermissionsBoundary(f.ctx, &iam.PutRolePermissionsBoundaryInput{
		RoleName: f.roleName, PermissionsBoundary: aws.String("arn:aws:iam::aws:policy/IAMReadOnlyAccess"),
	})
	must(t, 0, err)
	out, err := f.assume(nil)
	session := f.server.Iam(t, provider(must(t, out, err).Credentials))
	_, err = session.ListUsers(f.ctx, &iam.ListUsersInput{})
	must(t, 0, err)
	_, err = session.CreateUser(f.ctx, &iam.CreateUserInput{UserName: aws.String("u"), Tags: []iamtypes.Tag{}})
	wantError(t, err, "AccessDenied", "User: arn:aws:sts::"+otherAccount+":assumed-role/"+*f.roleName+
		"/session is not authorized to perform: iam:CreateUser on resource: arn:aws:iam::"+otherAccount+
		":user/u because no permissions boundary allows the iam:CreateUser action")
}

func TestAssumeRole_sessionEndsWithItsRole(t *testing.T) {
	f := newFixture(t)
	out, err := f.assume(nil)
	session := f.server.Sts(t, provider(must(t, out, err).Credentials))
	_, err = session.GetCallerIdentity(f.ctx, nil)
	must(t, 0, err)
	_, err = f.other.DeleteRole(f.ctx, &iam.DeleteRoleInput{RoleName: f.roleName})
	must(t, 0, err)
	_, err = f.other.CreateRole(f.ctx, &iam.CreateRoleInput{RoleName: f.roleName, AssumeRolePolicyDocument: aws.String(f.trust(nil))})
	must(t, 0, err)
	_, err = session.GetCallerIdentity(f.ctx, nil)
	wantError(t, err, "InvalidClientTokenId", "The security token included in the request is invalid.")
}

// What was refused is explained in the log, and neither secrets nor tokens get there.
func TestAssumeRole_logsExplainAndTellNoSecret(t *testing.T) {
	f := newFixture(t)
	out, err := f.assume(nil)
	made := must(t, out, err).Credentials
	f.setTrust(f.trust(map[string]any{"StringEquals": map[string]string{"sts:ExternalId": "Example987"}}))
	_, err = f.assume(nil)
	wantError(t, err, "AccessDenied", f.refusal())
	broken := *made
	broken.SecretAccessKey = aws.String("wrong")
	_, err = f.server.Sts(t, provider(&broken)).GetCallerIdentity(f.ctx, nil)
	wantError(t, err, "SignatureDoesNotMatch", "")
	log := f.server.Log.String()
	for _, want := range []string{"no resource-based policy allows", "sts:ExternalId", "signature refused"} {
		if !strings.Contains(log, want) {
			t.Errorf("the log does not say %q:\n%s", want, log)
		}
	}
	key, _ := f.credentials.Retrieve(f.ctx)
	for what, secret := range map[string]string{"a session token": *made.SessionToken, "a session's secret": *made.SecretAccessKey, "a user's secret": key.SecretAccessKey} {
		if strings.Contains(log, secret) {
			t.Errorf("the log holds %s:\n%s", what, log)
		}
	}
}
