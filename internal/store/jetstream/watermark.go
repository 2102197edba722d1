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

// mark is what the file holds.
type mark struct {
	revision uint64
	// closed says that the store was closed after it, and did not crash.
	closed bool
}

const (
	watermarkName   = "revision"
	watermarkFormat = "%020d %t %08x\n"
)

// openWatermark opens the file and returns what it holds, zero when there is none or it was torn.
func openWatermark(dir string) (*watermark, mark, error) {
	file, err := os.OpenFile(filepath.Join(dir, watermarkName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, mark{}, fmt.Errorf("opening watermark: %w", err)
	}
	var m mark
	var sum uint32
	if _, err := fmt.Fscanf(file, watermarkFormat, &m.revision, &m.closed, &sum); err != nil || sum != m.sum() {
		m = mark{}
	}
	return &watermark{file}, m, nil
}

func (m mark) sum() uint32 { return crc32.ChecksumIEEE(fmt.Append(nil, m.revision, m.closed)) }

// write remembers a mark. A nil watermark, as of an external cluster, forgets it.
func (w *watermark) write(m mark) error {
	if w == nil {
		return nil
	}
	// The padding covers what a longer line left behind.
	line := fmt.Appendf(nil, watermarkFormat+"      ", m.revision, m.closed, m.sum())
	if _, err := w.file.WriteAt(line, 0); err != nil && !errors.Is(err, os.ErrClosed) {
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
