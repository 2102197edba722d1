package lambda

import (
	"archive/zip"
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// codeStore extracts deployment packages, once per hash, for as long as
// something uses them and their function is not forgotten.
type codeStore struct {
	directory string
	room      int64 // bytes that a package may take, unzipped

	mu          sync.Mutex // guards all below
	extractions map[string]*extraction
}

// extraction is one package on disk, or on its way there.
type extraction struct {
	directory string
	// ready is closed when the directory is complete, or err is set.
	ready chan struct{}
	err   error
	// uses counts environments; a forgotten extraction is removed with the last.
	uses      int
	forgotten bool
}

// newCodeStore begins empty: what a former server extracted is extracted again.
func newCodeStore(directory string) (*codeStore, error) {
	directory = filepath.Join(directory, "code")
	if err := os.RemoveAll(directory); err != nil {
		return nil, fmt.Errorf("emptying the code directory: %w", err)
	}
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return nil, fmt.Errorf("making the code directory: %w", err)
	}
	return &codeStore{directory: directory, room: MaximumCodeSize, extractions: make(map[string]*extraction)}, nil
}

// acquire answers the directory of a package, extracted if it is not yet, and
// keeps it until release.
func (s *codeStore) acquire(ctx context.Context, code Code) (string, error) {
	if code.Directory != "" {
		return code.useInPlace()
	}
	name, err := hashName(code.SHA256)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	x, exists := s.extractions[name]
	if !exists {
		x = &extraction{directory: filepath.Join(s.directory, name), ready: make(chan struct{})}
		s.extractions[name] = x
	}
	x.uses++
	x.forgotten = false
	s.mu.Unlock()
	if !exists {
		x.err = s.extract(ctx, code, x.directory)
		close(x.ready)
	}
	<-x.ready
	if x.err != nil {
		s.drop(name, x)
		return "", x.err
	}
	return x.directory, nil
}

// drop takes a failed extraction off the books, so that the next one may succeed.
func (s *codeStore) drop(name string, failed *extraction) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.extractions[name] == failed {
		delete(s.extractions, name)
	}
}

// release ends one use.
func (s *codeStore) release(directory string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	name := filepath.Base(directory)
	x := s.extractions[name]
	if x == nil || x.directory != directory {
		return nil // used in place
	}
	x.uses--
	return s.removeUnused(name, x)
}

// forget removes an extraction as soon as nothing uses it.
func (s *codeStore) forget(code Code) error {
	name, err := hashName(code.SHA256)
	if code.Directory != "" || err != nil {
		return nil // code without a hash was never extracted
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.extractions[name]
	if x == nil {
		return nil
	}
	x.forgotten = true
	return s.removeUnused(name, x)
}

func (s *codeStore) removeUnused(name string, x *extraction) error {
	if x.uses > 0 || !x.forgotten {
		return nil
	}
	delete(s.extractions, name)
	if err := os.RemoveAll(x.directory); err != nil {
		return fmt.Errorf("removing extracted code: %w", err)
	}
	return nil
}

func (c Code) useInPlace() (string, error) {
	directory, err := filepath.Abs(c.Directory)
	if err != nil {
		return "", fmt.Errorf("finding the code directory: %w", err)
	}
	info, err := os.Stat(directory)
	if err != nil {
		return "", &ErrInvalidCode{Reason: "The code directory cannot be read: " + err.Error()}
	}
	if !info.IsDir() {
		return "", &ErrInvalidCode{Reason: directory + " is not a directory"}
	}
	return directory, nil
}

// hashName is a file name for a hash, whichever way it was written.
func hashName(hash string) (string, error) {
	if raw, err := hex.DecodeString(hash); err == nil && len(raw) == 32 {
		return hash, nil
	}
	if raw, err := base64.StdEncoding.DecodeString(hash); err == nil && len(raw) == 32 {
		return hex.EncodeToString(raw), nil
	}
	return "", &ErrInvalidCode{Reason: fmt.Sprintf("%q is not a SHA-256 hash of a deployment package", hash)}
}

func (s *codeStore) extract(ctx context.Context, code Code, target string) error {
	if code.Open == nil {
		return &ErrInvalidCode{Reason: "the function has neither a code directory nor an archive"}
	}
	work, err := os.MkdirTemp(s.directory, ".extracting-*")
	if err != nil {
		return fmt.Errorf("making an extraction directory: %w", err)
	}
	defer os.RemoveAll(work) //nolint:errcheck // what stays is removed at the next start
	archive, err := spool(ctx, code, work)
	if err != nil {
		return err
	}
	defer archive.Close() //nolint:errcheck // read only
	content := filepath.Join(work, "content")
	if err := unzip(archive, content, s.room); err != nil {
		return err
	}
	if err := os.Rename(content, target); err != nil {
		return fmt.Errorf("publishing extracted code: %w", err)
	}
	return nil
}

// spool copies the archive to a file, because zip is read from its end.
func spool(ctx context.Context, code Code, directory string) (*os.File, error) {
	source, err := code.Open(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading function code: %w", err)
	}
	defer source.Close() //nolint:errcheck // read only
	file, err := os.Create(filepath.Join(directory, "package.zip"))
	if err != nil {
		return nil, fmt.Errorf("spooling function code: %w", err)
	}
	size, err := io.Copy(file, io.LimitReader(source, MaximumCodeSize+1))
	if err == nil && size > MaximumCodeSize {
		err = &ErrInvalidCode{Reason: codeTooLarge}
	}
	if err != nil {
		file.Close() //nolint:errcheck // the first error tells more
		return nil, fmt.Errorf("spooling function code: %w", err)
	}
	return file, nil
}

const codeTooLarge = "Unzipped size must be smaller than 262144000 bytes"

// unzip extracts a deployment package into a new directory, within room, bytes, and
// the limit of entries, refusing any entry that would leave the directory.
func unzip(archive *os.File, directory string, room int64) error {
	info, err := archive.Stat()
	if err != nil {
		return fmt.Errorf("reading a deployment package: %w", err)
	}
	reader, err := zip.NewReader(archive, info.Size())
	if err != nil {
		return &ErrInvalidCode{Reason: "Could not unzip uploaded file. Please check your file, then try to upload again."}
	}
	if len(reader.File) > MaximumCodeEntries {
		return &ErrInvalidCode{Reason: fmt.Sprintf("the package holds more than %d files", MaximumCodeEntries)}
	}
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return fmt.Errorf("making a code directory: %w", err)
	}
	root, err := os.OpenRoot(directory)
	if err != nil {
		return fmt.Errorf("opening a code directory: %w", err)
	}
	defer root.Close() //nolint:errcheck // read only handle
	for _, entry := range reader.File {
		written, err := extractEntry(root, entry, room)
		if err != nil {
			return err
		}
		room -= written
	}
	return nil
}

// extractEntry writes one file, directory or link and answers its size. The
// root refuses every name that leads outside, also through a link.
func extractEntry(root *os.Root, entry *zip.File, room int64) (int64, error) {
	name := strings.TrimSuffix(strings.ReplaceAll(entry.Name, `\`, "/"), "/")
	if !filepath.IsLocal(name) {
		return 0, &ErrInvalidCode{Reason: fmt.Sprintf("the package holds a file outside of itself: %q", entry.Name)}
	}
	if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return 0, invalidEntry(entry, err)
	}
	mode := entry.Mode()
	switch {
	case strings.HasSuffix(entry.Name, "/") || mode.IsDir():
		if err := root.MkdirAll(name, 0o755); err != nil {
			return 0, invalidEntry(entry, err)
		}
		return 0, nil
	case mode&fs.ModeSymlink != 0:
		return 0, extractLink(root, entry, name)
	case !mode.IsRegular():
		return 0, &ErrInvalidCode{Reason: fmt.Sprintf("the package holds a special file: %q", entry.Name)}
	}
	return extractFile(root, entry, file{name: name, room: room})
}

type file struct {
	name string
	room int64
}

func extractFile(root *os.Root, entry *zip.File, f file) (int64, error) {
	source, err := entry.Open()
	if err != nil {
		return 0, invalidEntry(entry, err)
	}
	defer source.Close() //nolint:errcheck // read only
	// The owner may always read: zips made by programs often carry no mode.
	mode := entry.Mode().Perm() | 0o444
	if mode&0o100 != 0 {
		mode |= 0o111
	}
	target, err := root.OpenFile(f.name, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, mode)
	if err != nil {
		return 0, invalidEntry(entry, err)
	}
	written, err := io.Copy(target, io.LimitReader(source, f.room+1))
	if closeErr := target.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return 0, invalidEntry(entry, err)
	}
	if written > f.room {
		return 0, &ErrInvalidCode{Reason: codeTooLarge}
	}
	return written, nil
}

func extractLink(root *os.Root, entry *zip.File, name string) error {
	source, err := entry.Open()
	if err != nil {
		return invalidEntry(entry, err)
	}
	defer source.Close() //nolint:errcheck // read only
	const longestLink = 4096
	target, err := io.ReadAll(io.LimitReader(source, longestLink))
	if err != nil {
		return invalidEntry(entry, err)
	}
	if filepath.IsAbs(string(target)) || !filepath.IsLocal(filepath.Join(filepath.Dir(name), string(target))) || isBehindLink(root, name) {
		return &ErrInvalidCode{Reason: fmt.Sprintf("the package holds a link that leads outside of it: %q", entry.Name)}
	}
	if err := root.Symlink(string(target), name); err != nil {
		return invalidEntry(entry, err)
	}
	return nil
}

// isBehindLink says that a directory of a path is a link: where a link in it leads to
// then cannot be told from its text.
func isBehindLink(root *os.Root, name string) bool {
	for directory := filepath.Dir(name); directory != "."; directory = filepath.Dir(directory) {
		if info, err := root.Lstat(directory); err != nil || info.Mode()&fs.ModeSymlink != 0 {
			return true
		}
	}
	return false
}

func invalidEntry(entry *zip.File, err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("extracting %q: %w", entry.Name, err)
	}
	return &ErrInvalidCode{Reason: fmt.Sprintf("extracting %q: %v", entry.Name, err)}
}
