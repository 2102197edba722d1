package jetstream

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"gatehouse/internal/fault"
	"gatehouse/internal/store"
)

// reserveBytes is the room on the disk that no batch, object or log event takes: what the embedded server needs to end, to start and to recover. What
// would take it is refused before the server sees it, so that a disk that fills up does not make the server fail.
const reserveBytes = 4 << 20

// What a person does about each cause. The store looks again by itself.
const (
	adviceRoom      = "make room on that disk; writes then succeed again by themselves, no restart is needed"
	adviceInodes    = "delete files on that disk, it has no inodes left; writes then succeed again by themselves"
	adviceWritable  = "make the directory writable for the server's user again; writes then succeed by themselves"
	adviceDisk      = "look at the kernel's log for the disk's errors; the server tries again by itself"
	adviceDirectory = "put the directory back where it was; what is served is in memory alone, so export what is deployed before the server ends"
)

var (
	errDiskFull  = fmt.Errorf("the disk is full: %w", syscall.ENOSPC)
	errReplaced  = errors.New("the data directory was deleted or replaced while the server runs")
	errLostBatch = fmt.Errorf("%w: what was acknowledged is not in the files any more", store.ErrDamaged)
)

// disk is what the embedded server writes to: how much room there is, whether the directory is still the one that was opened, and whether the server
// failed to write. A nil disk, as of an external cluster, is always well.
type disk struct {
	dir  string
	lock fs.FileInfo // of the file that this process holds the lock of
	msgs string      // where the server keeps the records' messages
	log  *slog.Logger
	now  func() time.Time

	reserve atomic.Uint64 // reserveBytes, but in tests
	refused atomic.Uint64

	mu         sync.Mutex // guards the fields below
	trouble    error      // why nothing can be stored, nil while all is well
	since      time.Time  // when trouble began
	failed     bool       // the server has failed, and writes nothing until it was started again
	low        bool
	lowSince   time.Time
	recoveries uint64
}

func newDisk(config Config, lock *os.File, msgs string) (*disk, error) {
	info, err := lock.Stat()
	if err != nil {
		return nil, fmt.Errorf("looking at the data directory: %w", err)
	}
	d := &disk{dir: config.Dir, lock: info, msgs: msgs, log: config.Log, now: config.Now}
	d.reserve.Store(reserveBytes)
	return d, nil
}

// free is the room for files of this user, and whether files can be made; what cannot be found out is unlimited.
func (d *disk) free() (bytes uint64, inodes bool) {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(d.dir, &stat); err != nil || stat.Blocks == 0 {
		return store.UnknownBytes, true
	}
	return stat.Bavail * uint64(stat.Bsize), stat.Files == 0 || stat.Ffree > 0 //nolint:gosec,unconvert // a block's size is positive; its type differs between systems
}

// freeText is the number of free bytes for the log.
func (d *disk) freeText() string {
	bytes, _ := d.free()
	if bytes == store.UnknownBytes {
		return store.Megabytes(bytes)
	}
	return strconv.FormatUint(bytes, 10)
}

// writable says why so many bytes cannot be stored now, and counts that they were refused.
func (d *disk) writable(size int) error {
	if d == nil {
		return nil
	}
	err := d.look(uint64(size))
	if err == nil && !d.troubled() {
		return nil // One look is all that a write costs while all is well.
	}
	if noted := d.check(); noted != nil {
		err = noted
	}
	if err != nil {
		d.refused.Add(1)
	}
	return err
}

func (d *disk) troubled() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.trouble != nil
}

// check looks at the disk, and notes what it finds.
func (d *disk) check() error {
	found := d.look(0)
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.failed {
		d.note(found)
	}
	return d.trouble
}

// fail notes that the server failed to write, and does not until it was started again.
func (d *disk) fail(cause error) {
	found := d.unwritable(cause)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.failed = true
	d.note(found)
}

// restarted notes that the server was started again, and writes.
func (d *disk) restarted() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.failed = false
	d.note(nil)
}

// note keeps what is wrong, and tells people when that begins and ends. The caller holds mu.
func (d *disk) note(trouble error) {
	before := d.trouble
	d.trouble = trouble
	switch {
	case before == nil && trouble != nil:
		d.since = d.now()
		d.log.Error("writes are refused, what is deployed goes on being served", "error", trouble, "directory", d.dir, "free_bytes", d.freeText(), "article", fault.StoreUnwritable)
	case before != nil && trouble == nil:
		d.recoveries++
		d.log.Info("writes succeed again", "directory", d.dir, "after", d.now().Sub(d.since).Round(time.Millisecond), "refused", d.refused.Load())
	}
}

// warn tells, once, that the disk is filling up, and again only when there was room meanwhile.
func (d *disk) warn() {
	bytes, _ := d.free()
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case bytes < store.LowDisk && !d.low:
		d.low, d.lowSince = true, d.now()
		d.log.Warn("the disk is filling up; once it is full, writes are refused", "directory", d.dir, "free_bytes", bytes, "warning_below", store.LowDisk,
			"article", fault.StoreUnwritable)
	case bytes >= store.LowDisk+store.LowDisk/4:
		d.low = false
	}
}

// condition is what others are told.
func (d *disk) condition() store.Condition {
	err := d.check()
	bytes, _ := d.free()
	d.mu.Lock()
	defer d.mu.Unlock()
	c := store.Condition{Unwritable: err, Directory: d.dir, Free: bytes, Low: bytes < store.LowDisk, Refused: d.refused.Load(), Recoveries: d.recoveries}
	switch {
	case err != nil:
		c.Since = d.since
	case c.Low:
		c.Since = d.lowSince
	}
	return c
}

// look says what is wrong with the directory and its disk, without writing.
func (d *disk) look(size uint64) error {
	now, err := os.Stat(filepath.Join(d.dir, lockName))
	if err == nil {
		_, err = os.Stat(d.msgs)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && !os.SameFile(now, d.lock):
		return d.unwritable(errReplaced)
	case err != nil:
		return d.unwritable(err)
	}
	bytes, inodes := d.free()
	switch {
	case !inodes:
		return &store.Unwritable{Directory: d.dir, Free: bytes, Cause: errDiskFull, Advice: adviceInodes}
	case bytes < d.reserve.Load()+size:
		return d.unwritable(errDiskFull)
	}
	return nil
}

// unwritable is the error of a cause, with what helps.
func (d *disk) unwritable(cause error) *store.Unwritable {
	bytes, _ := d.free()
	advice := adviceDisk
	switch {
	case errors.Is(cause, syscall.ENOSPC), errors.Is(cause, syscall.EDQUOT), errors.Is(cause, syscall.EFBIG):
		advice = adviceRoom
	case errors.Is(cause, fs.ErrPermission), errors.Is(cause, syscall.EROFS):
		advice = adviceWritable
	case errors.Is(cause, errReplaced), errors.Is(cause, store.ErrDamaged), errors.Is(cause, fs.ErrNotExist):
		advice = adviceDirectory
	}
	return &store.Unwritable{Directory: d.dir, Free: bytes, Cause: cause, Advice: advice}
}

// sent is the error of what was given to the server when it failed.
func (d *disk) sent(cause error) error {
	err := d.unwritable(cause)
	err.Sent = true
	return err
}

// causeOf makes an error of what the server logged when it could not write: its system error, which names the file, where it is one that is known.
func causeOf(text string) error {
	for _, known := range []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG, syscall.EROFS, syscall.EACCES, syscall.EPERM, syscall.EIO, syscall.ENOENT} {
		if before, found := strings.CutSuffix(text, known.Error()); found {
			return fmt.Errorf("%s%w", before, known)
		}
	}
	return errors.New(text)
}
