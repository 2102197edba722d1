// Package jwks fetches the public keys with which an OpenID Connect issuer signs its
// tokens: it reads the issuer's discovery document, then the key set it names, and
// remembers the keys for a while.
//
// It verifies no token and trusts no issuer by itself: whoever calls it has decided
// that the issuer may be asked. It is not a general HTTP client: answers are bounded in
// size and time, redirects are not followed.
//
// Begin at Client.Key.
package jwks

import (
	"context"
	"crypto"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Bounds. AWS gives the whole fetch 1500 ms for JWT authorizers (guide: limits.md).
const (
	// fetchTimeout bounds the discovery document and the key set together.
	fetchTimeout = 1500 * time.Millisecond
	// maxIssuers bounds what is remembered; then all is forgotten.
	maxIssuers     = 1000
	maxAnswerBytes = 512 << 10
	maxKeys        = 100
	freshFor       = 5 * time.Minute
	// askAgainAfter is how soon an issuer is asked again for a key that it did not have.
	askAgainAfter = 10 * time.Second
)

// Errors of Key; test with errors.Is.
var (
	// ErrFetch says that the issuer could not be asked or gave no usable answer.
	ErrFetch = errors.New("cannot fetch the issuer's keys")
	// ErrNoKey says that the issuer has no key of that id.
	ErrNoKey = errors.New("the issuer has no such key")
)

// Client fetches and remembers keys. It is safe for concurrent use.
type Client struct {
	// HTTP asks issuers; its redirects should be off, see NewClient.
	HTTP *http.Client
	// Now is the clock.
	Now func() time.Time

	mu      sync.Mutex // guards issuers, and makes those who ask for one issuer wait for one fetch
	issuers map[string]*keySet
}

// NewClient returns a Client that follows no redirects.
func NewClient(now func() time.Time) *Client {
	return &Client{Now: now, HTTP: &http.Client{
		Timeout:       fetchTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

type keySet struct {
	mu      sync.Mutex // guards what follows
	fetched time.Time
	keys    []key
	err     error
}

type key struct {
	id     string
	public crypto.PublicKey
}

// Key returns the public key of an id: an *rsa.PublicKey or an *ecdsa.PublicKey. An
// empty id is that of the only key. The issuer is a URL as the tokens' iss has it.
func (c *Client) Key(ctx context.Context, issuer, id string) (crypto.PublicKey, error) {
	set := c.set(issuer)
	set.mu.Lock()
	defer set.mu.Unlock()
	age := c.Now().Sub(set.fetched)
	found, ok := set.find(id)
	if set.fetched.IsZero() || age > freshFor || !ok && age > askAgainAfter {
		keys, err := c.fetch(ctx, issuer)
		if err == nil || age > freshFor || set.fetched.IsZero() { // an issuer that is away for a moment keeps its keys
			set.keys, set.err = keys, err
		}
		set.fetched = c.Now()
		found, ok = set.find(id)
	}
	switch {
	case ok:
		return found, nil
	case set.err != nil:
		return nil, set.err
	}
	return nil, fmt.Errorf("%w: %q of %s", ErrNoKey, id, issuer)
}

func (c *Client) set(issuer string) *keySet {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.issuers == nil || len(c.issuers) >= maxIssuers {
		c.issuers = map[string]*keySet{}
	}
	if c.issuers[issuer] == nil {
		c.issuers[issuer] = &keySet{}
	}
	return c.issuers[issuer]
}

func (s *keySet) find(id string) (crypto.PublicKey, bool) {
	if id == "" && len(s.keys) == 1 {
		return s.keys[0].public, true
	}
	for _, one := range s.keys {
		if one.id == id && id != "" {
			return one.public, true
		}
	}
	return nil, false
}

// fetch asks the issuer for its discovery document, then for its keys.
func (c *Client) fetch(ctx context.Context, issuer string) ([]key, error) {
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	var discovery struct {
		Issuer  string `json:"issuer"`
		JwksUri string `json:"jwks_uri"`
	}
	if err := c.get(ctx, strings.TrimSuffix(issuer, "/")+"/.well-known/openid-configuration", &discovery); err != nil {
		return nil, err
	}
	if strings.TrimSuffix(discovery.Issuer, "/") != strings.TrimSuffix(issuer, "/") {
		return nil, fmt.Errorf("%w: %s says that it is %q", ErrFetch, issuer, discovery.Issuer)
	}
	var document struct {
		Keys []jsonWebKey `json:"keys"`
	}
	if err := c.get(ctx, discovery.JwksUri, &document); err != nil {
		return nil, err
	}
	var keys []key
	for _, one := range document.Keys[:min(len(document.Keys), maxKeys)] {
		if public, ok := one.public(); ok {
			keys = append(keys, key{id: one.Kid, public: public})
		}
	}
	return keys, nil
}

func (c *Client) get(ctx context.Context, address string, into any) error {
	if err := checkAddress(address); err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrFetch, err)
	}
	response, err := c.HTTP.Do(request)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrFetch, err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%w: %s answers %s", ErrFetch, address, response.Status)
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, maxAnswerBytes)).Decode(into); err != nil {
		return fmt.Errorf("%w: %s does not answer JSON: %w", ErrFetch, address, err)
	}
	return nil
}

// checkAddress refuses what is not https, but for issuers on this machine.
func checkAddress(address string) error {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Host == "" {
		return fmt.Errorf("%w: %q is no URL", ErrFetch, address)
	}
	ip := net.ParseIP(parsed.Hostname())
	local := parsed.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
	if parsed.Scheme != "https" && (parsed.Scheme != "http" || !local) {
		return fmt.Errorf("%w: %q is not https", ErrFetch, address)
	}
	return nil
}
