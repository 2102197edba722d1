package lambda

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"golang.org/x/sys/unix"
)

// enterPrivateRoot makes the root of this mount namespace one of its own: the
// host's files, read only, but with the function's code at /var/task, our
// bootstraps at /var/runtime, and an empty /tmp of limited size. The host is
// not changed, so it need not have those directories.
func enterPrivateRoot(spec sandboxSpec) error {
	root := spec.RootDirectory
	steps := []struct {
		doing string
		do    func() error
	}{
		{"leaving the host's mounts", func() error {
			return unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, "")
		}},
		{"mounting a root", func() error {
			return unix.Mount("tmpfs", root, "tmpfs", unix.MS_NOSUID, "mode=0755,size=1m")
		}},
		{"filling the root", func() error { return bindEntries("/", root, []string{"proc", "tmp", "var"}) }},
		{"filling /var", func() error {
			return bindEntries("/var", filepath.Join(root, "var"), []string{"task", "runtime"})
		}},
		{"hiding directories", func() error { return hide(root, spec.Hidden) }},
		{"binding the code", func() error { return bind(spec.TaskDirectory, filepath.Join(root, taskDirectoryOnAWS)) }},
		{"binding the runtime", func() error {
			return bind(spec.RuntimeDirectory, filepath.Join(root, runtimeDirectoryOnAWS))
		}},
		{"making directories", func() error { return makeDirectories(root, "proc", "tmp", "opt") }},
		{"making the root read only", func() error { return readOnly(root) }},
		{"mounting /proc", func() error { return mountProc(filepath.Join(root, "proc")) }},
		{"mounting /tmp", func() error {
			return unix.Mount("tmpfs", filepath.Join(root, temporaryDirectoryOnAWS), "tmpfs", unix.MS_NOSUID|unix.MS_NODEV,
				"mode=1777,size="+strconv.Itoa(spec.TemporarySize)+"m")
		}},
		{"entering the root", func() error { return pivot(root) }},
	}
	for _, step := range steps {
		if err := step.do(); err != nil {
			return fmt.Errorf("%s: %w", step.doing, err)
		}
	}
	return nil
}

// bindEntries shows what is in one directory in another, but for some names.
func bindEntries(from, to string, but []string) error {
	entries, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	for _, entry := range entries {
		if slices.Contains(but, entry.Name()) {
			continue
		}
		source, target := filepath.Join(from, entry.Name()), filepath.Join(to, entry.Name())
		if err := showEntry(entry, source, target); err != nil {
			return err
		}
	}
	return nil
}

func showEntry(entry fs.DirEntry, source, target string) error {
	switch {
	case entry.IsDir():
		return bind(source, target)
	case entry.Type()&fs.ModeSymlink != 0:
		link, err := os.Readlink(source)
		if err != nil {
			return err
		}
		return os.Symlink(link, target)
	}
	return nil // plain files at the top of a system are no function's business
}

// bind shows a directory at another path, with all that is mounted in it. What
// may not be entered is shown empty.
func bind(source, target string) error {
	if err := os.MkdirAll(target, 0o755); err != nil {
		return err
	}
	err := unix.Mount(source, target, "", unix.MS_BIND|unix.MS_REC, "")
	if errors.Is(err, fs.ErrPermission) && os.Geteuid() != 0 {
		return nil
	}
	return err
}

// hide shows directories of the host empty.
func hide(root string, directories []string) error {
	for _, directory := range directories {
		target := filepath.Join(root, directory)
		if _, err := os.Stat(target); err != nil {
			continue // not visible anyway
		}
		if err := unix.Mount("tmpfs", target, "tmpfs", unix.MS_NOSUID, "mode=0555,size=4k"); err != nil {
			return err
		}
	}
	return nil
}

func makeDirectories(root string, names ...string) error {
	for _, name := range names {
		if err := os.MkdirAll(filepath.Join(root, name), 0o755); err != nil {
			return err
		}
	}
	return nil
}

// readOnly adds the attribute to every mount in the root and leaves their
// other attributes, which a user namespace may not take away.
func readOnly(root string) error {
	return unix.MountSetattr(unix.AT_FDCWD, root, unix.AT_RECURSIVE,
		&unix.MountAttr{Attr_set: unix.MOUNT_ATTR_RDONLY})
}

// mountProc shows the processes of this namespace, or those of the host where
// containers forbid the former.
func mountProc(target string) error {
	flags := uintptr(unix.MS_NOSUID | unix.MS_NODEV | unix.MS_NOEXEC)
	if err := unix.Mount("proc", target, "proc", flags, ""); err == nil {
		return nil
	}
	return unix.Mount("/proc", target, "", unix.MS_BIND|unix.MS_REC, "")
}

// pivot makes a directory the root and lets go of the former one.
func pivot(root string) error {
	if err := unix.Chdir(root); err != nil {
		return err
	}
	if err := unix.PivotRoot(".", "."); err != nil {
		return err
	}
	if err := unix.Unmount(".", unix.MNT_DETACH); err != nil {
		return err
	}
	return unix.Chdir("/")
}
