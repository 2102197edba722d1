package robustness

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"gatehouse/test/server"
)

// disk is a way to run out of room, for a server that does not run yet.
type disk struct {
	// full takes the room from a server that runs, and from the next one; free gives it back.
	full, free func(t *testing.T, c *client)
}

// fileLimit is the size that files may have, in bytes: no user needs a permission to set it.
const fileLimit = 4096

// limited lets the server's files not grow. The limit is the process's, so the next one is
// started by a shell that sets it.
func limited(t *testing.T, c *client) disk {
	t.Helper()
	binary, wrapper := c.Binary, filepath.Join(t.TempDir(), "limited")
	script := fmt.Sprintf("#!/bin/sh\nulimit -S -f %d\nexec %s \"$@\"\n", fileLimit/512, binary) // of blocks, which are half as large in dash as in bash
	if err := os.WriteFile(wrapper, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	set := func(t *testing.T, limit uint64) {
		t.Helper()
		if err := unix.Prlimit(c.Pid(), unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: limit, Max: unix.RLIM_INFINITY}, nil); err != nil {
			t.Fatal(err)
		}
	}
	return disk{
		full: func(t *testing.T, c *client) { set(t, fileLimit); c.Binary = wrapper },
		free: func(t *testing.T, c *client) { set(t, unix.RLIM_INFINITY); c.Binary = binary },
	}
}

// mounted gives the server a file system of its own, and fills it. It is nil where this
// user may not mount: limited covers the same.
func mounted(t *testing.T, c *client) *disk {
	t.Helper()
	directory := t.TempDir()
	err := syscall.Mount("tmpfs", directory, "tmpfs", 0, "size=24m")
	if errors.Is(err, syscall.EPERM) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Stop(os.Kill)
		if err := syscall.Unmount(directory, 0); err != nil {
			t.Error(err)
		}
	})
	c.Data = filepath.Join(directory, "data")
	ballast := filepath.Join(directory, "ballast")
	return &disk{
		full: func(t *testing.T, _ *client) {
			t.Helper()
			file, err := os.Create(ballast)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = file.Close() }()
			for block := make([]byte, 4096); err == nil; {
				_, err = file.Write(block)
			}
			if !errors.Is(err, syscall.ENOSPC) {
				t.Fatal(err)
			}
		},
		free: func(t *testing.T, _ *client) {
			t.Helper()
			if err := os.Remove(ballast); err != nil {
				t.Fatal(err)
			}
		},
	}
}

// A disk that is full: writes are refused and not half done, what is deployed is served,
// also by a server that was killed and starts on the full disk; once there is room, writes
// succeed by themselves, and nothing that was acknowledged is lost.
func TestDiskFull(t *testing.T) {
	binary := server.Build(t)
	for _, kind := range []struct {
		name string
		make func(t *testing.T, c *client) *disk
	}{
		{"limit", func(t *testing.T, c *client) *disk { d := limited(t, c); return &d }},
		{"tmpfs", mounted},
	} {
		t.Run(kind.name, func(t *testing.T) {
			address, err := server.FreeAddress()
			if err != nil {
				t.Fatal(err)
			}
			c := &client{Server: &server.Server{Binary: binary, Address: address, Data: filepath.Join(t.TempDir(), "data")}}
			d := kind.make(t, c)
			if d == nil {
				t.Log("this user may not mount")
				return
			}
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = c.Stop(os.Interrupt) })
			c.fillAndFree(t, d)
		})
	}
}

func (c *client) fillAndFree(t *testing.T, d *disk) {
	t.Helper()
	url := c.Url() + c.mocked(t)
	for n := range 5 {
		c.mustWrite(t, fmt.Sprint("before", n))
	}
	before := c.apiNames(t)
	requests := c.request(t, url)
	d.full(t, c)
	c.refused(t, before)
	d.free(t, c)
	t.Logf("the first write succeeded %v after there was room", c.awaitWrite(t, "after"))
	d.full(t, c)
	c.refused(t, append(before, "after"))
	if answered, failed := requests(); failed > 0 || answered == 0 {
		t.Errorf("of the requests to the API %d were answered and %d failed", answered, failed)
	} else {
		t.Logf("%d requests were answered meanwhile", answered)
	}

	if err := c.Stop(os.Kill); err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatalf("starting on a full disk: %v", err)
	}
	c.refused(t, append(before, "after"))
	if response, err := http.Get(url); err != nil || response.StatusCode != http.StatusOK {
		t.Errorf("after a start on a full disk the API answers %v %v", response, err)
	}
	d.free(t, c)
	t.Logf("after a start on a full disk, the first write succeeded %v after there was room", c.awaitWrite(t, "last"))
	want := c.apiNames(t)
	if err := c.Stop(os.Kill); err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if got := c.apiNames(t); !slices.Equal(got, want) || !slices.Equal(got, sorted(append(before, "after", "last"))) {
		t.Errorf("after all there are %q, before the restart were %q", got, want)
	}
}

func sorted(names []string) []string { return slices.Sorted(slices.Values(names)) }

func (c *client) create(name string) (status int, answer map[string]any, err error) {
	return c.ask(http.MethodPost, "/restapis", map[string]any{"name": name})
}

func (c *client) mustWrite(t *testing.T, name string) {
	t.Helper()
	if status, answer, err := c.create(name); err != nil || status != http.StatusCreated {
		t.Fatalf("creating %s: %d %v %v", name, status, answer, err)
	}
}

// apiNames are the names of all REST APIs, sorted.
func (c *client) apiNames(t *testing.T) (names []string) {
	t.Helper()
	for _, api := range items(c.get(t, "/restapis?limit=500"), "item") {
		names = append(names, text(api, "name"))
	}
	return sorted(names)
}

// refused writes until a write is refused, and several times more; all of them must be,
// with 503, and leave the APIs that were there. Health tells.
func (c *client) refused(t *testing.T, want []string) {
	t.Helper()
	for n := range 8 {
		status, answer, err := c.create(fmt.Sprint("refused", n))
		if err != nil || status != http.StatusServiceUnavailable {
			t.Fatalf("a write without room: %d %v %v", status, answer, err)
		}
	}
	if got := c.apiNames(t); !slices.Equal(got, sorted(want)) {
		t.Errorf("after refused writes there are %q, want %q", got, sorted(want))
	}
	alive := c.get(t, "/_gatehouse/health")
	kept, _ := alive["store"].(map[string]any)
	if text(alive, "status") != "degraded" || kept["writable"] != false || text(kept, "reason") == "" {
		t.Errorf("health is %v", alive)
	}
	if status, answer, err := c.ask(http.MethodGet, "/_gatehouse/health/writable", nil); err != nil || status != http.StatusServiceUnavailable {
		t.Errorf("writable health: %d %v %v", status, answer, err)
	}
}

// awaitWrite writes until it succeeds, and returns how long that took.
func (c *client) awaitWrite(t *testing.T, name string) time.Duration {
	t.Helper()
	start := time.Now()
	for {
		status, answer, err := c.create(name)
		switch {
		case err == nil && status == http.StatusCreated:
			return time.Since(start).Round(time.Millisecond)
		case err != nil || status != http.StatusServiceUnavailable || time.Since(start) > patience:
			t.Fatalf("writing with room: %d %v %v", status, answer, err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// request asks a URL again and again until the function is called that it returns.
func (c *client) request(t *testing.T, url string) (stop func() (answered, failed int64)) {
	t.Helper()
	var answered, failed atomic.Int64
	done := make(chan struct{})
	var asking sync.WaitGroup
	const callers = 2
	for range callers {
		asking.Go(func() {
			for {
				select {
				case <-done:
					return
				case <-time.After(time.Millisecond):
				}
				response, err := http.Get(url)
				if err != nil || response.StatusCode != http.StatusOK {
					failed.Add(1)
				} else {
					answered.Add(1)
				}
				if err == nil {
					_, _ = io.Copy(io.Discard, response.Body)
					_ = response.Body.Close()
				}
			}
		})
	}
	return func() (int64, int64) { close(done); asking.Wait(); return answered.Load(), failed.Load() }
}
