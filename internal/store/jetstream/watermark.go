package jetstream

import (
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
)

// watermark is a file that remembers, outside of the server's own files, the last revision that was acknowledged. A stream whose tail was cut off
// is a sound stream of an earlier time, which its manifest cannot tell; the watermark can. It is written after each batch and never synced: it
// survives the death of the process, and after a power failure it may be older, which only makes it lenient.
type watermark struct {
	file *os.File
}

const (
	watermarkName   = "revision"
	watermarkFormat = "%020d %08x\n"
)

// openWatermark opens the file and returns the revision in it, zero when there is none or it was torn.
func openWatermark(dir string) (*watermark, uint64, error) {
	file, err := os.OpenFile(filepath.Join(dir, watermarkName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, 0, fmt.Errorf("opening watermark: %w", err)
	}
	var revision uint64
	var sum uint32
	if _, err := fmt.Fscanf(file, watermarkFormat, &revision, &sum); err != nil || sum != sumOf(revision) {
		revision = 0
	}
	return &watermark{file}, revision, nil
}

func sumOf(revision uint64) uint32 { return crc32.ChecksumIEEE(fmt.Append(nil, revision)) }

// write remembers a revision. A nil watermark, as of an external cluster, forgets it.
func (w *watermark) write(revision uint64) error {
	if w == nil {
		return nil
	}
	if _, err := w.file.WriteAt(fmt.Appendf(nil, watermarkFormat, revision, sumOf(revision)), 0); err != nil && !errors.Is(err, os.ErrClosed) {
		return fmt.Errorf("writing watermark: %w", err)
	}
	return nil
}

func (w *watermark) close() error {
	if w == nil {
		return nil
	}
	return w.file.Close()
}
