package authenticator

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/caller"
	"gatehouse/internal/iam"
	"gatehouse/internal/iam/records"
	"gatehouse/internal/iam/sessions"
	"gatehouse/internal/secret"
	"gatehouse/internal/sigv4"
	"gatehouse/internal/store"
	"gatehouse/internal/store/memory"
	"gatehouse/internal/wire"
)

// keyRing is a Keyring with what it needs, and a user alice with the key AKIAALICE.
type keyRing struct {
	*Keyring
	*testing.T
	store  store.Store
	log    *bytes.Buffer
	now    time.Time
	secret string
}

func newKeyRing(t *testing.T) *keyRing {
	t.Helper()
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	keeper, err := secret.New(key, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	r := &keyRing{T: t, store: memory.New(), log: &bytes.Buffer{}, now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}
	r.Keyring = &Keyring{
		Store: r.store, Secrets: records.NewSecrets(keeper), Sessions: sessions.NewSealer(keeper, rand.Reader),
		Log: slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	sealed, err := r.Secrets.Seal("AKIAALICE", r.secret)
	if err != nil {
		t.Fatal(err)
	}
	r.put(func(tx *store.Tx) error {
		return errors.Join(
			records.AccessKeys.Put(tx, records.AccessKey{AccessKeyId: "AKIAALICE", Account: testAccount, UserName: "alice", UserId: "AIDAALICE", Active: true, SealedSecret: sealed}, records.Nobody, "AKIAALICE"),
			records.Users.Put(tx, records.User{UserName: "alice", Path: "/", UserId: "AIDAALICE", Groups: []string{"callers"}}, records.Scope(testAccount), "alice"),
			records.Groups.Put(tx, records.Group{GroupName: "callers", Permissions: records.Permissions{
				AttachedPolicies: []string{"arn:aws:iam::aws:policy/AmazonAPIGatewayInvokeFullAccess"}}}, records.Scope(testAccount), "callers"),
		)
	})
	return r
}

func (r *keyRing) put(write func(tx *store.Tx) error) {
	r.Helper()
	if err := r.store.Update(context.Background(), write); err != nil {
		r.Fatal(err)
	}
}

func (r *keyRing) role(role records.Role) {
	r.Helper()
	r.put(func(tx *store.Tx) error {
		return records.Roles.Put(tx, role, records.Scope(testAccount), records.NameId(role.RoleName))
	})
}

func (r *keyRing) signatures() *Signatures {
	return NewSignatures(r.Keyring, func() time.Time { return r.now })
}

// signed is a request to an API, signed with credentials.
func (r *keyRing) signed(with sigv4.Credentials) *sigv4.Request {
	request := &sigv4.Request{Method: "GET", Path: "/prod/pets", Host: "abc.execute-api.us-east-1.amazonaws.com"}
	signer := sigv4.Signer{Credentials: with, Scope: sigv4.Scope{Region: "us-east-1", Service: "execute-api"}}
	signer.Sign(request, r.now)
	return request
}

var executeApiScope = sigv4.Scope{Region: "us-east-1", Service: "execute-api"}

func TestSignaturesOfUsers(t *testing.T) {
	r := newKeyRing(t)
	key, err := r.signatures().Authenticate(context.Background(), r.signed(sigv4.Credentials{AccessKeyID: "AKIAALICE", Secret: r.secret}), executeApiScope)
	if err != nil {
		t.Fatal(err)
	}
	if key.Principal.ARN != "arn:aws:iam::111122223333:user/alice" || len(key.Policies.Identity) != 1 || key.Secret != "" {
		t.Errorf("got %+v", key.Principal)
	}
}

// Source: re:Post, "API Gateway: IAM SigV4 mismatch", the texts of 403.
func TestSignaturesThatAreRefused(t *testing.T) {
	r := newKeyRing(t)
	cases := map[string]struct {
		with sigv4.Credentials
		want sigv4.Kind
	}{
		"a wrong secret":           {sigv4.Credentials{AccessKeyID: "AKIAALICE", Secret: "wrong"}, sigv4.InvalidSignature},
		"nobody's key":             {sigv4.Credentials{AccessKeyID: "AKIANOBODY", Secret: r.secret}, sigv4.UnrecognizedClient},
		"an account, not a key":    {sigv4.Credentials{AccessKeyID: testAccount, Secret: "test"}, sigv4.UnrecognizedClient},
		"a token that is not ours": {sigv4.Credentials{AccessKeyID: "AKIAALICE", Secret: r.secret, SessionToken: "x"}, sigv4.UnrecognizedClient},
		"an unknown session":       {sigv4.Credentials{AccessKeyID: "ASIANOBODY", Secret: r.secret, SessionToken: "x"}, sigv4.UnrecognizedClient},
	}
	for name, c := range cases {
		_, err := r.signatures().Authenticate(context.Background(), r.signed(c.with), executeApiScope)
		var refused *sigv4.Error
		if !errors.As(err, &refused) || refused.Kind != c.want {
			t.Errorf("%s: %v", name, err)
		}
		if refused.Kind == sigv4.UnrecognizedClient && refused.Message != "The security token included in the request is invalid." {
			t.Errorf("%s: %s", name, refused.Message)
		}
	}
}

func (r *keyRing) session(change func(*sessions.Session)) (sigv4.Credentials, *sessions.Session) {
	r.Helper()
	session := &sessions.Session{
		Kind: sessions.OfRole, Account: testAccount, Name: "caller", Id: "AROACALLER", SessionName: "s", Issued: r.now.Unix(), Expires: r.now.Add(time.Hour).Unix(),
	}
	if change != nil {
		change(session)
	}
	token, err := r.Sessions.Issue(session)
	if err != nil {
		r.Fatal(err)
	}
	return sigv4.Credentials{AccessKeyID: session.AccessKeyId, Secret: session.SecretAccessKey, SessionToken: token}, session
}

func TestSessionsOfRoles(t *testing.T) {
	r := newKeyRing(t)
	r.role(records.Role{RoleName: "caller", RoleId: "AROACALLER", Path: "/p/", Tags: []iam.Tag{{Key: "Team", Value: "role"}, {Key: "own", Value: "1"}},
		Permissions: records.Permissions{InlinePolicies: map[string]string{"p": allowOf("execute-api:Invoke", "*", "")}}})
	with, _ := r.session(func(s *sessions.Session) {
		s.Tags, s.Policies = []iam.Tag{{Key: "team", Value: "session"}}, []string{allowOf("execute-api:Invoke", "*", "")}
	})
	signatures := r.signatures()
	key, err := signatures.Authenticate(context.Background(), r.signed(with), executeApiScope)
	if err != nil {
		t.Fatal(err)
	}
	p := key.Principal
	if p.ARN != "arn:aws:sts::111122223333:assumed-role/caller/s" || p.SessionOf != "arn:aws:iam::111122223333:role/p/caller" || p.UserID != "AROACALLER:s" || !p.TokenIssued.Equal(r.now) {
		t.Errorf("got %+v", p)
	}
	if len(p.Tags) != 2 || p.Tags[0].Value != "session" || p.Tags[1].Key != "own" || len(key.Policies.Session) != 1 {
		t.Errorf("tags %v, %d session policies", p.Tags, len(key.Policies.Session))
	}
	r.now = r.now.Add(time.Hour)
	_, err = signatures.Authenticate(context.Background(), r.signed(with), executeApiScope)
	var refused *sigv4.Error
	if !errors.As(err, &refused) || refused.Kind != sigv4.ExpiredToken {
		t.Errorf("after an hour: %v", err)
	}
}

// A presigned request has its token in the query.
func TestPresignedSessions(t *testing.T) {
	r := newKeyRing(t)
	r.role(records.Role{RoleName: "caller", RoleId: "AROACALLER", Path: "/"})
	with, _ := r.session(nil)
	request := &sigv4.Request{Method: "GET", Path: "/prod/pets", Host: "abc.execute-api.us-east-1.amazonaws.com"}
	signer := sigv4.Signer{Credentials: with, Scope: executeApiScope}
	signer.Presign(request, r.now, time.Minute)
	if _, err := r.signatures().Authenticate(context.Background(), request, executeApiScope); err != nil {
		t.Error(err)
	}
}

// What the store says counts at once, also for what is remembered.
func TestChangesCountAtOnce(t *testing.T) {
	r := newKeyRing(t)
	find := func() (iam.AccessKey, bool) { return r.Find("AKIAALICE", "") }
	if key, ok := find(); !ok || len(key.Policies.Identity) != 1 || key.Policies.Boundary != nil {
		t.Fatal("the key is not found")
	}
	r.put(func(tx *store.Tx) error {
		user, err := records.Users.Get(tx, records.Scope(testAccount), "alice")
		user.Permissions.PermissionsBoundary = "arn:aws:iam::aws:policy/NoSuchPolicy"
		return errors.Join(err, records.Users.Put(tx, user, records.Scope(testAccount), "alice"))
	})
	key, ok := find()
	if !ok || key.Policies.Boundary == nil {
		t.Fatal("the boundary is not seen")
	}
	request := &iam.Request{Principal: key.Principal, Action: "execute-api:Invoke", Resource: "arn:aws:execute-api:us-east-1:111122223333:abc/prod/GET/"}
	if iam.Evaluate(request, &iam.Policies{PrincipalPolicies: key.Policies}).Allowed() {
		t.Error("a boundary that does not exist lets everything through")
	}
	r.put(func(tx *store.Tx) error {
		record, err := records.AccessKeys.Get(tx, records.Nobody, "AKIAALICE")
		record.Active = false
		return errors.Join(err, records.AccessKeys.Put(tx, record, records.Nobody, "AKIAALICE"))
	})
	if _, ok := find(); ok {
		t.Error("an inactive key is found")
	}
}

// A key whose user was deleted and made anew is nobody's.
func TestKeysBelongToOneUser(t *testing.T) {
	r := newKeyRing(t)
	r.put(func(tx *store.Tx) error {
		return records.Users.Put(tx, records.User{UserName: "alice", Path: "/", UserId: "AIDAANOTHER"}, records.Scope(testAccount), "alice")
	})
	if _, ok := r.Find("AKIAALICE", ""); ok {
		t.Error("it is found")
	}
}

// A policy that cannot be read denies; a secret of another server's key is no key.
func TestDamageDenies(t *testing.T) {
	r := newKeyRing(t)
	r.put(func(tx *store.Tx) error {
		user, err := records.Users.Get(tx, records.Scope(testAccount), "alice")
		user.Permissions.InlinePolicies = map[string]string{"broken": `{"Version":`}
		return errors.Join(err, records.Users.Put(tx, user, records.Scope(testAccount), "alice"))
	})
	key, ok := r.Find("AKIAALICE", "")
	if !ok {
		t.Fatal("the key is not found")
	}
	request := &iam.Request{Principal: key.Principal, Action: "execute-api:Invoke", Resource: "arn:aws:execute-api:us-east-1:111122223333:abc/prod/GET/"}
	if d := iam.Evaluate(request, &iam.Policies{PrincipalPolicies: key.Policies}); d.Outcome != iam.ExplicitDeny {
		t.Errorf("got %v", d.Outcome)
	}
	other := newKeyRing(t)
	r.Secrets = other.Secrets
	r.put(func(tx *store.Tx) error { tx.Put(store.NewKey("x"), []byte("y")); return nil })
	if _, ok := r.Find("AKIAALICE", ""); ok {
		t.Error("a secret of another server was opened")
	}
	if !strings.Contains(r.log.String(), "sealed with another key") || strings.Contains(r.log.String(), r.secret) {
		t.Errorf("the log says %s", r.log)
	}
}

// Whatever is printed or logged of a refusal, no secret is in it.
func TestNoSecretReachesALogOrAnError(t *testing.T) {
	r := newKeyRing(t)
	r.role(records.Role{RoleName: "caller", RoleId: "AROACALLER", Path: "/"})
	with, session := r.session(nil)
	signatures := r.signatures()
	secure := &Secure{Signatures: signatures, Region: "us-east-1", Log: r.Log}
	request := r.signed(with)
	request.Path = "/prod/other" // no longer what was signed
	key, found := r.Find(with.AccessKeyID, with.SessionToken)
	_, err := signatures.Authenticate(context.Background(), request, executeApiScope)
	if err == nil || !found {
		t.Fatal("a changed request was accepted, or the session is not known")
	}
	httpRequest := httptest.NewRequest(http.MethodGet, "http://abc.execute-api.us-east-1.amazonaws.com/prod/other", nil)
	for _, header := range request.Headers {
		httpRequest.Header.Set(header.Name, header.Value)
	}
	_, refused := secure.Authenticate(httpRequest, nil, "execute-api")
	if refused == nil {
		t.Fatal("the wire accepted it")
	}
	var failed *sigv4.Error
	errors.As(err, &failed)
	printed := strings.Join([]string{
		r.log.String(), err.Error(), fmt.Errorf("x: %w", err).Error(), failed.Explanation.String(), fmt.Sprintf("%v %+v %s", key, session, with), fmt.Sprint(r.Keyring.Secrets),
	}, "\n")
	for what, text := range map[string]string{"a secret": with.Secret, "a token": with.SessionToken, "the user's secret": r.secret} {
		if strings.Contains(printed, text) {
			t.Errorf("%s is in:\n%s", what, printed)
		}
	}
	if !strings.Contains(r.log.String(), "signature refused") {
		t.Errorf("the log does not explain: %s", r.log)
	}
}

func TestDeveloperModeKnowsItsOwnKeys(t *testing.T) {
	r := newKeyRing(t)
	developer := &Developer{DeveloperAuthenticator: wire.DeveloperAuthenticator{DefaultAccount: "000000000000", DefaultRegion: "us-east-1"}, Keyring: r.Keyring}
	ask := func(id string) caller.Caller {
		request := httptest.NewRequest(http.MethodPost, "/", nil)
		if id != "" {
			request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+id+"/20260102/eu-west-1/sts/aws4_request, SignedHeaders=host, Signature=00")
		}
		who, err := developer.Authenticate(request, nil, "sts")
		if err != nil {
			t.Fatal(err)
		}
		return who
	}
	for id, want := range map[string]string{
		"":             "arn:aws:iam::000000000000:root",
		"test":         "arn:aws:iam::000000000000:root",
		"222233334444": "arn:aws:iam::222233334444:root",
		"AKIAALICE":    "arn:aws:iam::111122223333:user/alice",
	} {
		if who := ask(id); who.PrincipalArn != want || who.Principal().ARN != want || who.Account != strings.Split(want, ":")[4] {
			t.Errorf("%q is %s of %s", id, who.PrincipalArn, who.Account)
		}
	}
}

func BenchmarkAuthenticate(b *testing.B) {
	r := newKeyRing(&testing.T{})
	signatures := r.signatures()
	request := r.signed(sigv4.Credentials{AccessKeyID: "AKIAALICE", Secret: r.secret})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := signatures.Authenticate(context.Background(), request, executeApiScope); err != nil {
			b.Fatal(err)
		}
	}
}
