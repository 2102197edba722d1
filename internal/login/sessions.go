package login

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"gatehouse/internal/store"
)

// Bounds of sessions.
const (
	// sessionLife is how long a session lives at most, sessionIdle how long without a request.
	sessionLife = 12 * time.Hour
	sessionIdle = time.Hour
	// useInterval is how exactly the use of a session is known: a write for each request
	// would be too much.
	useInterval = time.Minute
	// maxSessions are all, maxSessionsOfKey those of one access key; the one that was not
	// used for longest goes for a new one.
	maxSessions      = 1024
	maxSessionsOfKey = 16
	sessionIdBytes   = 32
	revisionBytes    = 8
	// maxPendingWork bounds what waits to be written down; what is above it is written at
	// the next request.
	maxPendingWork = 64
	sweepInterval  = 10 * time.Minute
	// followTimeout is how long a node waits for a session that another one has opened just now.
	followTimeout = 2 * time.Second
	followPause   = 5 * time.Millisecond
)

// Sealer encrypts for an owner; *secret.Box does.
type Sealer interface {
	Seal(text []byte, owner string) (string, error)
	Open(sealed, owner string) ([]byte, error)
}

// session is somebody who logged in. The secret access key is not kept.
type session struct {
	AccessKeyId string
	// SealedToken is the session token of temporary credentials; empty without one.
	SealedToken string
	Began, Used time.Time
}

func (s *session) isOver(now time.Time) bool {
	return now.Sub(s.Began) >= sessionLife || now.Sub(s.Used) >= sessionIdle
}

// records are the sessions by the hash of their ids: what is stored opens nothing.
var records = store.NewCollection[session]("LoginSession")

// everywhere is the scope of sessions: they belong to the server.
var everywhere = store.Scope{}

// sessions are kept in the store, so that every node knows who is logged in and a session
// that is ended is ended everywhere, as soon as a node has heard of it. Reading costs
// nothing; the store holds them in memory.
type sessions struct {
	store  store.Store
	sealer Sealer
	now    func() time.Time
	random io.Reader
	log    *slog.Logger
	// work is what to write down beside the requests' way.
	work chan func(tx *store.Tx) error
}

func newSessions(options *Options) *sessions {
	return &sessions{
		store: options.Store, sealer: options.Sealer, now: options.Now, random: options.Random, log: options.Log,
		work: make(chan func(tx *store.Tx) error, maxPendingWork),
	}
}

// cookieOwner is whom cookies are sealed for.
const cookieOwner = "cookie"

// begin opens a session and returns the value of its cookie. That tells at which revision
// of the store the session is there.
func (s *sessions) begin(ctx context.Context, accessKeyId, token string) (cookie string, err error) {
	content := make([]byte, sessionIdBytes, sessionIdBytes+revisionBytes)
	if _, err := io.ReadFull(s.random, content); err != nil {
		return "", fmt.Errorf("making a session id: %w", err)
	}
	id, now := hashOf(content), s.now()
	opened := session{AccessKeyId: accessKeyId, Began: now, Used: now}
	if token != "" {
		if opened.SealedToken, err = s.sealer.Seal([]byte(token), id); err != nil {
			return "", fmt.Errorf("sealing a session: %w", err)
		}
	}
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		if err := makeRoom(tx, accessKeyId, now); err != nil {
			return err
		}
		return records.Put(tx, opened, everywhere, id)
	})
	if err != nil {
		return "", fmt.Errorf("keeping a session: %w", err)
	}
	return s.sealer.Seal(binary.BigEndian.AppendUint64(content, s.store.View().Revision()), cookieOwner)
}

// hashOf is what a session is kept under.
func hashOf(id []byte) string {
	sum := sha256.Sum256(id[:sessionIdBytes])
	return hex.EncodeToString(sum[:])
}

// kept is a session with the hash of its id.
type kept struct {
	id string
	session
}

// all are the sessions that are kept, whether over or not.
func all(r store.Reader) (list []kept, err error) {
	for record := range r.List(records.Key(everywhere)) {
		one, err := records.Decode(record)
		if err != nil {
			return nil, err
		}
		segments := record.Key.Segments()
		list = append(list, kept{id: segments[len(segments)-1], session: one})
	}
	return list, nil
}

// makeRoom ends what is over, and what was not used for longest where there are too many.
func makeRoom(tx *store.Tx, accessKeyId string, now time.Time) error {
	list, err := all(tx)
	if err != nil {
		return err
	}
	var oldest, oldestOfKey *kept
	open, ofKey := 0, 0
	for i := range list {
		one := &list[i]
		if one.isOver(now) {
			records.Delete(tx, everywhere, one.id)
			continue
		}
		open++
		if oldest == nil || one.Used.Before(oldest.Used) {
			oldest = one
		}
		if one.AccessKeyId != accessKeyId {
			continue
		}
		ofKey++
		if oldestOfKey == nil || one.Used.Before(oldestOfKey.Used) {
			oldestOfKey = one
		}
	}
	switch {
	case ofKey >= maxSessionsOfKey:
		records.Delete(tx, everywhere, oldestOfKey.id)
	case open >= maxSessions:
		records.Delete(tx, everywhere, oldest.id)
	}
	return nil
}

// found is a session as a request names it.
type found struct{ accessKeyId, token string }

// find returns the session of a cookie, which is used by that.
func (s *sessions) find(ctx context.Context, cookie string) (found, bool) {
	id, ok := s.open(ctx, cookie)
	if !ok {
		return found{}, false
	}
	one, err := records.Get(s.store.View(), everywhere, id)
	if err != nil {
		return found{}, false
	}
	now := s.now()
	if one.isOver(now) {
		s.later(func(tx *store.Tx) error { return endIn(tx, id) })
		return found{}, false
	}
	if now.Sub(one.Used) >= useInterval {
		s.later(func(tx *store.Tx) error { return useIn(tx, id, now) })
	}
	if one.SealedToken == "" {
		return found{accessKeyId: one.AccessKeyId}, true
	}
	token, err := s.sealer.Open(one.SealedToken, id)
	return found{accessKeyId: one.AccessKeyId, token: string(token)}, err == nil
}

// open reads a cookie, and waits until this node has heard of what the cookie's did.
func (s *sessions) open(ctx context.Context, cookie string) (id string, ok bool) {
	if cookie == "" {
		return "", false
	}
	content, err := s.sealer.Open(cookie, cookieOwner)
	if err != nil || len(content) != sessionIdBytes+revisionBytes {
		return "", false
	}
	ctx, cancel := context.WithTimeout(ctx, followTimeout)
	defer cancel()
	for s.store.View().Revision() < binary.BigEndian.Uint64(content[sessionIdBytes:]) {
		select {
		case <-ctx.Done():
			return "", false
		case <-time.After(followPause):
		}
	}
	return hashOf(content), true
}

// end ends a session; ending what is not there is no error.
func (s *sessions) end(ctx context.Context, cookie string) error {
	id, ok := s.open(ctx, cookie)
	if !ok {
		return nil
	}
	if err := s.store.Update(ctx, func(tx *store.Tx) error { return endIn(tx, id) }); err != nil {
		return fmt.Errorf("ending a session: %w", err)
	}
	return nil
}

// endLater ends a session beside the request's way.
func (s *sessions) endLater(ctx context.Context, cookie string) {
	if id, ok := s.open(ctx, cookie); ok {
		s.later(func(tx *store.Tx) error { return endIn(tx, id) })
	}
}

func endIn(tx *store.Tx, id string) error {
	records.Delete(tx, everywhere, id)
	return nil
}

func useIn(tx *store.Tx, id string, at time.Time) error {
	one, err := records.Get(tx, everywhere, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && !one.Used.Before(at) {
		return nil
	}
	if err != nil {
		return err
	}
	one.Used = at
	return records.Put(tx, one, everywhere, id)
}

func sweepIn(tx *store.Tx, now time.Time) error {
	list, err := all(tx)
	for i := range list {
		if list[i].isOver(now) {
			records.Delete(tx, everywhere, list[i].id)
		}
	}
	return err
}

func (s *sessions) later(write func(tx *store.Tx) error) {
	select {
	case s.work <- write:
	default:
	}
}

// run writes down what find found out, and forgets sessions that are over, until ctx is done.
func (s *sessions) run(ctx context.Context) {
	ticker := time.NewTicker(sweepInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case write := <-s.work:
			s.write(ctx, write)
		case <-ticker.C:
			s.write(ctx, func(tx *store.Tx) error { return sweepIn(tx, s.now()) })
		}
	}
}

func (s *sessions) write(ctx context.Context, write func(tx *store.Tx) error) {
	if err := s.store.Update(ctx, write); err != nil && ctx.Err() == nil {
		s.log.WarnContext(ctx, "writing down the use of sessions", slog.Any("error", err))
	}
}
