package jetstream

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"gatehouse/internal/store"
)

// fill writes n records of about 1 KB in batches of a size.
func fill(t testing.TB, s *Store, n, batch int) {
	t.Helper()
	value := []byte(strings.Repeat("x", 1000))
	for start := 0; start < n; start += batch {
		err := s.Update(context.Background(), func(tx *store.Tx) error {
			for i := start; i < min(start+batch, n); i++ {
				tx.Put(store.NewKey("000000000000", "us-east-1", "Method", fmt.Sprint("api", i/30), fmt.Sprint(i)), value)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func BenchmarkOpenEmpty(b *testing.B) {
	for b.Loop() {
		s := open(b, Config{Dir: b.TempDir()})
		b.StopTimer()
		s.Close()
		b.StartTimer()
	}
}

// BenchmarkOpen40000 opens what was written by large batches, and by one record at a time.
func BenchmarkOpen40000(b *testing.B) {
	for _, batch := range []int{1000, 1} {
		b.Run(fmt.Sprint("batch", batch), func(b *testing.B) {
			dir := b.TempDir()
			s := open(b, Config{Dir: dir})
			fill(b, s, 40_000, batch)
			s.Close()
			for b.Loop() {
				s := open(b, Config{Dir: dir})
				b.StopTimer()
				if s.View().Len() != 40_000 {
					b.Fatal(s.View().Len())
				}
				b.ReportMetric(residentMB(b), "MB-resident")
				s.Close()
				b.StartTimer()
			}
		})
	}
}

func benchmarkUpdate(b *testing.B, keys int) {
	s := open(b, Config{Dir: b.TempDir()})
	defer s.Close()
	value := []byte(strings.Repeat("x", 1000))
	n := 0
	for b.Loop() {
		n++
		err := s.Update(context.Background(), func(tx *store.Tx) error {
			for i := range keys {
				tx.Put(store.NewKey("000000000000", "us-east-1", "Method", fmt.Sprint(n%100), fmt.Sprint(i)), value)
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkUpdate1(b *testing.B)   { benchmarkUpdate(b, 1) }
func BenchmarkUpdate10(b *testing.B)  { benchmarkUpdate(b, 10) }
func BenchmarkUpdate100(b *testing.B) { benchmarkUpdate(b, 100) }

// BenchmarkIdle reports the resident memory of a process with an empty store.
func BenchmarkIdle(b *testing.B) {
	s := open(b, Config{Dir: b.TempDir()})
	defer s.Close()
	for b.Loop() {
	}
	b.ReportMetric(residentMB(b), "MB-resident")
}

func residentMB(t testing.TB) float64 {
	t.Helper()
	content, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Fatal(err)
	}
	var total, resident float64
	if _, err := fmt.Sscan(string(content), &total, &resident); err != nil {
		t.Fatal(err)
	}
	return resident * float64(os.Getpagesize()) / (1 << 20)
}
