package jetstream

import (
	"errors"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gatehouse/internal/store"
)

func sampleBatch() batch {
	return batch{
		kind:     kindWrites,
		manifest: store.Manifest{Count: 3, Hash: [2]uint64{1, 1 << 63}},
		writes: []store.Write{
			{Key: store.NewKey("a", "", "(none)"), Value: []byte("{}"), Revision: 7},
			{Key: store.NewKey("a", "b"), Deleted: true, Revision: 7},
			{Key: store.NewKey("\x00\x01"), Revision: 7},
		},
	}
}

// compareBatches treats an empty value as no value, as everyone does.
func compareBatches(want, got batch) string {
	text := func(b batch) []string {
		lines := []string{string(b.kind), b.manifest.String()}
		for _, w := range b.writes {
			lines = append(lines, strings.Join([]string{w.Key.String(), string(w.Value), map[bool]string{true: "deleted"}[w.Deleted]}, " "))
		}
		return lines
	}
	return cmp.Diff(text(want), text(got))
}

func TestBatch(t *testing.T) {
	encoded := sampleBatch().encode()
	got, err := decodeBatch(encoded, 7)
	if diff := compareBatches(sampleBatch(), got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for n := range len(encoded) {
		if short, err := decodeBatch(encoded[:n], 7); err == nil && len(short.writes) >= 3 {
			t.Errorf("%d of %d bytes are read as a whole batch", n, len(encoded))
		}
	}
	for at := range 2 { // The format, the kind.
		later := sampleBatch().encode()
		later[at] = 2
		if _, err := decodeBatch(later, 7); !errors.Is(err, errLater) {
			t.Errorf("a batch of a later version, byte %d: %v", at, err)
		}
	}
}

// FuzzDecodeBatch reads anything without harm; what it takes for a batch is one.
func FuzzDecodeBatch(f *testing.F) {
	f.Add(sampleBatch().encode())
	f.Add(batch{kind: kindReset}.encode())
	f.Fuzz(func(t *testing.T, in []byte) {
		b, err := decodeBatch(in, 1)
		if err != nil {
			return
		}
		again, err := decodeBatch(b.encode(), 1)
		if diff := compareBatches(b, again); err != nil || diff != "" {
			t.Errorf("%v (-first +second):\n%s", err, diff)
		}
	})
}

func TestCauseOf(t *testing.T) {
	// Observed with a full tmpfs, nats-server 2.15.2.
	err := causeOf("JetStream stream '$G > gatehouse-records' critical write error: write /data/2.blk: no space left on device")
	if !errors.Is(err, syscall.ENOSPC) || !strings.HasSuffix(err.Error(), "2.blk: no space left on device") {
		t.Errorf("full disk: %v", err)
	}
	if err := causeOf("critical write error: something else"); err.Error() != "critical write error: something else" {
		t.Errorf("unknown: %v", err)
	}
}
