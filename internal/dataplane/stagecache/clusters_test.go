package stagecache

import (
	"bytes"
	"crypto/rand"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"gatehouse/internal/integration"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fakeClock is moved by hand.
type fakeClock struct{ nanoseconds atomic.Int64 }

func (c *fakeClock) now() time.Time { return time.Unix(1_700_000_000, c.nanoseconds.Load()) }

func (c *fakeClock) advance(d time.Duration) { c.nanoseconds.Add(int64(d)) }

const megabyte = 1 << 20

func newClusters(t interface {
	Helper()
	Fatal(...any)
}, capacity uint64, now func() time.Time,
) *Clusters {
	t.Helper()
	clusters, err := New(capacity, now, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return clusters
}

// expected is the model: an entry as a plain map keeps it.
type expected struct {
	body    string
	expires time.Time
	made    time.Time
}

// Source: guide, api-gateway-caching.md, put into a map: an entry is found until its TTL
// has passed, is replaced by the next of its key, and is gone with its generation.
func TestClustersAreAMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var clock fakeClock
		clusters := newClusters(t, 64*megabyte, clock.now)
		defer clusters.Close()
		model := map[string]map[string]expected{}
		generations := map[string]int64{"a": 1, "b": 1}
		name, key := rapid.SampledFrom([]string{"a", "b"}), rapid.SampledFrom([]string{"", "k1", "k2", "k3"})
		cluster := func(name string) *Cluster { return &Cluster{name, generations[name], 8 * megabyte} }
		t.Repeat(map[string]func(*rapid.T){
			"put": func(t *rapid.T) {
				n, k, ttl := name.Draw(t, "cluster"), key.Draw(t, "key"), time.Duration(rapid.IntRange(1, 3600).Draw(t, "ttl"))*time.Second
				body := rapid.StringN(0, 40, -1).Draw(t, "body")
				setting := Setting{Ttl: ttl, Encrypted: rapid.Bool().Draw(t, "encrypted")}
				if !clusters.Put(cluster(n), k, &Entry{StatusCode: 200, Body: []byte(body)}, setting) {
					t.Fatal("not kept")
				}
				if model[n] == nil {
					model[n] = map[string]expected{}
				}
				model[n][k] = expected{body, clock.now().Add(ttl), clock.now()}
			},
			"get": func(t *rapid.T) {
				n, k := name.Draw(t, "cluster"), key.Draw(t, "key")
				found, ok := clusters.Get(cluster(n), k)
				want, exists := model[n][k]
				exists = exists && clock.now().Before(want.expires)
				if ok != exists {
					t.Fatalf("found %v, the model says %v", ok, exists)
				}
				if ok && (string(found.Body) != want.body || found.Age != clock.now().Sub(want.made) || found.Ttl != want.expires.Sub(want.made)) {
					t.Fatalf("found %q of age %s, want %q", found.Body, found.Age, want.body)
				}
			},
			"advance": func(t *rapid.T) {
				clock.advance(time.Duration(rapid.IntRange(0, 2000).Draw(t, "milliseconds")) * time.Second / 2)
			},
			"flush": func(t *rapid.T) {
				n := name.Draw(t, "cluster")
				generations[n]++
				delete(model, n)
			},
			"retain": func(*rapid.T) {
				clusters.Retain(func(name string) (int64, bool) { return generations[name], true })
			},
			"old request": func(t *rapid.T) {
				n := name.Draw(t, "cluster")
				if clusters.Put(cluster(n), "current", &Entry{}, Setting{Ttl: time.Second}) {
					if model[n] == nil {
						model[n] = map[string]expected{}
					}
					model[n]["current"] = expected{"", clock.now().Add(time.Second), clock.now()}
				}
				old := &Cluster{n, generations[n] - 1, megabyte}
				if clusters.Put(old, "k1", &Entry{Body: []byte("old")}, Setting{Ttl: time.Hour}) {
					t.Fatal("what an old plan answered was kept")
				}
			},
		})
	})
}

// What is found is what was put last, whatever had to leave, and the memory stays within
// its bounds: the server's, in shares by size, and the cluster's own.
func TestClustersAreBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var clock fakeClock
		capacity := uint64(rapid.IntRange(1, 64).Draw(t, "capacity")) << 10 //nolint:gosec // small
		clusters := newClusters(t, capacity, clock.now)
		defer clusters.Close()
		of := []*Cluster{{"small", 1, 8 << 10}, {"large", 1, 32 << 10}}
		last := map[string]string{}
		for i := range rapid.IntRange(1, 200).Draw(t, "puts") {
			to, key := of[i%2], strconv.Itoa(rapid.IntRange(0, 40).Draw(t, "key"))
			body := strconv.Itoa(i) + strings.Repeat("x", rapid.IntRange(0, 4<<10).Draw(t, "size"))
			clusters.Put(to, key, &Entry{Body: []byte(body)}, Setting{Ttl: time.Hour})
			last[to.Name+key] = body
			if found, ok := clusters.Get(to, key); ok && string(found.Body) != body {
				t.Fatal("an earlier entry was found")
			}
		}
		total := uint64(0)
		for _, to := range of {
			if open := (*clusters.open.Load())[to.Name]; open != nil {
				open.entries.CleanUp()
				total += open.entries.WeightedSize()
				if size := open.entries.WeightedSize(); size > to.Bytes {
					t.Fatalf("%s holds %d bytes of %d", to.Name, size, to.Bytes)
				}
				for key := range open.entries.Keys() {
					if found, ok := clusters.Get(to, key); ok && string(found.Body) != last[to.Name+key] {
						t.Fatal("an earlier entry was found")
					}
				}
			}
		}
		if total > capacity {
			t.Fatalf("%d bytes of %d", total, capacity)
		}
	})
}

func TestEncryptedEntriesKeepEverything(t *testing.T) {
	var clock fakeClock
	clusters := newClusters(t, megabyte, clock.now)
	defer clusters.Close()
	cluster := &Cluster{"a", 1, megabyte}
	entry := &Entry{
		StatusCode: 201, Headers: []integration.Field{{Name: "X", Value: "\xff"}}, Body: []byte("top secret"), Selection: "201", InvokeStatusCode: 200,
		ErrorMessage: "m", Proxy: &integration.ProxyResponse{StatusCode: 201, Body: "top secret", Headers: []integration.Field{{Name: "Y", Value: "1"}}},
	}
	clusters.Put(cluster, "k", entry, Setting{Ttl: time.Minute, Encrypted: true})
	found, ok := clusters.Get(cluster, "k")
	if !ok || found.StatusCode != 201 || found.Headers[0].Value != "\xff" || string(found.Body) != "top secret" || found.Proxy.Headers[0].Value != "1" || found.Selection != "201" {
		t.Fatalf("found %+v", found)
	}
	stored, _ := (*clusters.open.Load())["a"].entries.GetIfPresent("k")
	if stored.entry != nil || bytes.Contains(stored.sealed, []byte("secret")) {
		t.Error("the entry lies in memory as it is")
	}
	if _, err := clusters.unseal(stored.sealed, "other"); err == nil {
		t.Error("it opens under another key")
	}
}

// A stage that is gone gives its memory back.
func TestRetainCloses(t *testing.T) {
	var clock fakeClock
	clusters := newClusters(t, megabyte, clock.now)
	defer clusters.Close()
	for _, name := range []string{"kept", "flushed", "gone"} {
		clusters.Put(&Cluster{name, 1, megabyte}, "k", &Entry{}, Setting{Ttl: time.Minute})
	}
	share := (*clusters.open.Load())["kept"].entries.GetMaximum()
	clusters.Retain(func(name string) (int64, bool) {
		return map[string]int64{"kept": 1, "flushed": 2}[name], name != "gone"
	})
	if open := *clusters.open.Load(); len(open) != 1 || open["kept"] == nil || open["kept"].entries.GetMaximum() <= share {
		t.Errorf("open: %v", open)
	}
}
