package lambda

import (
	"errors"
	"fmt"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Landlock's file rights: those of reading, and those each version of its
// interface added. The library for Landlock restricts all threads of a program,
// for which it needs a C companion; here one thread suffices, because it starts
// the one process that is to be restricted, so the three calls are made here.
const (
	landlockRead = unix.LANDLOCK_ACCESS_FS_EXECUTE | unix.LANDLOCK_ACCESS_FS_READ_FILE |
		unix.LANDLOCK_ACCESS_FS_READ_DIR
	landlockWrite = unix.LANDLOCK_ACCESS_FS_WRITE_FILE | unix.LANDLOCK_ACCESS_FS_REMOVE_DIR |
		unix.LANDLOCK_ACCESS_FS_REMOVE_FILE | unix.LANDLOCK_ACCESS_FS_MAKE_CHAR |
		unix.LANDLOCK_ACCESS_FS_MAKE_DIR | unix.LANDLOCK_ACCESS_FS_MAKE_REG |
		unix.LANDLOCK_ACCESS_FS_MAKE_SOCK | unix.LANDLOCK_ACCESS_FS_MAKE_FIFO |
		unix.LANDLOCK_ACCESS_FS_MAKE_BLOCK | unix.LANDLOCK_ACCESS_FS_MAKE_SYM
	// landlockDevice is what /dev/null and its like need.
	landlockDevice = unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_READ_DIR |
		unix.LANDLOCK_ACCESS_FS_WRITE_FILE

	landlockVersionRefer    = 2
	landlockVersionTruncate = 3
)

// restrictFiles makes all files read only for the processes this thread
// starts, but those under the writable directories.
func restrictFiles(writable []string) error {
	version, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 {
		return fmt.Errorf("the kernel offers no Landlock (%w): functions may write wherever the server may", errno)
	}
	all := uint64(landlockRead | landlockWrite)
	if version >= landlockVersionRefer {
		all |= unix.LANDLOCK_ACCESS_FS_REFER
	}
	if version >= landlockVersionTruncate {
		all |= unix.LANDLOCK_ACCESS_FS_TRUNCATE
	}
	attributes := unix.LandlockRulesetAttr{Handled_access_fs: all}
	// Only the first field is passed: every version knows a ruleset of 8 bytes.
	ruleset, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET,
		uintptr(unsafe.Pointer(&attributes)), unsafe.Sizeof(attributes.Handled_access_fs), 0)
	if errno != 0 {
		return fmt.Errorf("making a Landlock ruleset: %w", errno)
	}
	defer unix.Close(int(ruleset)) //nolint:errcheck // the thread keeps its own
	rules := []landlockRule{{"/", landlockRead}, {"/dev", landlockDevice | all&unix.LANDLOCK_ACCESS_FS_TRUNCATE}}
	for _, directory := range writable {
		rules = append(rules, landlockRule{directory, all})
	}
	for _, rule := range rules {
		if err := rule.add(int(ruleset)); err != nil {
			return err
		}
	}
	if _, _, errno := unix.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, ruleset, 0, 0); errno != 0 {
		return fmt.Errorf("entering a Landlock ruleset: %w", errno)
	}
	return nil
}

type landlockRule struct {
	directory string
	access    uint64
}

func (r landlockRule) add(ruleset int) error {
	directory, err := unix.Open(r.directory, unix.O_PATH|unix.O_CLOEXEC, 0)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("opening %s for Landlock: %w", r.directory, err)
	}
	defer unix.Close(directory) //nolint:errcheck // only a reference
	attributes := unix.LandlockPathBeneathAttr{Allowed_access: r.access, Parent_fd: int32(directory)}
	_, _, errno := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, uintptr(ruleset), unix.LANDLOCK_RULE_PATH_BENEATH,
		uintptr(unsafe.Pointer(&attributes)), 0, 0, 0)
	if errno != 0 {
		return fmt.Errorf("adding %s to a Landlock ruleset: %w", r.directory, errno)
	}
	return nil
}
