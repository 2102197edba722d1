package app

import (
	"errors"
	"io/fs"
	"syscall"

	"gatehouse/internal/store"
)

// startAdvice is what a person does about data that cannot be opened, to follow the error; nothing where the error says it.
func (a *App) startAdvice(err error) string {
	switch {
	case errors.Is(err, store.ErrLocked):
		return "; stop that process, or give this one a directory of its own with --data"
	case errors.Is(err, store.ErrDamaged) && a.options.Salvage:
		return "; this cannot be salvaged: bring the directory back from a copy, or give an empty one with --data"
	case errors.Is(err, store.ErrDamaged):
		return "; bring the directory back from a copy, or start once with --salvage, which opens what is readable and keeps the damaged files"
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return "; make room on that disk, and start again"
	case errors.Is(err, syscall.EROFS):
		return "; mount that file system writable, or give another directory with --data"
	case errors.Is(err, fs.ErrPermission):
		return "; run the server as the user who owns the directory, or change its owner"
	}
	return ""
}
