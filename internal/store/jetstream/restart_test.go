package jetstream

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/google/go-cmp/cmp"

	"gatehouse/internal/store"
	"gatehouse/test/natscluster"
)

// childEnv makes the test binary a process that writes to the data directory it names, until it is killed.
const childEnv = "GATEHOUSE_STORE_TEST_WRITE_TO"

func TestMain(m *testing.M) {
	natscluster.Main()
	if dir := os.Getenv(childEnv); dir != "" {
		writeForever(dir)
	}
	os.Exit(m.Run())
}

// childKeys are the records of each batch; all of them hold the number of the batch.
const childKeys = 5

func childKey(i int) store.Key { return store.NewKey("child", strconv.Itoa(i)) }

// writeForever commits numbered batches and prints each number when it was acknowledged.
func writeForever(dir string) {
	s, err := Open(context.Background(), Config{Dir: dir, minGarbageBytes: 1 << 16})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	next := 0
	if record, ok := s.View().Get(childKey(0)); ok {
		next, _ = strconv.Atoi(strings.Fields(string(record.Value))[0])
	}
	padding := strings.Repeat("x", 300)
	for {
		next++
		err := s.Update(context.Background(), func(tx *store.Tx) error {
			for i := range childKeys {
				tx.Put(childKey(i), fmt.Appendf(nil, "%d %s", next, padding))
			}
			tx.Put(store.NewKey("log", fmt.Sprintf("%08d", next)), nil)
			tx.Delete(store.NewKey("log", fmt.Sprintf("%08d", next-100)))
			return nil
		})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println(next)
	}
}

// runChild lets a child write and kills it; it returns the last number that was acknowledged.
func runChild(t *testing.T, dir string, life time.Duration) int {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childEnv+"="+dir)
	var stderr bytes.Buffer
	child.Stderr = &stderr
	stdout, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	last := 0
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		if last, err = strconv.Atoi(lines.Text()); err != nil {
			t.Errorf("child says %q", lines.Text())
		}
		if once := life; once > 0 { // it lives so long after its first word, however slowly it began
			life = 0
			time.AfterFunc(once, func() { _ = child.Process.Signal(syscall.SIGKILL) })
		}
	}
	_ = child.Wait() // It was killed.
	if stderr.Len() > 0 && !strings.Contains(stderr.String(), "level=") {
		t.Fatalf("child: %s", &stderr)
	}
	return last
}

// TestKill kills a writer under load; nothing it acknowledged is missing, and no batch is torn.
func TestKill(t *testing.T) {
	dir := t.TempDir()
	random := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0))
	acknowledged, total := 0, 0
	for range 8 {
		last := runChild(t, dir, time.Duration(100+random.IntN(300))*time.Millisecond)
		if last > 0 {
			acknowledged, total = last, total+1
		}
		s := open(t, Config{Dir: dir})
		checkChild(t, s.View(), acknowledged)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if total < 5 {
		t.Errorf("only %d of the children wrote anything", total)
	}
	t.Logf("%d batches survived", acknowledged)
}

func checkChild(t *testing.T, view store.Snapshot, acknowledged int) {
	t.Helper()
	seen := map[string]bool{}
	for i := range childKeys {
		record, ok := view.Get(childKey(i))
		if !ok && acknowledged == 0 {
			return
		}
		if !ok {
			t.Fatalf("record %d is missing", i)
		}
		seen[strings.Fields(string(record.Value))[0]] = true
	}
	if len(seen) != 1 {
		t.Fatalf("a batch is torn: %v", seen)
	}
	for number := range seen {
		if n, _ := strconv.Atoi(number); n < acknowledged || n > acknowledged+1 {
			t.Fatalf("store holds batch %s, acknowledged was %d", number, acknowledged)
		}
		if _, ok := view.Get(store.NewKey("log", fmt.Sprintf("%08s", number))); !ok {
			t.Fatalf("the log of batch %s is missing", number)
		}
	}
}

// TestRestart finds everything again, with the same revisions, and goes on, while the stream is compacted all the time.
func TestRestart(t *testing.T) {
	defer goleak.VerifyNone(t)
	dir := t.TempDir()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	model := map[string]string{}
	revision := uint64(0)
	for range 20 {
		s := open(t, Config{Dir: dir, minGarbageBytes: 1})
		if got := s.View().Revision(); got < revision {
			t.Fatalf("revision %d after restart, %d before", got, revision)
		}
		compareModel(t, s.View(), model)
		for range random.IntN(30) {
			randomBatch(t, s, random, model)
		}
		compareModel(t, s.View(), model)
		revision = s.View().Revision()
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// randomBatch writes or deletes some of 12 records, or now and then resets everything, and does the same to the model.
func randomBatch(t *testing.T, s *Store, random *rand.Rand, model map[string]string) {
	t.Helper()
	if random.IntN(20) == 0 {
		if err := s.Reset(context.Background()); err != nil {
			t.Fatal(err)
		}
		clear(model)
		return
	}
	remove, value := random.IntN(4) == 0, strings.Repeat("v", random.IntN(100))
	err := s.Update(context.Background(), func(tx *store.Tx) error {
		for range 1 + random.IntN(6) {
			id := strconv.Itoa(random.IntN(12))
			if remove {
				tx.Delete(store.NewKey(id))
				delete(model, id)
			} else {
				tx.Put(store.NewKey(id), []byte(value))
				model[id] = value
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func compareModel(t *testing.T, view store.Snapshot, model map[string]string) {
	t.Helper()
	if view.Len() != len(model) {
		t.Fatalf("%d records, want %d", view.Len(), len(model))
	}
	for id, want := range model {
		if record, ok := view.Get(store.NewKey(id)); !ok || string(record.Value) != want {
			t.Fatalf("record %s is %q, want %q", id, record.Value, want)
		}
	}
}

// TestCompaction keeps the stream small, whatever is written.
func TestCompaction(t *testing.T) {
	dir := t.TempDir()
	s := open(t, Config{Dir: dir, minGarbageBytes: 100_000})
	value := make([]byte, 1000)
	for i := range 1500 {
		err := s.Update(context.Background(), func(tx *store.Tx) error {
			tx.Put(store.NewKey("k", strconv.Itoa(i%20)), fmt.Appendf(value[:0:0], "%d%s", i, value))
			if i%20 == 7 {
				tx.Delete(store.NewKey("k", "3"))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	before := s.View()
	for s.compacting.Load() {
		time.Sleep(time.Millisecond)
	}
	info, err := s.stream.Info(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if info.State.Bytes > 400_000 {
		t.Errorf("the stream has %d bytes for %d of records", info.State.Bytes, before.Size())
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, Config{Dir: dir})
	defer s.Close()
	if s.View().Manifest() != before.Manifest() {
		t.Errorf("after restart %v, before %v", s.View().Manifest(), before.Manifest())
	}
}

// TestCompactionOfNothing leaves a stream that can be opened.
func TestCompactionOfNothing(t *testing.T) {
	dir := t.TempDir()
	s := open(t, Config{Dir: dir})
	fill(t, s, 3, 1)
	if err := s.Update(context.Background(), func(tx *store.Tx) error {
		for record := range tx.List(store.Key{}) {
			tx.Delete(record.Key)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.compactTo(context.Background(), s.View().Revision()); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, Config{Dir: dir})
	defer s.Close()
	if s.View().Len() != 0 || s.View().Revision() == 0 {
		t.Errorf("opened with %d records at revision %d", s.View().Len(), s.View().Revision())
	}
}

// TestWritten: when a record was written outlives a restart, and compaction in the process that read it. A process that reads it after that does not know.
func TestWritten(t *testing.T) {
	dir := t.TempDir()
	s := open(t, Config{Dir: dir})
	fill(t, s, 3, 1)
	writtenOf := func() (times []time.Time) {
		for record := range s.View().List(store.Key{}) {
			times = append(times, record.Written)
		}
		return times
	}
	reopen := func() {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s = open(t, Config{Dir: dir})
	}
	first := writtenOf()
	reopen()
	defer func() { _ = s.Close() }()
	if diff := cmp.Diff(first, writtenOf()); diff != "" {
		t.Errorf("after a restart (-want +got):\n%s", diff)
	}
	if err := s.compactTo(context.Background(), s.View().Revision()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, writtenOf()); diff != "" {
		t.Errorf("after compaction (-want +got):\n%s", diff)
	}
	reopen()
	if diff := cmp.Diff(make([]time.Time, len(first)), writtenOf()); diff != "" {
		t.Errorf("after compaction and a restart (-want +got):\n%s", diff)
	}
}

// TestSecondProcess is refused, with the id of the first.
func TestSecondProcess(t *testing.T) {
	dir := t.TempDir()
	s := open(t, Config{Dir: dir})
	defer s.Close()
	_, err := Open(context.Background(), Config{Dir: dir})
	if !errors.Is(err, store.ErrLocked) || !strings.Contains(err.Error(), strconv.Itoa(os.Getpid())) || strings.Contains(err.Error(), "\n") {
		t.Errorf("second Open: %v; want ErrLocked in one line with process %d", err, os.Getpid())
	}
}

// TestUnusableDir ends in one line that says why.
func TestUnusableDir(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, dir string
		want      error
	}{
		{"file in place of directory", file, syscall.ENOTDIR},
		{"not writable", "/proc/gatehouse", fs.ErrNotExist},
	}
	for _, tt := range tests {
		_, err := Open(context.Background(), Config{Dir: tt.dir})
		if !errors.Is(err, tt.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %v in one line", tt.name, err, tt.want)
		}
	}
	if _, err := Open(context.Background(), Config{}); err == nil {
		t.Error("a store without place was opened")
	}
}
