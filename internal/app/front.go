package app

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"gatehouse/internal/dataplane"
	"gatehouse/internal/login"
	"gatehouse/internal/store"
	"gatehouse/internal/wire"
)

// front decides which part gets a request on the one port: Gatehouse's own pages and
// API, AWS's service APIs, function URLs, or the data plane.
type front struct {
	own       http.Handler
	aws       *wire.Server
	functions http.Handler
	dataPlane http.Handler
	// servesHost says whether a host is a custom domain name: all its paths are an API's,
	// but for @connections, which is an AWS service's.
	servesHost func(host string) bool
}

const (
	ownPrefix   = "/_gatehouse/"
	metricsPath = "/metrics"
)

// ServeHTTP implements http.Handler.
func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case f.servesHost(r.Host) && !isConnections(r):
		f.dataPlane.ServeHTTP(w, r)
	case f.isOwn(r):
		f.own.ServeHTTP(w, r)
	case isFunctionUrl(r.Host):
		f.functions.ServeHTTP(w, r)
	case f.isAws(r):
		f.aws.ServeHTTP(w, r)
	default:
		f.dataPlane.ServeHTTP(w, r)
	}
}

func isConnections(r *http.Request) bool { return strings.Contains(r.URL.Path, "/@connections/") }

// isOwn keeps /_gatehouse/ of an API's own host for the API.
func (f *front) isOwn(r *http.Request) bool {
	if !strings.HasPrefix(r.URL.Path, ownPrefix) && r.URL.Path != metricsPath {
		return false
	}
	_, isApi := dataplane.Match(r)
	return !isApi
}

func (f *front) isAws(r *http.Request) bool {
	_, ok := f.aws.Match(r)
	return ok
}

const functionUrlMarker = ".lambda-url."

func isFunctionUrl(host string) bool { return strings.Contains(host, functionUrlMarker) }

// own is Gatehouse's own API and pages. In developer mode everybody may see everything,
// and reset; in secure mode a gate is in front of what is not public.
func (a *App) own(ctx context.Context, p *parts) http.Handler {
	mux := http.NewServeMux()
	a.mountHealth(mux)
	if a.options.Config.Secure {
		p.seen.mountBehind(mux, a.gate(ctx, p), login.ScrapeTokenFile(a.options.Config.MetricsTokenFile))
		return mux
	}
	p.seen.mount(mux)
	mux.Handle("POST /_gatehouse/api/reset", http.NewCrossOriginProtection().Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { a.serveReset(w, r, p.nodes) }))) // no web page's script resets
	return mux
}

func (a *App) serveReset(w http.ResponseWriter, r *http.Request, nodes *nodes) {
	if err := a.reset(r.Context(), nodes); err != nil {
		a.log.ErrorContext(r.Context(), "resetting", "error", err)
		if errors.Is(err, store.ErrUnwritable) || errors.Is(err, store.ErrUnavailable) {
			http.Error(w, `{"message":"Nothing can be stored at present, so nothing was reset; `+healthPath+` says why."}`, http.StatusServiceUnavailable)
			return
		}
		http.Error(w, `{"message":"The reset failed; the server's log says why."}`, http.StatusInternalServerError)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
