package store

import (
	"errors"
	"fmt"
	"math"
	"syscall"
	"time"
)

// ErrUnwritable says that nothing can be stored at present, for instance because the disk is full. Reading goes on, and the store recovers by itself.
var ErrUnwritable = errors.New("nothing can be stored")

// Condition is what a store knows of its own ability to store.
type Condition struct {
	// Unwritable is why nothing can be stored at present, nil while all is well. It wraps ErrUnwritable or ErrUnavailable.
	Unwritable error
	// Since is when Unwritable began, or what was Low.
	Since time.Time
	// Directory is where the data is; empty when a server elsewhere keeps it, whose disk nobody sees from here.
	Directory string
	// Free is the room for data on the disk of Directory, in bytes, or UnknownBytes.
	Free uint64
	// Low says that Free is below LowDisk.
	Low bool
	// Refused counts the batches and objects that were refused since the process began, Recoveries how often storing became possible again.
	Refused, Recoveries uint64
}

// LowDisk is the room on the disk, in bytes, below which a store that keeps its files itself warns.
const LowDisk = 512 << 20

// Unwritable is an error that says where nothing can be stored, and what would help. errors.Is finds ErrUnwritable and the cause.
type Unwritable struct {
	// Directory is the data directory, and Free the room on its disk in bytes.
	Directory string
	Free      uint64
	// Cause is what failed.
	Cause error
	// Advice is what a person does about it.
	Advice string
	// Sent says that what was to be stored had been given to the server when it failed: it is not acknowledged, and may be there all the same once the
	// server has recovered.
	Sent bool
}

// Error says all of it in one line.
func (u *Unwritable) Error() string {
	return fmt.Sprintf("%v in %s (free: %s): %v; %s", ErrUnwritable, u.Directory, Megabytes(u.Free), u.Cause, u.Advice)
}

// Unwrap returns ErrUnwritable and the cause.
func (u *Unwritable) Unwrap() []error { return []error{ErrUnwritable, u.Cause} }

// Reason is the cause in a few words, without the names of files.
func (u *Unwritable) Reason() string {
	var system syscall.Errno
	if errors.As(u.Cause, &system) {
		return system.Error()
	}
	return u.Cause.Error()
}

// UnknownBytes stands for a number of bytes that could not be found out.
const UnknownBytes = math.MaxUint64

// Megabytes is a number of bytes as people read it, with one decimal.
func Megabytes(bytes uint64) string {
	if bytes == UnknownBytes {
		return "unknown"
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/(1<<20))
}
