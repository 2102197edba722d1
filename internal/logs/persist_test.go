package logs_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"gatehouse/internal/logs"
)

// onDisk says whether a text is in a file of the directory, which is what a process that is
// killed leaves behind.
func onDisk(t *testing.T, dir, text string) bool {
	t.Helper()
	blocks, err := filepath.Glob(filepath.Join(dir, "jetstream", "*", "streams", "*-logs", "msgs", "*.blk"))
	if err != nil || len(blocks) == 0 {
		t.Fatalf("%v %v", blocks, err)
	}
	for _, block := range blocks {
		content, err := os.ReadFile(block)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(content, []byte(text)) {
			return true
		}
	}
	return false
}

// What was acknowledged is in a file by then: a process may be killed at any moment.
func TestPut_persists(t *testing.T) {
	dir := t.TempDir()
	w := openDir(t, dir, 0)
	if err := w.CreateGroup(t.Context(), group, nil); err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		if err := w.CreateStream(t.Context(), stream(fmt.Sprint("s", i))); err != nil {
			t.Fatal(err)
		}
		message := fmt.Sprintf("message %d.", i)
		if err := w.Put(t.Context(), stream(fmt.Sprint("s", i)), []logs.Event{{Timestamp: start, Message: message}}); err != nil {
			t.Fatal(err)
		}
		if !onDisk(t, dir, message) {
			t.Errorf("%q was acknowledged and is in no file", message)
		}
	}
}

// Source: AWS's page on retention speaks of events alone; streams that were made stay
// (public reports of empty streams). A writer that is quiet for longer than the retention
// does not have to make its stream again.
func TestRetention_keepsStreams(t *testing.T) {
	dir := t.TempDir()
	t.Run("sweep", func(t *testing.T) {
		w := openDir(t, dir, 0)
		err := errors.Join(w.CreateGroup(t.Context(), group, nil), w.ChangeGroup(t.Context(), group, func(g *logs.Group) error {
			g.RetentionInDays = 1
			return nil
		}), w.CreateStream(t.Context(), stream("made")))
		if err != nil {
			t.Fatal(err)
		}
		w.Write(stream("written"), w.now(), "old")
		if err := w.Put(t.Context(), stream("made"), []logs.Event{{Timestamp: start, Message: "old"}}); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			w.at.Add(25 * time.Hour.Milliseconds())
			w.Sweep(t.Context())
			keepsMade(t, w)
		}
	})
	t.Run("restart", func(t *testing.T) { keepsMade(t, openDir(t, dir, 0)) })
}

func keepsMade(t *testing.T, w *world) {
	t.Helper()
	streams, err := w.Streams(t.Context(), group)
	if err != nil || len(streams) != 1 || streams[0].Name != "made" || streams[0].Created != start || streams[0].StoredBytes != 0 {
		t.Errorf("%+v %v", streams, err)
	}
	if err := w.Put(t.Context(), stream("made"), nil); err != nil {
		t.Error(err)
	}
}

// A clock that is set back hides nothing of what is stored from then on.
func TestClockSetBack(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if err := w.CreateGroup(t.Context(), group, nil); err != nil {
			t.Fatal(err)
		}
		w.at.Add(-time.Hour.Milliseconds())
		w.Write(stream("written"), w.now(), "one")
		err := errors.Join(w.CreateStream(t.Context(), stream("made")), w.Put(t.Context(), stream("made"), []logs.Event{{Timestamp: start, Message: "two"}}))
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := messages(t, w, logs.Query{}); len(got) != 2 {
			t.Errorf("shown: %v", got)
		}
	})
}
