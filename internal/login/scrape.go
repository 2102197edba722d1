package login

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"net/http"
	"os"
	"strings"

	"gatehouse/internal/sigv4"
)

// minScrapeToken is the length of the shortest token that is taken, bytes.
const minScrapeToken = 16

// ScrapeTokenFile is a file that holds the token with which metrics are scraped. It is
// read at every scrape, so that a token can be replaced while the server runs.
type ScrapeTokenFile string

// Read returns the token. A token that is short enough to be guessed is an error.
func (f ScrapeTokenFile) Read() (string, error) {
	text, err := os.ReadFile(string(f))
	if err != nil {
		return "", fmt.Errorf("reading the token of metrics: %w", err)
	}
	token := string(bytes.TrimSpace(text))
	if len(token) < minScrapeToken {
		return "", fmt.Errorf("the token in %s has %d characters, and needs %d", string(f), len(token), minScrapeToken)
	}
	return token, nil
}

// ProtectMetrics is ProtectShared for what Prometheus scrapes, which is no page: a request
// is signed, or has the token of the file, if there is one (Authorization: Bearer TOKEN).
func (g *Gate) ProtectMetrics(file ScrapeTokenFile, next http.Handler) http.Handler {
	signed := g.ProtectShared(ViewMetrics, next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		given, isBearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		switch {
		case isSigned(r):
			signed.ServeHTTP(w, r)
			return
		case !isBearer || file == "":
			refuseSignature(w, &sigv4.Error{Kind: sigv4.MissingAuthenticationToken, Message: "Missing Authentication Token"})
			return
		}
		token, err := file.Read()
		if err != nil {
			g.options.Log.ErrorContext(r.Context(), "metrics cannot be scraped", "error", err)
		}
		wanted, got := sha256.Sum256([]byte(token)), sha256.Sum256([]byte(strings.TrimSpace(given)))
		if err != nil || subtle.ConstantTimeCompare(wanted[:], got[:]) != 1 {
			writeJSON(w, http.StatusForbidden, "AccessDeniedException", "The bearer token is not the one of metrics.")
			return
		}
		next.ServeHTTP(w, r)
	})
}
