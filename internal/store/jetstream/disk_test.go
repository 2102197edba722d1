package jetstream

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"gatehouse/internal/store"
)

const failureText = "JetStream stream '$G > gatehouse-records' critical write error: write /data/2.blk: no space left on device" // observed, nats-server 2.15.2

// put writes a record that is named after its value.
func put(s *Store, value string) error {
	return s.Update(context.Background(), func(tx *store.Tx) error { tx.Put(store.NewKey("k", value), []byte(value)); return nil })
}

func names(s *Store) (found []string) {
	for record := range s.View().List(store.NewKey("k")) {
		found = append(found, string(record.Value))
	}
	return found
}

// await is true as soon as condition is.
func await(condition func() bool) bool {
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if condition() {
			return true
		}
	}
	return false
}

// A server that says that it cannot write is started again under its writers; what it acknowledged is all there, during, after and when opened again.
func TestRecovery(t *testing.T) {
	defer goleak.VerifyNone(t)
	dir := t.TempDir()
	s := open(t, Config{Dir: dir, Log: quiet()})
	const writers, failures = 8, 3
	acknowledged, refused := make([]map[string]bool, writers), make([]int, writers)
	ending, end := context.WithCancel(context.Background())
	var writing sync.WaitGroup
	for w := range writers {
		acknowledged[w] = map[string]bool{}
		writing.Go(func() {
			for n := 0; ending.Err() == nil; n++ {
				value := fmt.Sprint(w, "-", n)
				switch err := put(s, value); {
				case err == nil:
					acknowledged[w][value] = true
				case errors.Is(err, store.ErrUnwritable) && errors.Is(err, syscall.ENOSPC):
					refused[w]++
				default:
					t.Errorf("writing while the server recovers: %v", err)
				}
			}
		})
	}
	for n := range failures {
		time.Sleep(100 * time.Millisecond)
		s.serverFailed(failureText)
		if err := s.Condition().Unwritable; !errors.Is(err, store.ErrUnwritable) {
			t.Errorf("failed, and the condition is %v", err)
		}
		if !await(func() bool { return s.Condition().Recoveries > uint64(n) }) {
			t.Fatalf("not recovered: %+v", s.Condition())
		}
	}
	end()
	writing.Wait()
	if err := put(s, "last"); err != nil {
		t.Error(err)
	}
	want := []string{"last"}
	for w := range writers {
		want = append(want, slices.Collect(maps.Keys(acknowledged[w]))...)
	}
	before := names(s)
	for _, value := range want {
		if !slices.Contains(before, value) {
			t.Errorf("%s was acknowledged, and is lost", value)
		}
	}
	t.Logf("%d acknowledged, %d refused by writer", len(want), refused)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, Config{Dir: dir, Log: quiet()})
	defer s.Close()
	if after := names(s); !slices.Equal(before, after) {
		t.Errorf("opened again with %d records, before %d", len(after), len(before))
	}
}

// A failure of a stream of others restarts the server, and refuses no record.
func TestFailureOfOthers(t *testing.T) {
	s := open(t, Config{Dir: t.TempDir(), Log: quiet()})
	defer s.Close()
	first := s.embedded.server.Load()
	s.serverFailed("Filestore [gatehouse-logs] Critical write error: input/output error")
	if !await(func() bool {
		if err := put(s, "x"); err != nil {
			t.Fatal(err)
		}
		now := s.embedded.server.Load()
		return now != nil && now != first
	}) {
		t.Error("the server was not started again")
	}
}

// What takes the reserve is refused before the server sees it, without a restart, and told once.
func TestReserve(t *testing.T) {
	var log bytes.Buffer
	s := open(t, Config{Dir: t.TempDir(), Log: slog.New(slog.NewTextHandler(&log, nil))})
	defer s.Close()
	if err := put(s, "before"); err != nil {
		t.Fatal(err)
	}
	server := s.embedded.server.Load()
	s.disk.reserve.Store(math.MaxUint64 / 2)
	for range 3 {
		var known *store.Unwritable
		if err := put(s, "while"); !errors.Is(err, store.ErrUnwritable) || !errors.Is(err, syscall.ENOSPC) || !errors.As(err, &known) || known.Sent || known.Free == 0 {
			t.Errorf("writing to a full disk: %v", err)
		}
	}
	if _, err := s.PutObject(context.Background(), strings.NewReader("object")); !errors.Is(err, store.ErrUnwritable) {
		t.Errorf("storing an object on a full disk: %v", err)
	}
	if got := names(s); !slices.Equal(got, []string{"before"}) {
		t.Errorf("records are %q", got)
	}
	if c := s.Condition(); c.Unwritable == nil || c.Since.IsZero() || c.Refused != 4 || c.Free == 0 {
		t.Errorf("condition %+v", c)
	}
	s.disk.reserve.Store(reserveBytes)
	if err := put(s, "after"); err != nil {
		t.Errorf("writing when there is room again: %v", err)
	}
	if c := s.Condition(); c.Unwritable != nil || c.Recoveries != 1 || s.embedded.server.Load() != server {
		t.Errorf("condition %+v, or another server", c)
	}
	s.disk.mu.Lock() // for the buffer
	defer s.disk.mu.Unlock()
	for _, part := range []string{"writes are refused", "no space left on device", "make room on that disk", "article=GH-C411", "free_bytes=", "writes succeed again"} {
		if strings.Count(log.String(), part) != 1 && part != "free_bytes=" && part != "article=GH-C411" || !strings.Contains(log.String(), part) {
			t.Errorf("%q is not told once in:\n%s", part, log.String())
		}
	}
}

// A directory that is deleted under the server takes nothing more, though its open files would.
func TestDeletedDirectory(t *testing.T) {
	for _, below := range []string{"", "jetstream"} {
		t.Run("all"+below, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "data")
			s := open(t, Config{Dir: dir, Log: quiet()})
			defer func() { _ = s.Close() }() // it may complain
			if err := put(s, "before"); err != nil {
				t.Fatal(err)
			}
			aside := dir + "-aside"
			if err := os.Rename(filepath.Join(dir, below), aside); err != nil {
				t.Fatal(err)
			}
			if err := put(s, "while"); !errors.Is(err, store.ErrUnwritable) || !strings.Contains(err.Error(), "was deleted or replaced") {
				t.Errorf("writing without the directory: %v", err)
			}
			if err := os.Rename(aside, filepath.Join(dir, below)); err != nil {
				t.Fatal(err)
			}
			if err := put(s, "after"); err != nil || !slices.Equal(names(s), []string{"after", "before"}) {
				t.Errorf("with the directory back: %v, records %q", err, names(s))
			}
		})
	}
}

// What is held in memory for want of room is put back as it was.
func TestHeldFiles(t *testing.T) {
	dir := t.TempDir()
	for path, content := range map[string]string{"a": "first", "below/b": "second"} {
		path = filepath.Join(dir, path)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(content), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	held, err := holdFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Truncate(filepath.Join(dir, "a"), 1), os.RemoveAll(filepath.Join(dir, "below")), held.putBack()); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"a": "first", "below/b": "second"} {
		if content, err := fs.ReadFile(os.DirFS(dir), path); err != nil || string(content) != want {
			t.Errorf("%s holds %q, %v", path, content, err)
		}
	}
}
