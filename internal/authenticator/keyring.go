package authenticator

import (
	"errors"
	"log/slog"
	"strings"
	"sync"

	"gatehouse/internal/iam"
	"gatehouse/internal/iam/records"
	"gatehouse/internal/iam/sessions"
	"gatehouse/internal/store"
)

// Viewer is the part of a store that is read.
type Viewer interface {
	View() store.Snapshot
}

// Bounds of what a Keyring remembers. When one is reached, all is forgotten and learnt anew.
const (
	maxKeysRemembered     = 4096
	maxPoliciesRemembered = 4096
)

// Keyring finds who is behind an access key: a user, the root user, or a session. What
// it found it remembers until the store changes.
type Keyring struct {
	Store    Viewer
	Secrets  records.Secrets
	Sessions *sessions.Sealer
	// Log is told of keys that cannot be used because of what is stored. It never gets a secret.
	Log *slog.Logger

	mu       sync.Mutex // guards what follows
	known    map[string]knownKey
	policies map[policyText]*iam.Policy
}

// knownKey is a key as it was at a revision of the store.
type knownKey struct {
	revision uint64
	key      iam.AccessKey
}

type policyText struct{ name, text string }

// Find returns the access key of an id, with its secret, its principal and the
// principal's policies. A session key, ASIA…, needs its token. False when nobody has
// the key, when it is inactive, or when whom it stood for is gone; whether a session
// has run out is for the caller to see.
func (k *Keyring) Find(accessKeyId, token string) (iam.AccessKey, bool) {
	view := k.Store.View()
	remembered := accessKeyId
	isSession := strings.HasPrefix(accessKeyId, string(iam.TemporaryAccessKeyPrefix))
	if isSession {
		remembered = token
	}
	if key, ok := k.recall(remembered, view.Revision()); ok {
		return key, key.ID == accessKeyId
	}
	var key iam.AccessKey
	var ok bool
	if isSession {
		key, ok = k.findSession(view, accessKeyId, token)
	} else {
		key, ok = k.findRecord(view, accessKeyId)
	}
	if ok {
		k.remember(remembered, knownKey{revision: view.Revision(), key: key})
	}
	return key, ok
}

func (k *Keyring) recall(remembered string, revision uint64) (iam.AccessKey, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	found, ok := k.known[remembered]
	return found.key, ok && found.revision == revision
}

func (k *Keyring) remember(remembered string, key knownKey) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.known == nil || len(k.known) >= maxKeysRemembered {
		k.known = map[string]knownKey{}
	}
	k.known[remembered] = key
}

// findRecord finds a long-term key.
func (k *Keyring) findRecord(view store.Snapshot, accessKeyId string) (iam.AccessKey, bool) {
	record, err := records.AccessKeys.Get(view, records.Nobody, accessKeyId)
	if err != nil {
		k.complain(accessKeyId, err)
		return iam.AccessKey{}, false
	}
	if !record.Active {
		return iam.AccessKey{}, false
	}
	key := iam.AccessKey{ID: record.AccessKeyId}
	if key.Secret, err = k.Secrets.Open(&record); err != nil {
		k.complain(accessKeyId, err)
		return iam.AccessKey{}, false
	}
	if record.UserName == "" {
		key.Principal = rootOf(record.Account)
		return key, true
	}
	owner := resolver{keyring: k, view: view, account: record.Account}
	if key.Principal, key.Policies, err = owner.user(record.UserName, record.UserId); err != nil {
		k.complain(accessKeyId, err)
		return iam.AccessKey{}, false
	}
	return key, true
}

// findSession finds who a session token was made for.
func (k *Keyring) findSession(view store.Snapshot, accessKeyId, token string) (iam.AccessKey, bool) {
	session, ok := k.Sessions.Open(token)
	if !ok || session.AccessKeyId != accessKeyId {
		return iam.AccessKey{}, false
	}
	key := iam.AccessKey{ID: session.AccessKeyId, Secret: session.SecretAccessKey, SessionToken: token, Expires: session.ExpiresAt()}
	owner := resolver{keyring: k, view: view, account: session.Account}
	var err error
	switch session.Kind {
	case sessions.OfRole:
		key.Principal, key.Policies, err = owner.roleSession(session)
	case sessions.OfUser:
		key.Principal, key.Policies, err = owner.user(session.Name, session.Id)
	case sessions.OfRoot:
		key.Principal = rootOf(session.Account)
	default:
		return iam.AccessKey{}, false
	}
	if err != nil {
		k.complain(accessKeyId, err)
		return iam.AccessKey{}, false
	}
	key.Principal.TokenIssued = session.IssuedAt()
	return key, true
}

// complain logs why a key cannot be used, unless it simply is not there.
func (k *Keyring) complain(accessKeyId string, err error) {
	if !errors.Is(err, store.ErrNotFound) {
		k.Log.Error("access key cannot be used", slog.String("accessKeyId", accessKeyId), slog.Any("error", err))
	}
}

func rootOf(account string) *iam.Principal {
	return &iam.Principal{Type: iam.Root, Account: account, ARN: records.RootArn(account), UserID: account}
}

// compile returns a policy, compiled once for each document. A document that is no
// policy denies everything: it was accepted once, so nobody may gain from its damage.
func (k *Keyring) compile(document records.Document) *iam.Policy {
	text := policyText{document.Name, document.Text}
	k.mu.Lock()
	defer k.mu.Unlock()
	if policy, ok := k.policies[text]; ok {
		return policy
	}
	policy, err := iam.Compile([]byte(document.Text), iam.IdentityPolicy, document.Name)
	if err != nil {
		k.Log.Error("a stored policy cannot be read and denies everything", slog.String("policy", document.Name), slog.Any("error", err))
		policy = k.denyEverything(document.Name)
	}
	if k.policies == nil || len(k.policies) >= maxPoliciesRemembered {
		k.policies = map[policyText]*iam.Policy{}
	}
	k.policies[text] = policy
	return policy
}

const denyEverything = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}`

func (k *Keyring) denyEverything(name string) *iam.Policy {
	policy, err := iam.Compile([]byte(denyEverything), iam.IdentityPolicy, name)
	if err != nil {
		panic("authenticator: " + err.Error()) // the document is a constant
	}
	return policy
}
