package logs

import (
	"strconv"
	"strings"
	"testing"
)

// TestBuffer_full drops the oldest lines and counts them.
func TestBuffer_full(t *testing.T) {
	for _, size := range []int{1, maxBufferedBytes / 8} {
		var b buffer
		line := strings.Repeat("x", size)
		const written = maxBufferedEvents*2 + 10
		most := min(maxBufferedEvents, maxBufferedBytes/(size+bufferedOverhead))
		count := min(written, most*3)
		for i := range count {
			b.add(StreamId{Stream: strconv.Itoa(i)}, Event{Message: line})
		}
		if got := b.droppedEvents(); got != uint64(count-most) {
			t.Errorf("%d byte lines: %d of %d were dropped, want %d", size, got, count, count-most)
		}
		kept := b.take()
		if len(kept) != most || kept[len(kept)-1].id.Stream != strconv.Itoa(count-1) {
			t.Errorf("%d byte lines: %d are kept", size, len(kept))
		}
		if len(b.take()) != 0 {
			t.Error("take did not empty the buffer")
		}
	}
}

func FuzzEntry(f *testing.F) {
	f.Add([]byte{2, 3, 'a', 'b', 'c'}, 1)
	f.Add([]byte{2, 200, 1}, 3)
	f.Fuzz(func(t *testing.T, payload []byte, count int) {
		entry := Entry{Header: Header{Count: count}, Payload: payload}
		read := 0
		err := entry.each(func(int, Event) { read++ })
		if err == nil && count > 0 && read != count {
			t.Fatalf("%d of %d events, and no error", read, count)
		}
	})
}
