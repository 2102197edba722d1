package login

import (
	"crypto/sha256"
	"crypto/subtle"
	"embed"
	"html/template"
	"log/slog"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"gatehouse/internal/fault"
	"gatehouse/internal/iam"
	"gatehouse/internal/iam/denial"
	"gatehouse/internal/look"
	"gatehouse/internal/throttle"
)

// Paths that Handler serves.
const (
	Path       = "/_gatehouse/login"
	LogoutPath = "/_gatehouse/logout"
	stylePath  = Path + "/style.css"
	// ownPages are all that a login may lead to.
	ownPages    = "/_gatehouse/"
	defaultPage = "/_gatehouse/requests/"
)

const (
	cookieName   = "gatehouse_session"
	maxFormBytes = 32 << 10 // session tokens are long
)

// attemptLimit is how often an address may fail to log in: ten times at once, then every
// half minute. Secrets have 240 bits; this keeps guessing from costing anything.
var attemptLimit = throttle.Limit{Rate: 1.0 / 30, Burst: 10}

var (
	//go:embed pages/*.html
	pages embed.FS
	//go:embed pages/style.css
	styleSheet string
)

var templates = template.Must(look.Templates("login").ParseFS(pages, "pages/*.html"))

// Handler serves the login page, what it posts, and logging out. Forms that another
// site's page posts are refused.
func (g *Gate) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+Path, g.show)
	mux.HandleFunc("POST "+Path, g.post)
	mux.HandleFunc("POST "+LogoutPath, g.logout)
	mux.HandleFunc("GET "+stylePath, style)
	return http.NewCrossOriginProtection().Handler(mux)
}

// loginPage is what the template gets.
type loginPage struct {
	Next, AccessKeyId, Problem string
	// Unencrypted says that the secret would travel in the clear.
	Unencrypted bool
	// Who is logged in already; empty for nobody.
	Who string
}

func (g *Gate) show(w http.ResponseWriter, r *http.Request) {
	page := g.newPage(r, r.URL.Query().Get("next"))
	if visitor, err := g.identify(r); err == nil && visitor != nil {
		page.Who = visitor.Principal.String()
	}
	writePage(w, http.StatusOK, "login.html", page)
}

func (g *Gate) newPage(r *http.Request, next string) loginPage {
	return loginPage{Next: safeNext(next), Unencrypted: !g.isEncrypted(r) && !isLoopback(sourceIp(r))}
}

const messageWrong = "The access key id, the secret access key or the session token is not right."

func (g *Gate) post(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxFormBytes)
	if err := r.ParseForm(); err != nil {
		http.Error(w, "The form cannot be read.", http.StatusBadRequest)
		return
	}
	accessKeyId, token := strings.TrimSpace(r.PostFormValue("accessKeyId")), strings.TrimSpace(r.PostFormValue("sessionToken"))
	page := g.newPage(r, r.PostFormValue("next"))
	page.AccessKeyId = accessKeyId
	bucket := "login/" + addressOf(sourceIp(r))
	if taken := g.attempts.Take(bucket, attemptLimit); !taken.Allowed {
		seconds := strconv.Itoa(int(math.Ceil(taken.Next.Seconds())))
		w.Header().Set("Retry-After", seconds)
		page.Problem = "Too many logins failed. Try again in " + seconds + " seconds."
		writePage(w, http.StatusTooManyRequests, "login.html", page)
		return
	}
	if !g.proves(accessKeyId, token, strings.TrimSpace(r.PostFormValue("secretAccessKey"))) {
		g.options.Log.WarnContext(r.Context(), "login failed", slog.String("accessKeyId", shortened(accessKeyId)), slog.String("sourceIp", sourceIp(r)))
		page.Problem = messageWrong
		writePage(w, http.StatusForbidden, "login.html", page)
		return
	}
	g.attempts.GiveBack(bucket, attemptLimit)
	g.begin(w, r, accessKeyId, token)
}

// proves says whether a secret is an access key's. It takes as long for a key that does
// not exist.
func (g *Gate) proves(accessKeyId, token, secret string) bool {
	key, ok := g.find(accessKeyId, token)
	wanted, given := sha256.Sum256([]byte(key.Secret)), sha256.Sum256([]byte(secret))
	return subtle.ConstantTimeCompare(wanted[:], given[:]) == 1 && ok && key.Secret != ""
}

// begin opens a session, ends the one before, and leads to where the visitor wanted to go.
func (g *Gate) begin(w http.ResponseWriter, r *http.Request, accessKeyId, token string) {
	id, err := g.sessions.begin(r.Context(), accessKeyId, token)
	if err != nil {
		g.options.Log.ErrorContext(r.Context(), "beginning a session", slog.Any("error", err))
		http.Error(w, "The session could not be made: what keeps it does not answer. Try again.", http.StatusServiceUnavailable)
		return
	}
	g.sessions.endLater(r.Context(), cookieOf(r))
	g.options.Log.InfoContext(r.Context(), "logged in", slog.String("accessKeyId", accessKeyId), slog.String("sourceIp", sourceIp(r)))
	http.SetCookie(w, g.cookie(r, id, sessionLife))
	http.Redirect(w, r, safeNext(r.PostFormValue("next")), http.StatusSeeOther)
}

func (g *Gate) logout(w http.ResponseWriter, r *http.Request) {
	if err := g.sessions.end(r.Context(), cookieOf(r)); err != nil {
		g.options.Log.ErrorContext(r.Context(), "logging out", slog.Any("error", err))
		http.Error(w, "You are still logged in: what keeps the session does not answer. Try again.", http.StatusServiceUnavailable)
		return
	}
	http.SetCookie(w, g.cookie(r, "", -time.Second))
	http.Redirect(w, r, Path, http.StatusSeeOther)
}

// cookie is sent to Gatehouse's own pages alone: APIs on the same host never see it.
func (g *Gate) cookie(r *http.Request, id string, life time.Duration) *http.Cookie {
	return &http.Cookie{
		Name: cookieName, Value: id, Path: ownPages, MaxAge: int(life / time.Second), HttpOnly: true, Secure: g.isEncrypted(r), SameSite: http.SameSiteStrictMode,
	}
}

func cookieOf(r *http.Request) string {
	found, err := r.Cookie(cookieName)
	if err != nil {
		return ""
	}
	return found.Value
}

// safeNext is where a login leads: to a page of Gatehouse's own, or else to the list of
// requests. Anything that a browser could take for another host is not taken.
func safeNext(next string) string {
	parsed, err := url.Parse(next)
	if err != nil || parsed.Scheme != "" || parsed.Host != "" || parsed.Opaque != "" || !strings.HasPrefix(next, ownPages) ||
		strings.ContainsAny(next, "\\\t\r\n") || strings.Contains(parsed.Path, "..") || strings.HasPrefix(parsed.Path, Path) {
		return defaultPage
	}
	return next
}

func (g *Gate) leadToLogin(w http.ResponseWriter, r *http.Request) {
	next := url.Values{"next": {r.URL.RequestURI()}}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, Path+"?"+next.Encode(), http.StatusSeeOther)
}

// deniedPage is what the template of a refusal gets.
type deniedPage struct {
	Who   string
	Fault *fault.Fault
}

// deny says which permission is missing and what would give it.
func (g *Gate) deny(w http.ResponseWriter, r *http.Request, request *iam.Request, policies *iam.Policies, decision iam.Decision) {
	message := iam.AccessDeniedMessage(request, decision)
	if !wantsPage(r) {
		writeJSON(w, http.StatusForbidden, "AccessDeniedException", message)
		return
	}
	refused := denial.Denial{Request: request, Policies: policies, Decision: decision}
	writePage(w, http.StatusForbidden, "denied.html", deniedPage{Who: request.Principal.String(), Fault: refused.Fault()})
}

// denyForeign refuses what belongs to no account to another account's principals.
func (g *Gate) denyForeign(w http.ResponseWriter, r *http.Request) {
	visitor, _ := VisitorOf(r.Context())
	f := fault.New(fault.OperationDenied)
	f.Checked, f.Found = "the account of "+visitor.Principal.String(), "another account than the server's own, "+g.options.Account
	f.Fix = "Use an access key of account " + g.options.Account + "."
	if !wantsPage(r) {
		writeJSON(w, http.StatusForbidden, "AccessDeniedException", "This tells of all accounts. "+f.Fix)
		return
	}
	writePage(w, http.StatusForbidden, "denied.html", deniedPage{Who: visitor.Principal.String(), Fault: f})
}

func style(w http.ResponseWriter, _ *http.Request) { look.WriteStyle(w, styleSheet) }

func writePage(w http.ResponseWriter, statusCode int, name string, data any) {
	w.Header().Set("Cache-Control", "no-store")
	look.Write(w, statusCode, templates.Lookup(name), data)
}
