package authenticator

import (
	"strings"
	"sync"
	"time"

	"gatehouse/internal/iam"
	"gatehouse/internal/iam/records"
	"gatehouse/internal/sigv4"
)

// maxLastUsed bounds how many keys' last uses are remembered; then all are forgotten.
const maxLastUsed = 10_000

// lastUses remembers when long-term keys signed, as long as the process lives: writing
// it down would be a write for every request.
type lastUses struct {
	mu   sync.Mutex // guards keys
	keys map[string]records.LastUse
}

func (l *lastUses) note(accessKeyId string, scope sigv4.Scope, at time.Time) {
	if strings.HasPrefix(accessKeyId, string(iam.TemporaryAccessKeyPrefix)) {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.keys == nil || len(l.keys) >= maxLastUsed {
		l.keys = map[string]records.LastUse{}
	}
	l.keys[accessKeyId] = records.LastUse{Date: at.UTC().Truncate(time.Minute), Service: scope.Service, Region: scope.Region}
}

// LastUsed says when a key last signed something that was verified here.
func (s *Signatures) LastUsed(accessKeyId string) (records.LastUse, bool) {
	s.uses.mu.Lock()
	defer s.uses.mu.Unlock()
	use, ok := s.uses.keys[accessKeyId]
	return use, ok
}
