package jetstream

import (
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
			if err := os.Remove(filepath.Join(dir, "jetstream", "$G", "streams", "gatehouse-records", "msgs", "index.db")); err != nil {
				t.Fatal(err)
			}
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
