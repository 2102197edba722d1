package jetstream

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"gatehouse/internal/store"
)

// lockName is the file whose lock is the right to use a data directory; it holds the id of the process that has it.
const lockName = "lock"

// lockDir takes the lock of a data directory. The lock ends with the process, however it ends.
func lockDir(dir string) (*os.File, error) {
	path := filepath.Join(dir, lockName)
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("locking data directory: %w", err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		defer func() { _ = file.Close() }()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("locking %s: %w by process %s", path, store.ErrLocked, holder(file))
		}
		return nil, fmt.Errorf("locking %s: %w", path, err)
	}
	// The id is for people. A full disk has no room for it, and yet the lock is taken.
	if err := errors.Join(file.Truncate(0), writeHolder(file)); err != nil && !isFull(err) {
		_ = file.Close()
		return nil, fmt.Errorf("locking %s: %w", path, err)
	}
	return file, nil
}

func writeHolder(file *os.File) error {
	_, err := fmt.Fprintf(file, "%d\n", os.Getpid())
	return err
}

func holder(file *os.File) string {
	content, err := io.ReadAll(io.LimitReader(file, 32))
	if pid := strings.TrimSpace(string(content)); err == nil && pid != "" {
		return pid
	}
	return "of unknown id"
}

// probeBytes is what must fit on the disk at least for a start to make sense.
const probeBytes = 256 << 10

// probe finds out early, and says plainly, when a directory cannot be written or its disk is full.
func probe(dir string) error {
	file, err := os.CreateTemp(dir, "probe-*")
	if err != nil {
		return fmt.Errorf("writing to data directory: %w", err)
	}
	defer func() { _, _ = os.Remove(file.Name()), file.Close() }()
	if _, err := file.Write(make([]byte, probeBytes)); err != nil {
		return fmt.Errorf("writing to data directory: %w", err)
	}
	if err := file.Sync(); err != nil {
		return fmt.Errorf("writing to data directory: %w", err)
	}
	return nil
}
