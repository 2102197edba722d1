// Package login lets people and programs reach what Gatehouse itself shows in secure
// mode: recent requests, their explanations, metrics. People log in on a page with an
// access key and get a session; programs sign each request (Signature Version 4, for
// the service "gatehouse"). What they may see is IAM's to decide.
//
// It keeps no users and no keys: an access key is looked up again at every request, so
// that one which is inactive, or whose user is gone, ends its sessions. Sessions are in
// the store, so that they hold at every node, and end at every node. It does not serve
// the pages that it guards, and in developer mode nobody uses it.
//
// Begin at Gate.
package login

import (
	"context"
	"crypto/subtle"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"gatehouse/internal/iam"
	"gatehouse/internal/sigv4"
	"gatehouse/internal/store"
	"gatehouse/internal/throttle"
)

// Service is what requests to Gatehouse's own APIs are signed for.
const Service = "gatehouse"

// Permission is an action of Gatehouse's own, on what an account has:
// arn:aws:gatehouse::ACCOUNT:requests.
type Permission struct{ Action, Resource string }

// The permissions. Policies that allow "*" include them.
var (
	ViewRequests = Permission{Action: "gatehouse:ViewRequests", Resource: "requests"}
	ViewMetrics  = Permission{Action: "gatehouse:ViewMetrics", Resource: "metrics"}
	ViewReports  = Permission{Action: "gatehouse:ViewReports", Resource: "reports"}
)

// Keys finds access keys; *authenticator.Keyring does.
type Keys interface {
	Find(accessKeyId, token string) (iam.AccessKey, bool)
}

// Signatures says who signed; *authenticator.Signatures does. A refusal is a *sigv4.Error.
type Signatures interface {
	Authenticate(ctx context.Context, request *sigv4.Request, scope sigv4.Scope) (iam.AccessKey, error)
}

// Options are what a Gate is made of.
type Options struct {
	Keys       Keys
	Signatures Signatures
	// Store keeps sessions, and Sealer what they must not tell; all nodes have the same.
	Store  store.Store
	Sealer Sealer
	// Account is the server's own: its principals alone see what belongs to no account,
	// or to all.
	Account string
	Now     func() time.Time
	Random  io.Reader
	// BehindProxy says that X-Forwarded-Proto tells how clients came.
	BehindProxy bool
	// Log is told of logins and failed logins; never of a secret.
	Log *slog.Logger
}

// Gate knows who is logged in. It is safe for concurrent use.
type Gate struct {
	options  Options
	sessions *sessions
	attempts *throttle.Limiter
}

// New makes a Gate. Who is logged in stays so.
func New(options Options) *Gate {
	return &Gate{options: options, sessions: newSessions(&options), attempts: throttle.New(options.Now)}
}

// Run writes down which sessions are used, and forgets those that are over, until ctx is done.
func (g *Gate) Run(ctx context.Context) { g.sessions.run(ctx) }

// Visitor is who is logged in or has signed.
type Visitor struct {
	Principal *iam.Principal
	policies  iam.PrincipalPolicies
	sourceIp  string
	secure    bool
}

type visitorKey struct{}

// VisitorOf is who sends the request of a context, once the Gate has let the request through.
func VisitorOf(ctx context.Context) (*Visitor, bool) {
	visitor, ok := ctx.Value(visitorKey{}).(*Visitor)
	return visitor, ok
}

// Sees says whether a visitor may see what belongs to an account, "" for none.
func (g *Gate) Sees(ctx context.Context, account string) bool {
	visitor, ok := VisitorOf(ctx)
	if !ok {
		return false
	}
	if account == "" {
		account = g.options.Account
	}
	return visitor.Principal.Account == account
}

// request is what is decided when a visitor wants to see something of its account.
func (g *Gate) request(v *Visitor, permission Permission) *iam.Request {
	account := v.Principal.Account
	return &iam.Request{
		Principal: v.Principal, Action: permission.Action, Resource: "arn:aws:gatehouse::" + account + ":" + permission.Resource, ResourceAccount: account,
		Time: g.options.Now(), Context: iam.Context{
			{Key: "aws:SourceIp", Value: v.sourceIp},
			{Key: "aws:SecureTransport", Value: strconv.FormatBool(v.secure)},
		},
	}
}

// Protect lets through whom IAM allows what they want to see. A browser without a
// session is led to the login page; what it may not see says which permission is missing.
func (g *Gate) Protect(permission Permission, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		visitor, err := g.identify(r)
		switch {
		case err != nil:
			refuseSignature(w, err)
		case visitor == nil && wantsPage(r):
			g.leadToLogin(w, r)
		case visitor == nil:
			refuseSignature(w, &sigv4.Error{Kind: sigv4.MissingAuthenticationToken, Message: "Missing Authentication Token"})
		default:
			g.authorize(w, r.WithContext(context.WithValue(r.Context(), visitorKey{}, visitor)), permission, next)
		}
	})
}

func (g *Gate) authorize(w http.ResponseWriter, r *http.Request, permission Permission, next http.Handler) {
	visitor, _ := VisitorOf(r.Context())
	request, policies := g.request(visitor, permission), &iam.Policies{PrincipalPolicies: visitor.policies}
	if decision := iam.Evaluate(request, policies); !decision.Allowed() {
		g.deny(w, r, request, policies, decision)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	next.ServeHTTP(w, r)
}

// ProtectShared is Protect for what is not one account's: of all accounts, only the
// server's own is let in.
func (g *Gate) ProtectShared(permission Permission, next http.Handler) http.Handler {
	own := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !g.Sees(r.Context(), "") {
			g.denyForeign(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
	return g.Protect(permission, own)
}

// Identify says to a handler that anybody may use who asks, if that is known and may see
// requests: VisitorOf tells.
func (g *Gate) Identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		visitor, err := g.identify(r)
		if err == nil && visitor != nil {
			decision := iam.Evaluate(g.request(visitor, ViewRequests), &iam.Policies{PrincipalPolicies: visitor.policies})
			if decision.Allowed() {
				r = r.WithContext(context.WithValue(r.Context(), visitorKey{}, visitor))
				w.Header().Set("Cache-Control", "no-store")
			}
		}
		next.ServeHTTP(w, r)
	})
}

// identify finds out who sends a request: who signed it, or whose session it belongs to;
// nil for nobody. The error is a signature's that was refused.
func (g *Gate) identify(r *http.Request) (*Visitor, error) {
	if isSigned(r) {
		request := sigv4.FromHTTP(r, nil)
		key, err := g.options.Signatures.Authenticate(r.Context(), &request, sigv4.Scope{Service: Service})
		if err != nil {
			return nil, err // a *sigv4.Error, for the client
		}
		return visitorOf(r, &key), nil
	}
	if !isNavigation(r) {
		return nil, nil // nobody
	}
	opened, ok := g.sessions.find(r.Context(), cookieOf(r))
	if !ok {
		return nil, nil // nobody
	}
	key, ok := g.find(opened.accessKeyId, opened.token)
	if !ok {
		g.sessions.endLater(r.Context(), cookieOf(r))
		return nil, nil // nobody any more
	}
	return visitorOf(r, &key), nil
}

// find is an access key that is good now.
func (g *Gate) find(accessKeyId, token string) (iam.AccessKey, bool) {
	key, ok := g.options.Keys.Find(accessKeyId, token)
	if !ok || !key.Expires.IsZero() && !g.options.Now().Before(key.Expires) {
		return iam.AccessKey{}, false
	}
	return key, subtle.ConstantTimeCompare([]byte(key.SessionToken), []byte(token)) == 1
}

func visitorOf(r *http.Request, key *iam.AccessKey) *Visitor {
	return &Visitor{Principal: key.Principal, policies: key.Policies, sourceIp: sourceIp(r), secure: r.TLS != nil}
}
