package login

import (
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"gatehouse/internal/sigv4"
)

// isSigned says whether a request claims a signature, in its header or its query.
func isSigned(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-") || r.URL.Query().Has("X-Amz-Signature")
}

// isNavigation says whether a session counts for a request: not for one that a script,
// a frame or an image makes, where the browser says so. Pages of APIs may share this
// server's origin, and their scripts are not ours.
func isNavigation(r *http.Request) bool {
	mode, destination := r.Header.Get("Sec-Fetch-Mode"), r.Header.Get("Sec-Fetch-Dest")
	return (mode == "" || mode == "navigate") && (destination == "" || destination == "document")
}

// wantsPage says whether a request is a browser's that shows pages to people.
func wantsPage(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.Contains(r.Header.Get("Accept"), "text/html") && isNavigation(r) && !isSigned(r)
}

// isEncrypted says whether the client came over TLS, to this server or to a proxy.
func (g *Gate) isEncrypted(r *http.Request) bool {
	return r.TLS != nil || g.options.BehindProxy && strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https")
}

func sourceIp(r *http.Request) string {
	if host, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		return host
	}
	return r.RemoteAddr
}

func isLoopback(address string) bool {
	parsed, err := netip.ParseAddr(address)
	return err == nil && parsed.Unmap().IsLoopback()
}

// siteBits is how much of an IPv6 address one customer has.
const siteBits = 64

// addressOf is what stands for a client when attempts are counted: an IPv4 address, or
// the network of an IPv6 address, all of whose addresses one client may use.
func addressOf(sourceIp string) string {
	parsed, err := netip.ParseAddr(sourceIp)
	if err != nil || parsed.Unmap().Is4() {
		return sourceIp
	}
	network, err := parsed.WithZone("").Prefix(siteBits)
	if err != nil {
		return sourceIp
	}
	return network.String()
}

// shortened keeps of an access key id what a log needs: it may be a secret that was
// pasted into the wrong field.
func shortened(accessKeyId string) string {
	const shown = 4
	if len(accessKeyId) <= shown {
		return accessKeyId
	}
	return accessKeyId[:shown] + "…"
}

// refuseSignature answers as AWS's REST services do, and repeats nothing of the request.
func refuseSignature(w http.ResponseWriter, err error) {
	var failed *sigv4.Error
	if !errors.As(err, &failed) {
		writeJSON(w, http.StatusInternalServerError, "InternalFailure", "The signature could not be verified.")
		return
	}
	answer := failed.Answer(sigv4.RESTJSON)
	message, _, _ := strings.Cut(answer.Message, "\n")
	writeJSON(w, answer.Status, answer.Code, message+" Requests are signed for the service \""+Service+"\".")
}

func writeJSON(w http.ResponseWriter, statusCode int, code, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header()["x-amzn-ErrorType"] = []string{code}
	w.WriteHeader(statusCode)
	_ = json.NewEncoder(w).Encode(map[string]string{"message": message}) // a client that is gone needs no answer
}
