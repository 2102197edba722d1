// Package memory is a store that forgets: records and objects in the memory of one process, for unit tests and for servers that keep nothing.
//
// It is not a cache and has no files. Begin at [New].
package memory

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"sync"
	"time"

	"gatehouse/internal/store"
)

// Store is a store.Store in memory.
type Store struct {
	image store.Image
	now   func() time.Time
	// turn holds a token while nobody updates.
	turn chan struct{}

	mu      sync.Mutex // guards the fields below
	closed  bool
	objects map[store.Digest]object
}

type object struct {
	content []byte
	modTime time.Time
}

var _ store.Store = (*Store)(nil)

// New makes an empty store.
func New() *Store {
	s := &Store{now: time.Now, //nolint:forbidigo // a store for tests; tests of its age set the field
		turn: make(chan struct{}, 1), objects: map[store.Digest]object{}}
	s.turn <- struct{}{}
	return s
}

// View implements store.Store.
func (s *Store) View() store.Snapshot { return s.image.View() }

// Watch implements store.Store.
func (s *Store) Watch(ctx context.Context) iter.Seq[store.Change] { return s.image.Watch(ctx) }

// Update implements store.Store. Updates run one after another, so none runs twice.
func (s *Store) Update(ctx context.Context, update func(tx *store.Tx) error) error {
	if err := s.begin(ctx); err != nil {
		return err
	}
	defer s.end()
	base := s.View()
	tx := store.Begin(base)
	if err := update(tx); err != nil {
		return err
	}
	writes, _, err := tx.Batch()
	if err != nil || len(writes) == 0 {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	revision := base.Revision() + 1
	written := s.now()
	for i := range writes {
		writes[i].Revision, writes[i].Written = revision, written
	}
	s.image.Advance(store.Change{Snapshot: base.Apply(revision, writes...), Writes: writes})
	return nil
}

// Reset implements store.Store.
func (s *Store) Reset(ctx context.Context) error {
	if err := s.begin(ctx); err != nil {
		return err
	}
	defer s.end()
	s.image.Advance(store.Change{Snapshot: store.Snapshot{}.Apply(s.View().Revision() + 1), Whole: true})
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.objects)
	return nil
}

// begin waits for the turn to write.
func (s *Store) begin(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case <-s.turn:
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := s.open(); err != nil {
		s.end()
		return err
	}
	return nil
}

func (s *Store) end() { s.turn <- struct{}{} }

func (s *Store) open() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return store.ErrClosed
	}
	return nil
}

// PutObject implements store.Store.
func (s *Store) PutObject(ctx context.Context, r io.Reader) (store.Digest, error) {
	content, err := io.ReadAll(r)
	if err != nil {
		return "", fmt.Errorf("reading object: %w", err)
	}
	if err := ctx.Err(); err != nil {
		return "", err
	}
	if err := s.open(); err != nil {
		return "", err
	}
	digest := store.DigestOf(sha256.Sum256(content))
	s.mu.Lock()
	defer s.mu.Unlock()
	s.objects[digest] = object{content: content, modTime: s.now()}
	return digest, nil
}

// GetObject implements store.Store.
func (s *Store) GetObject(ctx context.Context, digest store.Digest) (io.ReadCloser, error) {
	if err := s.ready(ctx); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.objects[digest]
	if !ok {
		return nil, fmt.Errorf("getting object %s: %w", digest, store.ErrNotFound)
	}
	return io.NopCloser(bytes.NewReader(found.content)), nil
}

// DeleteObject implements store.Store.
func (s *Store) DeleteObject(ctx context.Context, digest store.Digest) error {
	if err := s.ready(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.objects, digest)
	return nil
}

// ListObjects implements store.Store.
func (s *Store) ListObjects(ctx context.Context) ([]store.Object, error) {
	if err := s.ready(ctx); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []store.Object
	for digest, o := range s.objects {
		list = append(list, store.Object{Digest: digest, Size: uint64(len(o.content)), ModTime: o.modTime})
	}
	slices.SortFunc(list, func(a, b store.Object) int { return strings.Compare(string(a.Digest), string(b.Digest)) })
	return list, nil
}

func (s *Store) ready(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.open()
}

// Close implements store.Store.
func (s *Store) Close() error {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.image.Close()
	return nil
}
