package origin

import (
	"net"
	"net/http"
)

// Handler gives requests that trusted proxies made the address of their client, so that
// everything behind it sees the client as if it had connected itself. Without trusted
// proxies it is next.
func (t TrustedProxies) Handler(next http.Handler) http.Handler {
	if len(t.networks) == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, port, err := net.SplitHostPort(r.RemoteAddr); err == nil {
			r.RemoteAddr = net.JoinHostPort(t.SourceIp(r), port)
		}
		next.ServeHTTP(w, r)
	})
}
