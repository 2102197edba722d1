package login

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"sync"
	"time"
)

// Bounds of sessions.
const (
	// SessionLife is how long a session lives at most, SessionIdle how long without a request.
	SessionLife = 12 * time.Hour
	SessionIdle = time.Hour
	// maxSessions are all, maxSessionsOfKey those of one access key; the one that was not
	// used for longest goes for a new one.
	maxSessions      = 1024
	maxSessionsOfKey = 16
	sessionIdBytes   = 32
)

// session is somebody who logged in. The secret access key is not kept.
type session struct {
	accessKeyId, token string
	began, used        time.Time
}

// sessions are kept by the hash of their ids, in the memory of this process alone: a
// restart logs everybody out.
type sessions struct {
	now    func() time.Time
	random io.Reader

	mu   sync.Mutex // guards open
	open map[[sha256.Size]byte]*session
}

func newSessions(now func() time.Time, random io.Reader) *sessions {
	return &sessions{now: now, random: random, open: map[[sha256.Size]byte]*session{}}
}

// begin opens a session and returns its id.
func (s *sessions) begin(accessKeyId, token string) (string, error) {
	raw := make([]byte, sessionIdBytes)
	if _, err := io.ReadFull(s.random, raw); err != nil {
		return "", fmt.Errorf("making a session id: %w", err)
	}
	id, now := base64.RawURLEncoding.EncodeToString(raw), s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.makeRoom(accessKeyId, now)
	s.open[sha256.Sum256([]byte(id))] = &session{accessKeyId: accessKeyId, token: token, began: now, used: now}
	return id, nil
}

// makeRoom ends what is over, and what was not used for longest where there are too many.
func (s *sessions) makeRoom(accessKeyId string, now time.Time) {
	var oldest, oldestOfKey [sha256.Size]byte
	var leastUsed, leastUsedOfKey time.Time
	ofKey := 0
	for hash, one := range s.open {
		if one.isOver(now) {
			delete(s.open, hash)
			continue
		}
		if leastUsed.IsZero() || one.used.Before(leastUsed) {
			oldest, leastUsed = hash, one.used
		}
		if one.accessKeyId != accessKeyId {
			continue
		}
		ofKey++
		if leastUsedOfKey.IsZero() || one.used.Before(leastUsedOfKey) {
			oldestOfKey, leastUsedOfKey = hash, one.used
		}
	}
	switch {
	case ofKey >= maxSessionsOfKey:
		delete(s.open, oldestOfKey)
	case len(s.open) >= maxSessions:
		delete(s.open, oldest)
	}
}

func (s *session) isOver(now time.Time) bool {
	return now.Sub(s.began) >= SessionLife || now.Sub(s.used) >= SessionIdle
}

// find returns the session of an id, which is used by that.
func (s *sessions) find(id string) (session, bool) {
	if id == "" {
		return session{}, false
	}
	hash, now := sha256.Sum256([]byte(id)), s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.open[hash]
	if !ok {
		return session{}, false
	}
	if found.isOver(now) {
		delete(s.open, hash)
		return session{}, false
	}
	found.used = now
	return *found, true
}

func (s *sessions) end(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, sha256.Sum256([]byte(id)))
}
