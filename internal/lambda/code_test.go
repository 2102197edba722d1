package lambda

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// writeZip writes an archive with one entry of any name and mode.
func writeZip(t testing.TB, name, text string, mode fs.FileMode) *os.File {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "package.zip"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	writer := zip.NewWriter(file)
	header := &zip.FileHeader{Name: name, Method: zip.Deflate}
	if mode != 0 {
		header.SetMode(mode)
	}
	w, err := writer.CreateHeader(header)
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(w, text)
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestUnzip_refused(t *testing.T) {
	cases := []struct {
		name, text string
		mode       fs.FileMode
	}{
		{"../outside", "x", 0o644},
		{"a/../../outside", "x", 0o644},
		{"/absolute", "x", 0o644},
		{`..\outside`, "x", 0o644},
		{"link", "/etc/passwd", fs.ModeSymlink | 0o777},
		{"a/link", "../../outside", fs.ModeSymlink | 0o777},
		{"device", "", fs.ModeDevice | 0o644},
		{"pipe", "", fs.ModeNamedPipe | 0o644},
	}
	for _, c := range cases {
		directory := filepath.Join(t.TempDir(), "code")
		err := unzip(writeZip(t, c.name, c.text, c.mode), directory, MaximumCodeSize)
		var refused *ErrInvalidCode
		if !errors.As(err, &refused) {
			t.Errorf("%s: got %v, want a refusal", c.name, err)
		}
		if _, err := os.Lstat(filepath.Join(directory, "..", "outside")); err == nil {
			t.Errorf("%s: written outside of the directory", c.name)
		}
	}
	file, err := os.Create(filepath.Join(t.TempDir(), "x"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var refused *ErrInvalidCode
	if err := unzip(file, t.TempDir(), MaximumCodeSize); !errors.As(err, &refused) || !strings.HasPrefix(err.Error(), "Could not unzip") {
		t.Errorf("no archive: got %v", err)
	}
}

func TestUnzip_modes(t *testing.T) {
	cases := []struct {
		mode, want fs.FileMode
	}{{0, 0o644}, {0o600, 0o644}, {0o700, 0o755}, {0o755, 0o755}}
	for _, c := range cases {
		directory := t.TempDir()
		if err := unzip(writeZip(t, "a/b.txt", "text", c.mode), directory, MaximumCodeSize); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(filepath.Join(directory, "a/b.txt"))
		if err != nil || info.Mode().Perm() != c.want {
			t.Errorf("mode %o became %v, want %o (%v)", c.mode, info.Mode(), c.want, err)
		}
	}
	directory := t.TempDir()
	if err := unzip(writeZip(t, "a/link", "b/../c", fs.ModeSymlink|0o777), directory, MaximumCodeSize); err != nil {
		t.Fatal(err)
	}
	if target, err := os.Readlink(filepath.Join(directory, "a/link")); err != nil || target != "b/../c" {
		t.Errorf("link to %q, %v", target, err)
	}
}

func TestUnzip_tooLarge(t *testing.T) {
	var archive bytes.Buffer
	writer := zip.NewWriter(&archive)
	w, err := writer.Create("zeros")
	if err != nil {
		t.Fatal(err)
	}
	w.Write(make([]byte, 1<<20+1))
	writer.Close()
	path := filepath.Join(t.TempDir(), "bomb.zip")
	os.WriteFile(path, archive.Bytes(), 0o644)
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := unzip(file, filepath.Join(t.TempDir(), "code"), 1<<20); err == nil || err.Error() != codeTooLarge {
		t.Errorf("got %v, want %s", err, codeTooLarge)
	}
}

// One extraction for all that ask at once, and none left half done.
func TestCodeStore_acquire(t *testing.T) {
	store, err := newCodeStore(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	code := zipCode(t, map[string]string{"a.txt": "text"})
	opened := 0
	open := code.Open
	code.Open = func(ctx context.Context) (io.ReadCloser, error) { opened++; return open(ctx) }
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			directory, err := store.acquire(t.Context(), code)
			if err != nil {
				t.Error(err)
				return
			}
			if text, err := os.ReadFile(filepath.Join(directory, "a.txt")); string(text) != "text" {
				t.Errorf("got %q, %v", text, err)
			}
		})
	}
	wait.Wait()
	if opened != 1 {
		t.Errorf("the archive was read %d times, want 1", opened)
	}
	code.SHA256 = "short"
	var refused *ErrInvalidCode
	if _, err := store.acquire(t.Context(), code); !errors.As(err, &refused) {
		t.Errorf("got %v", err)
	}
	code.SHA256 = hash([]byte("other"))
	code.Open = func(context.Context) (io.ReadCloser, error) { return nil, errors.New("away") }
	if _, err := store.acquire(t.Context(), code); err == nil {
		t.Error("got no error from an archive that is away")
	}
	if entries, _ := os.ReadDir(store.directory); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
}

func FuzzUnzip(f *testing.F) {
	var archive bytes.Buffer
	writer := zip.NewWriter(&archive)
	w, _ := writer.Create("../a/b")
	w.Write([]byte("text"))
	writer.Close()
	f.Add(archive.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		directory := t.TempDir()
		path := filepath.Join(directory, "x.zip")
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		_ = unzip(file, filepath.Join(directory, "code"), MaximumCodeSize)
		entries, _ := os.ReadDir(directory)
		for _, entry := range entries {
			if entry.Name() != "x.zip" && entry.Name() != "code" {
				t.Errorf("written outside: %s", entry.Name())
			}
		}
	})
}
