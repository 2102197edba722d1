package storetest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/store"
)

func readObject(t *testing.T, s store.Store, digest store.Digest) []byte {
	t.Helper()
	r, err := s.GetObject(context.Background(), digest)
	if err != nil {
		t.Fatalf("GetObject: %v", err)
	}
	defer func() { _ = r.Close() }()
	content, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("reading object: %v", err)
	}
	return content
}

func putObject(t *testing.T, s store.Store, content []byte) store.Digest {
	t.Helper()
	digest, err := s.PutObject(context.Background(), bytes.NewReader(content))
	if err != nil {
		t.Fatalf("PutObject: %v", err)
	}
	if want := store.DigestOf(sha256.Sum256(content)); digest != want {
		t.Fatalf("digest %s, want %s", digest, want)
	}
	return digest
}

func testObjects(t *testing.T, s store.Store) {
	ctx := context.Background()
	hello, empty := putObject(t, s, []byte("hello")), putObject(t, s, nil)
	if again := putObject(t, s, []byte("hello")); again != hello {
		t.Errorf("same content, other digest")
	}
	if got := readObject(t, s, hello); string(got) != "hello" {
		t.Errorf("object holds %q", got)
	}
	if got := readObject(t, s, empty); len(got) != 0 {
		t.Errorf("empty object holds %q", got)
	}
	list, err := s.ListObjects(ctx)
	if err != nil || len(list) != 2 || list[0].Digest > list[1].Digest {
		t.Errorf("ListObjects: %v, %v", list, err)
	}
	for range 2 { // Deleting twice is no error.
		if err := s.DeleteObject(ctx, hello); err != nil {
			t.Errorf("DeleteObject: %v", err)
		}
	}
	for _, digest := range []store.Digest{hello, "sha256:00", "", store.DigestOf([32]byte{})} {
		if _, err := s.GetObject(ctx, digest); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("GetObject(%q): %v, want ErrNotFound", digest, err)
		}
	}
	if err := s.Reset(ctx); err != nil {
		t.Fatal(err)
	}
	if list, err := s.ListObjects(ctx); err != nil || len(list) != 0 {
		t.Errorf("after Reset: %v, %v", list, err)
	}
	putObject(t, s, []byte("hello"))
	if _, err := s.PutObject(ctx, io.MultiReader(strings.NewReader("half"), brokenReader{})); !errors.Is(err, errBroken) {
		t.Errorf("PutObject of a broken reader: %v", err)
	}
	if list, err := s.ListObjects(ctx); err != nil || len(list) != 1 {
		t.Errorf("a broken object was kept: %v, %v", list, err)
	}
}

var errBroken = errors.New("broken")

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errBroken }

func testLargeObject(t *testing.T, s store.Store) {
	content := make([]byte, 20<<20+12345)
	random := rand.NewChaCha8([32]byte{1})
	if _, err := random.Read(content); err != nil {
		t.Fatal(err)
	}
	digest := putObject(t, s, content)
	if !bytes.Equal(readObject(t, s, digest), content) {
		t.Error("a large object came back different")
	}
}

func testSweep(t *testing.T, s store.Store) {
	ctx := context.Background()
	kept, loose := putObject(t, s, []byte("kept")), putObject(t, s, []byte("loose"))
	put(t, s, "function", `{"code":"`+string(kept)+`"}`)
	if n, err := store.Sweep(ctx, s, time.Now().Add(-time.Hour)); n != 0 || err != nil {
		t.Errorf("sweeping old objects deleted %d young ones, %v", n, err)
	}
	if n, err := store.Sweep(ctx, s, time.Now().Add(time.Hour)); n != 1 || err != nil {
		t.Errorf("Sweep deleted %d, %v; want 1", n, err)
	}
	if _, err := s.GetObject(ctx, loose); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the loose object: %v", err)
	}
	readObject(t, s, kept)
}
