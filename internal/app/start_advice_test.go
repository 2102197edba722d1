package app

import (
	"fmt"
	"strings"
	"syscall"
	"testing"

	"gatehouse/internal/store"
)

// Every way in which data cannot be opened comes with what to do about it.
func TestStartAdvice(t *testing.T) {
	for err, want := range map[error]string{
		store.ErrLocked: "--data", store.ErrDamaged: "--salvage", syscall.ENOSPC: "make room", syscall.EDQUOT: "make room",
		syscall.EROFS: "mount", syscall.EACCES: "owner", syscall.EIO: "",
	} {
		got := New(Options{}).startAdvice(fmt.Errorf("opening: %w", err))
		if !strings.Contains(got, want) || (want == "") != (got == "") {
			t.Errorf("%v: %q, want %q in it", err, got, want)
		}
	}
	if got := New(Options{Salvage: true}).startAdvice(store.ErrDamaged); strings.Contains(got, "--salvage") || got == "" {
		t.Errorf("salvaging already: %q", got)
	}
}
