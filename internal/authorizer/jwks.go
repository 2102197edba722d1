package authorizer

import (
	"context"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"sync"
	"time"
)

// How issuers' keys are kept (guide: http-api-jwt-authorizer.md says two hours; the
// others are ours).
const (
	// keysTtl is how long keys are used without asking the issuer again.
	keysTtl = 2 * time.Hour
	// unknownKeyPause is how long an unknown key id does not make us ask again.
	unknownKeyPause = 30 * time.Second
	// FailurePause is how long an issuer that failed is not asked again.
	FailurePause = 5 * time.Second
	// keysTimeout bounds asking an issuer, for each document ("JWKS endpoint timeout").
	keysTimeout = 1500 * time.Millisecond
	// maxIssuers bounds how many issuers are remembered.
	maxIssuers = 1024
	// maxDocument bounds a document of an issuer, bytes.
	maxDocument = 1 << 20
	maxKeys     = 256
)

// The two ways to fail to get keys, worded as API Gateway logs them (public reports).
var (
	ErrDiscovery = errors.New("OIDC discovery endpoint communication error")
	ErrJwks      = errors.New("JWKS communication error")
	errNoKey     = errors.New("the issuer has no RSA key with the token's kid")
)

// Documents fetches issuers' documents; *HttpDocuments does.
type Documents interface {
	Fetch(ctx context.Context, url string) ([]byte, error)
}

// KeySets holds the public keys of issuers. The zero value is not usable: see NewKeySets.
type KeySets struct {
	documents Documents
	now       func() time.Time

	mu   sync.Mutex // guards sets
	sets map[Issuer]*keySet
}

// Issuer is who signs tokens.
type Issuer struct {
	// Url is the claim iss.
	Url string
	// JwksUrl is where its keys are; empty asks {Url}/.well-known/openid-configuration.
	JwksUrl string
}

// keySet is one issuer's keys. fetching is held while the issuer is asked, so that it is
// asked once for many requests; those whose key is known do not wait for it. Lock order:
// fetching, then mu.
type keySet struct {
	fetching sync.Mutex

	mu      sync.RWMutex // guards what follows
	keys    map[string]*rsa.PublicKey
	fetched time.Time // when keys were read
	failed  time.Time // when reading them failed last
	err     error     // why
}

// NewKeySets returns an empty KeySets.
func NewKeySets(documents Documents, now func() time.Time) *KeySets {
	return &KeySets{documents: documents, now: now, sets: map[Issuer]*keySet{}}
}

// Key returns an issuer's key. It asks the issuer when nothing is known, when what is
// known is old, and, once in unknownKeyPause, when the key id is unknown. Old keys are
// used while the issuer cannot be reached.
func (k *KeySets) Key(ctx context.Context, issuer Issuer, kid string) (*rsa.PublicKey, error) {
	set := k.set(issuer)
	if key, err, ok := set.known(kid, k.now()); ok {
		return key, err
	}
	set.fetching.Lock()
	defer set.fetching.Unlock()
	if key, err, ok := set.known(kid, k.now()); ok { // another request has asked
		return key, err
	}
	keys, err := k.fetch(ctx, issuer)
	set.mu.Lock()
	old := set.keys[kid]
	if err != nil {
		set.failed, set.err = k.now(), err
	} else {
		set.keys, set.fetched = keys, k.now()
	}
	set.mu.Unlock()
	switch {
	case err == nil && keys[kid] != nil:
		return keys[kid], nil
	case err == nil:
		return nil, errNoKey
	case old != nil:
		return old, nil
	default:
		return nil, err
	}
}

// known answers without asking the issuer; ok is false when it must be asked.
func (s *keySet) known(kid string, now time.Time) (key *rsa.PublicKey, err error, ok bool) { //nolint:revive,staticcheck // ok says whether the other two count
	s.mu.RLock()
	defer s.mu.RUnlock()
	key = s.keys[kid]
	age := now.Sub(s.fetched)
	switch {
	case key != nil && age < keysTtl:
		return key, nil, true
	case s.keys != nil && age < unknownKeyPause:
		return nil, errNoKey, true
	case now.Sub(s.failed) >= FailurePause:
		return nil, nil, false
	case key != nil: // the issuer is away; its old keys are better than none
		return key, nil, true
	default:
		return nil, s.err, true
	}
}

func (k *KeySets) set(issuer Issuer) *keySet {
	k.mu.Lock()
	defer k.mu.Unlock()
	set, ok := k.sets[issuer]
	if !ok {
		for old := range k.sets {
			if len(k.sets) < maxIssuers {
				break
			}
			delete(k.sets, old)
		}
		set = &keySet{}
		k.sets[issuer] = set
	}
	return set
}

// fetch reads an issuer's documents. It goes on when the client that caused it leaves:
// other requests wait for the same keys.
func (k *KeySets) fetch(ctx context.Context, issuer Issuer) (map[string]*rsa.PublicKey, error) {
	ctx = context.WithoutCancel(ctx)
	jwksUrl := issuer.JwksUrl
	if jwksUrl == "" {
		var err error
		if jwksUrl, err = k.discover(ctx, issuer.Url); err != nil {
			return nil, err
		}
	}
	body, err := k.document(ctx, jwksUrl)
	if err != nil {
		return nil, &FetchError{Kind: ErrJwks, Url: jwksUrl, Err: err}
	}
	keys, err := readKeys(body)
	if err != nil {
		return nil, &FetchError{Kind: ErrJwks, Url: jwksUrl, Err: err}
	}
	return keys, nil
}

const discoveryPath = "/.well-known/openid-configuration"

func (k *KeySets) discover(ctx context.Context, issuer string) (string, error) {
	url := strings.TrimSuffix(issuer, "/") + discoveryPath
	body, err := k.document(ctx, url)
	if err != nil {
		return "", &FetchError{Kind: ErrDiscovery, Url: url, Err: err}
	}
	var configuration struct {
		JwksUri string `json:"jwks_uri"`
	}
	if err := json.Unmarshal(body, &configuration); err != nil || configuration.JwksUri == "" {
		return "", &FetchError{Kind: ErrDiscovery, Url: url, Err: errors.New("it names no jwks_uri")}
	}
	return configuration.JwksUri, nil
}

func (k *KeySets) document(ctx context.Context, url string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, keysTimeout)
	defer cancel()
	return k.documents.Fetch(ctx, url)
}

// readKeys reads a JSON Web Key Set (RFC 7517) and keeps its RSA keys, the only ones
// that API Gateway supports.
func readKeys(body []byte) (map[string]*rsa.PublicKey, error) {
	var set struct {
		Keys []struct{ Kty, Kid, N, E, Use string }
	}
	if err := json.Unmarshal(body, &set); err != nil {
		return nil, fmt.Errorf("reading the key set: %w", err)
	}
	keys := map[string]*rsa.PublicKey{}
	for _, key := range set.Keys[:min(len(set.Keys), maxKeys)] {
		if key.Kty != "RSA" || key.Use == "enc" {
			continue
		}
		if public, err := rsaKey(key.N, key.E); err == nil {
			keys[key.Kid] = public
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("the key set has no RSA key")
	}
	return keys, nil
}

const maxExponentBytes = 4

func rsaKey(modulus, exponent string) (*rsa.PublicKey, error) {
	n, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(modulus, "="))
	if err != nil {
		return nil, fmt.Errorf("reading n: %w", err)
	}
	e, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(exponent, "="))
	if err != nil || len(n) == 0 || len(e) == 0 || len(e) > maxExponentBytes {
		return nil, errors.New("reading e: not a small number")
	}
	return &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(e).Int64())}, nil
}
