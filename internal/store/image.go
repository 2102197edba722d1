package store

import (
	"context"
	"iter"
	"sync"
	"sync/atomic"
)

// Image is the current snapshot of a store, with those who wait for it and watch it. It is for implementations of Store; its zero value is empty and
// ready.
type Image struct {
	current atomic.Pointer[Change]

	mu       sync.Mutex // guards the fields below, and the order of Advance
	watchers map[*watcher]bool
	advanced chan struct{} // closed at the next Advance; nil when nobody waits
	closed   bool
}

// View is the current snapshot.
func (i *Image) View() Snapshot {
	if change := i.current.Load(); change != nil {
		return change.Snapshot
	}
	return Snapshot{}
}

// Advance makes the snapshot of change the current one and tells every watcher.
func (i *Image) Advance(change Change) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.current.Store(&change)
	for w := range i.watchers {
		w.add(change)
	}
	i.wake()
}

// wake lets those in Wait look again. The caller holds mu.
func (i *Image) wake() {
	if i.advanced != nil {
		close(i.advanced)
		i.advanced = nil
	}
}

// Wait returns when the current snapshot is of the revision or a later one. Errors: ErrClosed, the error of ctx.
func (i *Image) Wait(ctx context.Context, revision uint64) error {
	for {
		i.mu.Lock()
		if i.View().Revision() >= revision {
			i.mu.Unlock()
			return nil
		}
		if i.closed {
			i.mu.Unlock()
			return ErrClosed
		}
		if i.advanced == nil {
			i.advanced = make(chan struct{})
		}
		advanced := i.advanced
		i.mu.Unlock()
		select {
		case <-advanced:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Watch is Store.Watch.
func (i *Image) Watch(ctx context.Context) iter.Seq[Change] {
	return func(yield func(Change) bool) {
		w := i.subscribe()
		defer i.unsubscribe(w)
		for {
			changes, closed := w.take()
			for _, change := range changes {
				if ctx.Err() != nil || !yield(change) {
					return
				}
			}
			if closed {
				return
			}
			select {
			case <-w.signal:
			case <-ctx.Done():
				return
			}
		}
	}
}

func (i *Image) subscribe() *watcher {
	i.mu.Lock()
	defer i.mu.Unlock()
	w := &watcher{signal: make(chan struct{}, 1), closed: i.closed}
	w.pending = []Change{{Snapshot: i.View(), Whole: true}}
	if i.watchers == nil {
		i.watchers = map[*watcher]bool{}
	}
	i.watchers[w] = true
	return w
}

func (i *Image) unsubscribe(w *watcher) {
	i.mu.Lock()
	defer i.mu.Unlock()
	delete(i.watchers, w)
}

// Close ends all watches and waits; the current snapshot stays readable.
func (i *Image) Close() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.closed = true
	for w := range i.watchers {
		w.close()
	}
	i.wake()
}

// watcher is the bounded queue of one call of Watch.
type watcher struct {
	signal chan struct{} // holds one token when there is something to take

	mu      sync.Mutex // guards the fields below
	pending []Change
	closed  bool
}

func (w *watcher) add(change Change) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.pending) >= MaxWatchBacklog || change.Whole {
		change.Whole, change.Writes = true, nil
		clear(w.pending)
		w.pending = w.pending[:0]
	}
	w.pending = append(w.pending, change)
	w.notify()
}

func (w *watcher) take() (changes []Change, closed bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	changes, w.pending = w.pending, nil
	return changes, w.closed
}

func (w *watcher) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	w.notify()
}

func (w *watcher) notify() {
	select {
	case w.signal <- struct{}{}:
	default:
	}
}
