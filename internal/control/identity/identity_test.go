package identity

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gatehouse/internal/awsapi"
	api "gatehouse/internal/awsapi/iam"
	"gatehouse/internal/caller"
	"gatehouse/internal/iam/records"
	"gatehouse/internal/iam/sessions"
	"gatehouse/internal/secret"
	"gatehouse/internal/store"
	"gatehouse/internal/store/memory"
)

const testAccount = "111122223333"

func newServices(t *testing.T) (*Service, *TokenService) {
	t.Helper()
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	keeper, err := secret.New(key, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	kept := memory.New()
	now := func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }
	return &Service{Store: kept, Secrets: records.NewSecrets(keeper), Now: now, Random: rand.Reader},
		&TokenService{Store: kept, Sessions: sessions.NewSealer(keeper, rand.Reader), Now: now, Log: slog.New(slog.DiscardHandler)}
}

func rootOf(account string) context.Context {
	return caller.WithCaller(context.Background(), caller.Caller{Account: account, Region: "us-east-1"})
}

func wantCode(t *testing.T, err error, code, text string) {
	t.Helper()
	var failure awsapi.Error
	if !errors.As(err, &failure) || failure.ErrorCode() != code || !strings.Contains(failure.ErrorMessage(), text) {
		t.Errorf("got %v, want %s: %s", err, code, text)
	}
}

// Pages put together are the list, whatever their size, and though items come and go between them.
func TestPaginate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		numbers := rapid.SliceOfNDistinct(rapid.IntRange(0, 99), 0, 40, rapid.ID).Draw(t, "items")
		names := make([]string, len(numbers))
		for i, number := range numbers {
			names[i] = strconv.Itoa(100 + number)
		}
		size := int32(rapid.IntRange(1, 10).Draw(t, "size")) // at most 10
		want := slices.Sorted(slices.Values(names))
		var got []string
		var marker *string
		for {
			found, err := paginate(slices.Clone(names), func(name string) string { return name }, pageRequest{marker, &size})
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, found.items...)
			if found.truncated != (found.marker != nil) {
				t.Fatal("a marker without more")
			}
			if !found.truncated {
				break
			}
			if len(names) > 1 { // the item that the marker names may go
				names = slices.DeleteFunc(names, func(name string) bool { return name == got[len(got)-1] && rapid.Bool().Draw(t, "goes") })
			}
			marker = found.marker
		}
		if !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

func TestPaginateRefusesWhatIsNoMarker(t *testing.T) {
	_, err := paginate([]string{"a"}, func(name string) string { return name }, pageRequest{marker: new("%")})
	wantCode(t, err, "ValidationError", "Marker")
}

func TestEnsureRootAccessKeyMakesOne(t *testing.T) {
	service, _ := newServices(t)
	key, made, err := service.EnsureRootAccessKey(context.Background(), testAccount)
	if err != nil || !made || len(key.SecretAccessKey) != 40 || key.String() != key.AccessKeyId {
		t.Fatalf("made %v, %v", made, err)
	}
	if again, made, err := service.EnsureRootAccessKey(context.Background(), testAccount); err != nil || made || again.SecretAccessKey != "" {
		t.Errorf("a second time: made %v, %v", made, err)
	}
	record, err := records.AccessKeys.Get(service.Store.View(), records.Nobody, key.AccessKeyId)
	if err != nil || record.UserName != "" || record.Account != testAccount {
		t.Fatalf("got %+v %v", record, err)
	}
	if opened, err := service.Secrets.Open(&record); err != nil || opened != key.SecretAccessKey {
		t.Errorf("the secret does not open: %v", err)
	}
	listed, err := service.ListAccessKeys(rootOf(testAccount), &api.ListAccessKeysInput{})
	if err != nil || len(listed.AccessKeyMetadata) != 1 {
		t.Errorf("the root user has %v, %v", listed, err)
	}
}

// Policies of other accounts cannot be attached, be boundaries, or be read.
func TestPoliciesOfOtherAccounts(t *testing.T) {
	service, _ := newServices(t)
	own, other := rootOf(testAccount), rootOf("444455556666")
	made, err := service.CreatePolicy(other, &api.CreatePolicyInput{PolicyName: "p", PolicyDocument: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := service.CreateUser(own, &api.CreateUserInput{UserName: "u"}); err != nil {
		t.Fatal(err)
	}
	arn := *made.Policy.Arn
	_, err = service.AttachUserPolicy(own, &api.AttachUserPolicyInput{UserName: "u", PolicyArn: arn})
	wantCode(t, err, "NoSuchEntity", "not attachable")
	_, err = service.PutUserPermissionsBoundary(own, &api.PutUserPermissionsBoundaryInput{UserName: "u", PermissionsBoundary: arn})
	wantCode(t, err, "NoSuchEntity", "not attachable")
	_, err = service.GetPolicy(own, &api.GetPolicyInput{PolicyArn: arn})
	wantCode(t, err, "NoSuchEntity", "was not found")
	_, err = service.DeletePolicy(own, &api.DeletePolicyInput{PolicyArn: arn})
	wantCode(t, err, "NoSuchEntity", "was not found")
	_, err = service.DeletePolicy(own, &api.DeletePolicyInput{PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess"})
	wantCode(t, err, "AccessDenied", "")
}

func TestSessionOfRole(t *testing.T) {
	_, tokens := newServices(t)
	err := tokens.Store.Update(context.Background(), func(tx *store.Tx) error {
		return records.Roles.Put(tx, records.Role{RoleName: "r", Path: "/p/", RoleId: "AROAR", AssumeRolePolicyDocument: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`},
			records.Scope(testAccount), "r")
	})
	if err != nil {
		t.Fatal(err)
	}
	made, err := tokens.SessionOfRole("lambda.amazonaws.com", "arn:aws:iam::111122223333:role/p/r", "f", 900)
	if err != nil {
		t.Fatal(err)
	}
	session, ok := tokens.Sessions.Open(made.SessionToken)
	if !ok || session.Name != "r" || session.SessionName != "f" || session.Expires-session.Issued != 900 {
		t.Errorf("got %+v", session)
	}
	_, err = tokens.SessionOfRole("apigateway.amazonaws.com", "arn:aws:iam::111122223333:role/p/r", "f", 900)
	wantCode(t, err, "AccessDenied", "apigateway.amazonaws.com may not assume")
	if _, err = tokens.SessionOfRole("lambda.amazonaws.com", "arn:aws:iam::111122223333:role/r", "f", 900); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a role of another path: %v", err)
	}
}
