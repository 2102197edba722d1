package lambda

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// runtimeOf is the process id of the one function's process of a runner.
func runtimeOf(t *testing.T, r *Runner) int {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	for e := range r.environments {
		pid := e.process.command.Process.Pid
		if e.process.isolation == isolationDirect {
			return pid
		}
		if children := childrenOf(pid); len(children) > 0 {
			return children[0]
		}
	}
	t.Fatal("there is no function's process")
	return 0
}

// kill -9 of a function in the middle of an invocation, or of its supervisor: the caller
// hears of it at once, and the next call has a new environment.
func TestRobust_killed(t *testing.T) {
	r, log := newTestRunner(t)
	f := pythonFunction(t, pythonProcess)
	f.Timeout = time.Minute
	for round, supervisor := range []bool{false, true} {
		done := make(chan Result, 1)
		go func() {
			result, err := r.Invoke(t.Context(), f, Invocation{Payload: []byte(`{"seconds":50}`)})
			if err != nil {
				t.Error(err)
			}
			done <- result
		}()
		waitFor(t, "the function to run", func() bool { return log.count("START RequestId") == 2*round+1 })
		pid := runtimeOf(t, r)
		if supervisor {
			r.mu.Lock()
			for e := range r.environments {
				pid = e.process.command.Process.Pid
			}
			r.mu.Unlock()
		}
		syscall.Kill(pid, syscall.SIGKILL)
		select {
		case result := <-done:
			if result.ErrorType != errorTypeExit || !strings.Contains(string(result.Payload), "signal: killed") {
				t.Errorf("got %s", result.Payload)
			}
		case <-time.After(patience / 2):
			t.Fatal("the caller hears nothing")
		}
		if got := invoke(t, r, f, `{}`); got.FunctionError != "" {
			t.Errorf("the next call: %s", got.Payload)
		}
		waitFor(t, "the environments to be one", func() bool { return r.Statistics().Environments == 1 })
		r.Reset()
		waitFor(t, "the environments to end", func() bool { return r.Statistics().Environments == 0 })
	}
}

// countingSink counts what it is given and keeps nothing.
type countingSink struct {
	lines, bytes, longest int
}

func (s *countingSink) Write(line LogLine) {
	s.lines++
	s.bytes += len(line.Text)
	s.longest = max(s.longest, len(line.Text))
}

// A function that prints 100 MB, in lines or in one, is slowed down by who reads it, and
// nothing of it stays in memory.
func TestRobust_printsMuch(t *testing.T) {
	for name, code := range map[string]string{
		"lines": "for i in range(1000): print('x' * 104857)",
		"line":  "[sys.stdout.write('x' * 104857) for i in range(1000)]",
		"bytes": "[os.write(2, b'\\x00\\xa5\\xff\\xff\\xff\\xff' + b'y' * 104857) for i in range(1000)]",
	} {
		t.Run(name, func(t *testing.T) {
			sink := &countingSink{}
			r, _ := newTestRunner(t, func(o *Options) { o.LogSink = sink })
			f := pythonFunction(t, "import os, sys\ndef handler(event, context):\n    "+code+"\n    return 'done'\n")
			f.Timeout = time.Minute
			before := residentMemory(t)
			result := invoke(t, r, f, `{}`)
			if string(result.Payload) != `"done"` {
				t.Errorf("got %s", result.Payload)
			}
			if grown := residentMemory(t) - before; grown > 64<<20 {
				t.Errorf("the server grew by %d MB", grown>>20)
			}
			r.Close()
			if sink.bytes < 100_000_000 || sink.longest > MaximumLogLine {
				t.Errorf("%d bytes in %d lines, the longest of %d", sink.bytes, sink.lines, sink.longest)
			}
		})
	}
}

func residentMemory(t *testing.T) int64 {
	t.Helper()
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	return statusField(text, "VmRSS:")
}

// A runtime that takes an event and never reads it, one that never asks for an event,
// and one that writes half an answer: each meets the function's timeout.
func TestRobust_runtimeHangs(t *testing.T) {
	const api = "#!/usr/bin/env python3\nimport os, socket, sys, time\nhost, port = os.environ['AWS_LAMBDA_RUNTIME_API'].split(':')\ns = socket.create_connection((host, int(port)))\nNEXT = b'GET /2018-06-01/runtime/invocation/next HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n'\n"
	const take = "s.sendall(NEXT)\nhead = b''\nwhile b'\\r\\n\\r\\n' not in head: head += s.recv(1)\nid = [l for l in head.decode().split('\\r\\n') if l.lower().startswith('lambda-runtime-aws-request-id')][0].split(': ')[1]\n"
	const answer = "s.sendall(('POST /2018-06-01/runtime/invocation/%s/response HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 100\\r\\n\\r\\n' % id).encode() + b'half')\n"
	for name, row := range map[string]struct{ code, payload, want string }{
		"never reads its event":     {api + "s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)\ns.sendall(NEXT)\ntime.sleep(60)\n", `"` + strings.Repeat("a", 5<<20) + `"`, "Task timed out after 1.00 seconds"},
		"sends half an answer":      {api + take + answer + "time.sleep(60)\n", `{}`, "Task timed out after 1.00 seconds"},
		"ends after half an answer": {api + take + answer + "sys.exit(3)\n", `{}`, "exit status 3"},
		"ends without an answer":    {api + take + "sys.exit(0)\n", `{}`, "Runtime exited without providing a reason"},
		"asks twice":                {api + take + "s.sendall(NEXT)\ntime.sleep(60)\n", `{}`, "Task timed out after 1.00 seconds"},
		"speaks no HTTP":            {api + "s.sendall(b'hello\\n\\n' * 10)\ntime.sleep(0.2)\nsys.exit(4)\n", `{}`, "exit status 4"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, _ := newTestRunner(t)
			f := testFunction("provided.al2023", zipCode(t, map[string]string{"bootstrap*": row.code}))
			if f.Timeout = 20 * time.Second; strings.Contains(row.want, "timed out") {
				f.Timeout = time.Second
			}
			began := time.Now()
			result := invoke(t, r, f, row.payload)
			if result.FunctionError == "" || !strings.Contains(string(result.Payload), row.want) {
				t.Errorf("got %s", result.Payload)
			}
			if took := time.Since(began); took > patience/2 { // the runtime's own end is at 60 s
				t.Errorf("it took %v", took)
			}
			waitFor(t, "the environment to end", func() bool { return r.Statistics().Environments == 0 })
		})
	}
}

// An init phase that hangs is given up after ten seconds, tried again under the
// function's timeout, and nothing of it is left; other functions start meanwhile.
func TestRobust_initHangs(t *testing.T) {
	r, log := newTestRunner(t, func(o *Options) { o.Starts = 1 })
	hangs := pythonFunction(t, "import time\ntime.sleep(60)\ndef handler(event, context):\n    pass\n")
	hangs.Timeout = time.Second
	done := make(chan Result, 1)
	began := time.Now()
	go func() {
		result, err := r.Invoke(t.Context(), hangs, Invocation{})
		if err != nil {
			t.Error(err)
		}
		done <- result
	}()
	waitFor(t, "the start", func() bool { return log.count("INIT_START") == 1 })
	other := pythonFunction(t, pythonEcho)
	other.Arn += "-other"
	if got := invoke(t, r, other, `{}`); got.FunctionError != "" {
		t.Errorf("the other function: %s", got.Payload)
	}
	if took := time.Since(began); took >= 10*time.Second {
		t.Errorf("the other function had to wait %v", took)
	}
	result := <-done
	if took := time.Since(began); took < 10*time.Second || took > patience/2 {
		t.Errorf("it was given up after %v", took)
	}
	if !strings.Contains(string(result.Payload), "Task timed out after 1.00 seconds") {
		t.Errorf("got %s", result.Payload)
	}
	if count := log.count("INIT_START"); count != 3 {
		t.Errorf("%d starts, want the function's two and the other's", count)
	}
	waitFor(t, "the environment to end", func() bool { return r.Statistics().Environments == 1 })
}

// A thousand functions are called at once for the first time: each is served or refused
// with the reason, within the time that a call waits.
func TestRobust_thousandFunctions(t *testing.T) {
	const functions = 1000
	r, _ := newTestRunner(t, func(o *Options) { o.LogSink, o.WaitTime = nil, 4*time.Second })
	code := zipCode(t, map[string]string{"bootstrap*": "#!/bin/sh\nexit 1\n"})
	began := time.Now()
	results := make(chan error, functions)
	for i := range functions {
		f := testFunction("provided.al2023", code)
		f.Arn += strconv.Itoa(i)
		go func() {
			_, err := r.Invoke(context.Background(), f, Invocation{})
			results <- err
		}()
	}
	refused := 0
	for range functions {
		err := <-results
		var tooMany *ErrTooManyRequests
		if errors.As(err, &tooMany) && tooMany.Waited > 0 {
			refused++
		} else if err != nil {
			t.Error(err)
		}
	}
	t.Logf("%d of %d were refused, after %v", refused, functions, time.Since(began))
	if took := time.Since(began); took > patience/2 { // all of them one after the other take minutes
		t.Errorf("it took %v", took)
	}
	waitFor(t, "the environments to end", func() bool { return r.Statistics().Environments == 0 })
	if s := r.Statistics(); s.Running != 0 || s.Waiting != 0 {
		t.Errorf("still counted: %+v", s)
	}
}

// archiveEntry is one entry of a package that no honest tool writes.
type archiveEntry struct {
	name, text string
	mode       fs.FileMode
}

func hostileCode(t *testing.T, entries ...archiveEntry) Code {
	t.Helper()
	var archive bytes.Buffer
	writer := zip.NewWriter(&archive)
	for _, entry := range entries {
		header := &zip.FileHeader{Name: entry.name, Method: zip.Deflate}
		header.SetMode(entry.mode | 0o644)
		file, err := writer.CreateHeader(header)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(file, entry.text)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return Code{SHA256: hash(archive.Bytes()), Open: func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(archive.Bytes())), nil
	}}
}

// A package cannot put a file, or a link that leads, outside of its directory.
func TestRobust_hostileArchives(t *testing.T) {
	link := fs.ModeSymlink
	for name, entries := range map[string][]archiveEntry{
		"parent":                {{"../evil", "x", 0}},
		"parent within":         {{"a/../../evil", "x", 0}},
		"absolute":              {{"/evil", "x", 0}},
		"backslashes":           {{`..\evil`, "x", 0}},
		"link to the parent":    {{"link", "..", link}},
		"absolute link":         {{"link", "/etc/passwd", link}},
		"file through a link":   {{"d/", "", fs.ModeDir}, {"d/e/", "", fs.ModeDir}, {"link", "d", link}, {"link/../../evil", "x", 0}},
		"link through a link":   {{"p/q/", "", fs.ModeDir}, {"p/q/r", "../..", link}, {"p/q/r/s", "../../..", link}},
		"link, then its target": {{"a", "b/c", link}, {"b", "..", link}},
	} {
		t.Run(name, func(t *testing.T) {
			r, _ := newTestRunner(t)
			directory, err := r.code.acquire(t.Context(), hostileCode(t, entries...))
			var invalid *ErrInvalidCode
			if !errors.As(err, &invalid) {
				t.Errorf("it was extracted to %s: %v", directory, err)
				filepath.WalkDir(directory, func(path string, _ fs.DirEntry, err error) error { t.Log(path, err); return nil })
			}
			for _, path := range []string{filepath.Join(r.options.Directory, "code", "evil"), filepath.Join(r.options.Directory, "evil"), "/evil"} {
				if _, err := os.Lstat(path); err == nil {
					t.Errorf("%s was written", path)
				}
			}
			left, err := os.ReadDir(filepath.Join(r.options.Directory, "code"))
			if err != nil || len(left) != 0 {
				t.Errorf("left behind: %v %v", left, err)
			}
		})
	}
}

// A package that claims to be small and is not ends at the limit.
func TestRobust_bomb(t *testing.T) {
	var archive bytes.Buffer
	writer := zip.NewWriter(&archive)
	for i := range 3 {
		file, err := writer.Create(fmt.Sprint("zeros", i))
		if err != nil {
			t.Fatal(err)
		}
		io.CopyN(file, zeros{}, 1<<20)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	r, _ := newTestRunner(t)
	if r.code.room != MaximumCodeSize {
		t.Errorf("the limit is %d bytes", r.code.room)
	}
	r.code.room = 2<<20 + 1<<19 // a real one takes the race detector minutes
	_, err := r.code.acquire(t.Context(), Code{SHA256: hash(archive.Bytes()), Open: func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(archive.Bytes())), nil
	}})
	if err == nil || err.Error() != codeTooLarge {
		t.Errorf("got %v", err)
	}
	if left, err := os.ReadDir(filepath.Join(r.options.Directory, "code")); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }
