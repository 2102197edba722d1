package jetstream

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/nats-io/nats-server/v2/server"
)

const (
	// preservedName is the directory of the copy that preserve makes.
	preservedName = "before-recovery"
	// salvagedName is what the copy is called when it is all that is left of the damaged files; nobody removes it.
	salvagedName = "before-salvage"
)

// streamsDir is where the embedded server keeps its streams.
func streamsDir(dir string) string {
	return filepath.Join(dir, server.JetStreamStoreDir, server.DEFAULT_GLOBAL_ACCOUNT, "streams")
}

// preserve copies the files of the stream of records before the server recovers from a crash: when recovery meets a damaged message it cuts off all
// that follows in the file, for ever. The copy is removed once the stream was found sound. A copy that is there already stays: it is of an earlier and
// better state.
func preserve(dir, stream string) error {
	origin, copied := filepath.Join(streamsDir(dir), stream), filepath.Join(dir, preservedName)
	if _, err := os.Stat(copied); err == nil {
		return nil
	}
	partial := copied + ".partial"
	if err := os.RemoveAll(partial); err != nil {
		return fmt.Errorf("copying the stream of records before recovery: %w", err)
	}
	err := os.CopyFS(partial, os.DirFS(origin))
	if errors.Is(err, fs.ErrNotExist) {
		return os.RemoveAll(partial)
	}
	if err == nil {
		err = os.Rename(partial, copied)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("copying the stream of records before recovery: %w", err), os.RemoveAll(partial))
	}
	return nil
}

// preserve copies the files of the records, into memory when the disk has no room for them.
func (s *Store) preserve() error {
	err := preserve(s.config.Dir, s.streamName())
	if !isFull(err) || s.config.Salvage { // Salvaging writes a new stream, so it needs room anyhow.
		return err
	}
	s.held, err = holdFiles(filepath.Join(streamsDir(s.config.Dir), s.streamName()))
	return err
}

// heldFiles are the contents of a directory, by their paths beneath it.
type heldFiles struct {
	dir      string
	contents map[string][]byte
}

func holdFiles(dir string) (*heldFiles, error) {
	held := &heldFiles{dir: dir, contents: map[string][]byte{}}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		held.contents[path], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the stream of records before recovery: %w", err)
	}
	return held, nil
}

// putBack writes the files as they were. What recovery cut off has left the room for it.
func (h *heldFiles) putBack() error {
	if h == nil {
		return nil
	}
	var problems []error
	for path, content := range h.contents {
		problems = append(problems, os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, content, 0o600))
	}
	if err := errors.Join(problems...); err != nil {
		return fmt.Errorf("putting the damaged files back as they were: %w", err)
	}
	return nil
}

// keepPreserved gives the copy a name under which it stays, in place of that of an earlier salvage.
func keepPreserved(dir string) error {
	kept := filepath.Join(dir, salvagedName)
	if err := os.RemoveAll(kept); err != nil {
		return fmt.Errorf("keeping damaged files: %w", err)
	}
	if err := os.Rename(filepath.Join(dir, preservedName), kept); err != nil {
		return fmt.Errorf("keeping damaged files: %w", err)
	}
	return nil
}

// preserved says where the copy is, to follow an error, or nothing.
func preserved(dir string) string {
	copied := filepath.Join(dir, preservedName)
	if _, err := os.Stat(copied); dir == "" || err != nil {
		return ""
	}
	return "; its files as they were before this start are in " + copied
}

// storedStreams are the names of the streams that have files in a data directory. Those of them that a started server does not know are damaged: it
// leaves out, with a warning, what it cannot read.
func storedStreams(dir string) ([]string, error) {
	entries, err := os.ReadDir(streamsDir(dir))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("reading data directory: %w", err)
	}
	var names []string
	for _, entry := range entries {
		if name := entry.Name(); entry.IsDir() && name[0] != '.' {
			names = append(names, name)
		}
	}
	return names, nil
}
