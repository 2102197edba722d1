package jetstream

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/store"
)

// writeSample fills a data directory as an installation would, and returns what it holds.
func writeSample(t *testing.T, dir string) store.Snapshot {
	t.Helper()
	s := open(t, Config{Dir: dir})
	fill(t, s, 60, 7)
	if err := s.Update(context.Background(), func(tx *store.Tx) error {
		tx.Delete(store.NewKey("000000000000", "us-east-1", "Method", "api0", "3"))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return s.View()
}

// filesOf lists the files of the stream of records.
func filesOf(t *testing.T, dir string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && strings.Contains(path, "gatehouse-records") {
			files = append(files, path)
		}
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("files of the stream: %v, %v", files, err)
	}
	return files
}

// TestFlippedBit flips one bit somewhere in the files of the stream: the start fails and names the damage, or the bit did not matter.
func TestFlippedBit(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	origin := t.TempDir()
	want := writeSample(t, origin)
	found := 0
	for range 40 {
		dir := t.TempDir()
		if err := os.CopyFS(dir, os.DirFS(origin)); err != nil {
			t.Fatal(err)
		}
		files := filesOf(t, dir)
		file := files[random.IntN(len(files))]
		if random.IntN(2) == 0 {
			file = filepath.Join(dir, "jetstream", "$G", "streams", "gatehouse-records", "msgs", "1.blk")
		}
		where := flip(t, random, file)
		if random.IntN(2) == 0 { // As after a crash: the server reads its files again, and may cut them.
			where += ", without index"
			crash(t, dir, want.Revision())
		}
		s, err := Open(context.Background(), Config{Dir: dir})
		if err == nil {
			if s.View().Manifest() != want.Manifest() {
				t.Errorf("%s flipped: opened with %v, want %v", where, s.View().Manifest(), want.Manifest())
			}
			s.Close()
			continue
		}
		found++
		if !errors.Is(err, store.ErrDamaged) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s flipped: %v, want ErrDamaged in one line", where, err)
		}
		t.Logf("%s: %v", where, err)
	}
	if found < 10 {
		t.Errorf("only %d of the flipped bits were found", found)
	}
}

// crash makes the directory of a closed store look like that of one that crashed.
func crash(t *testing.T, dir string, revision uint64) {
	t.Helper()
	if err := os.Remove(filepath.Join(dir, "jetstream", "$G", "streams", "gatehouse-records", "msgs", "index.db")); err != nil {
		t.Fatal(err)
	}
	w, last, err := openWatermark(dir)
	if err != nil || !last.closed || last.revision != revision {
		t.Fatalf("watermark of a closed store: %+v, %v", last, err)
	}
	if err := errors.Join(w.write(mark{revision: last.revision}), w.close()); err != nil {
		t.Fatal(err)
	}
}

// flip changes one bit of a file.
func flip(t *testing.T, random *rand.Rand, file string) (where string) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	at, bit := random.IntN(len(content)), random.IntN(8)
	content[at] ^= 1 << bit
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%s, byte %d of %d, bit %d", filepath.Base(file), at, len(content), bit)
}

// TestDamageAfterCrash keeps a copy of the files before the server's recovery cuts them, until a start finds them sound.
func TestDamageAfterCrash(t *testing.T) {
	dir := t.TempDir()
	want := writeSample(t, dir)
	crash(t, dir, want.Revision())
	content := flipMiddle(t, dir)
	for range 2 { // A second try must not spoil the copy.
		if _, err := Open(context.Background(), Config{Dir: dir}); !errors.Is(err, store.ErrDamaged) || !strings.Contains(err.Error(), preservedName) {
			t.Fatalf("Open: %v, want ErrDamaged with the place of the copy", err)
		}
	}
	kept, err := os.ReadFile(filepath.Join(dir, preservedName, "msgs", "1.blk"))
	if err != nil || !bytes.Equal(kept, content) {
		t.Errorf("the copy is not what was there: %d bytes of %d, %v", len(kept), len(content), err)
	}
	salvaged := open(t, Config{Dir: dir, Salvage: true, Log: quiet()})
	if n := salvaged.View().Len(); n == 0 || n >= want.Len() {
		t.Errorf("salvaged %d records of %d", n, want.Len())
	}
	fill(t, salvaged, 3, 1)
	salvaged.Close()
	again := open(t, Config{Dir: dir})
	defer again.Close()
	if again.View().Manifest() != salvaged.View().Manifest() {
		t.Errorf("after salvage and restart: %v, want %v", again.View().Manifest(), salvaged.View().Manifest())
	}
}

// TestSalvageGap reads over a damaged message in the middle.
func TestSalvageGap(t *testing.T) {
	dir := t.TempDir()
	want := writeSample(t, dir)
	flipMiddle(t, dir)
	s := open(t, Config{Dir: dir, Salvage: true, Log: quiet()})
	if got := s.View().Len(); got != want.Len()-7 && got != want.Len()-6 {
		t.Errorf("salvaged %d records of %d, want all but one batch of 7", got, want.Len())
	}
	s.Close()
	again := open(t, Config{Dir: dir})
	defer again.Close()
	if _, err := os.Stat(filepath.Join(dir, salvagedName, "msgs", "1.blk")); err != nil {
		t.Errorf("the damaged files are gone: %v", err)
	}
	if again.View().Manifest() != s.View().Manifest() {
		t.Errorf("after salvage and restart: %v, want %v", again.View().Manifest(), s.View().Manifest())
	}
}

// flipMiddle flips a bit in the middle of the messages, and returns what the file holds then.
func flipMiddle(t *testing.T, dir string) []byte {
	t.Helper()
	block := filepath.Join(streamsDir(dir), "gatehouse-records", "msgs", "1.blk")
	content, err := os.ReadFile(block)
	if err != nil {
		t.Fatal(err)
	}
	content[len(content)/2] ^= 4
	if err := os.WriteFile(block, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return content
}

// TestCheck finds nothing wrong with a sound store, and names what was damaged while it runs.
func TestCheck(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	s := open(t, Config{Dir: dir, Log: quiet()})
	fill(t, s, 60, 7)
	digest, err := s.PutObject(ctx, strings.NewReader("code"))
	if err != nil {
		t.Fatal(err)
	}
	loose, err := s.PutObject(ctx, strings.NewReader("loose"))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{string(digest), string(store.DigestOf([32]byte{}))} {
		err := s.Update(ctx, func(tx *store.Tx) error { tx.Put(store.NewKey("refers", text), []byte(text)); return nil })
		if err != nil {
			t.Fatal(err)
		}
	}
	report, err := s.Check(ctx)
	if err != nil || report.Records != 62 || report.Objects != 2 || report.Loose != 1 {
		t.Errorf("Check: %+v, %v", report, err)
	}
	if len(report.Problems) != 1 || !strings.Contains(report.Problems[0], "is missing") {
		t.Errorf("Check of a store that lacks an object: %q", report.Problems)
	}
	if err := s.DeleteObject(ctx, loose); err != nil {
		t.Fatal(err)
	}
	if err := s.stream.SecureDeleteMsg(ctx, 3); err != nil {
		t.Fatal(err)
	}
	report, err = s.Check(ctx)
	if err != nil || len(report.Problems) != 1+1+1+7 { // The object, the gap, the manifest, the records of the batch.
		t.Errorf("Check of a store that lost a batch: %d problems %q, %v", len(report.Problems), report.Problems, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Check(ctx); !errors.Is(err, store.ErrClosed) {
		t.Errorf("Check after Close: %v", err)
	}
}
