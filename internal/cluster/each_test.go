package cluster

import (
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"gatehouse/internal/secret"
)

// named opens a cluster as a node of a name, with a key whose bytes are all the same.
func named(t *testing.T, s *server.Server, name string, key byte) *Cluster {
	t.Helper()
	conn, err := nats.Connect(s.ClientURL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	keeper, err := secret.New(slices.Repeat([]byte{key}, 32), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c, err := Open(t.Context(), Config{Conn: conn, NodeName: name, Sealer: keeper.Box("nodes"), AskTimeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const topic = "requests"

func joinAs(t *testing.T, c *Cluster, number uint32, answer Answer) {
	t.Helper()
	if err := c.Join(t.Context(), number, answer, map[string]Answer{topic: answer}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Leave(t.Context(), number) })
}

func says(text string) Answer {
	return func(request []byte) ([]byte, error) { return []byte(text + " to " + string(request)), nil }
}

// askEach writes what each node did, in order of names.
func askEach(t *testing.T, c *Cluster) (lines []string) {
	t.Helper()
	err := c.AskEach(t.Context(), topic, []byte("hello"), func(one Answered) bool {
		line := one.Node.Name + ": " + string(one.Data)
		if one.Err != nil {
			line = one.Node.Name + " failed: " + one.Err.Error()
		}
		lines = append(lines, line)
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(lines)
	return lines
}

func TestAskEach(t *testing.T) {
	s := startServer(t)
	a, b, c := named(t, s, "a", 1), named(t, s, "b", 1), named(t, s, "c", 1)
	joinAs(t, a, 1, says("a"))
	joinAs(t, b, 2, says("b"))
	if got := askEach(t, a); len(got) != 1 || got[0] != "b: b to hello" {
		t.Errorf("got %q", got)
	}
	joinAs(t, c, 3, func([]byte) ([]byte, error) { return nil, errors.New("it cannot") })
	if got := askEach(t, a); len(got) != 2 || got[1] != "c failed: node 00000003 failed: it cannot" {
		t.Errorf("got %q", got)
	}
	members, err := b.members(t.Context())
	if err != nil || len(members) != 3 || members[0] != (Member{1, "a"}) {
		t.Errorf("members %v %v", members, err)
	}
	asked := 0
	if err := a.AskEach(t.Context(), topic, nil, func(Answered) bool { asked++; return false }); err != nil || asked != 1 {
		t.Errorf("after false %d more, %v", asked, err)
	}
	if err := c.Leave(t.Context(), 3); err != nil {
		t.Fatal(err)
	}
	if got := askEach(t, a); len(got) != 1 {
		t.Errorf("a node that left is asked: %q", got)
	}
}

// A node that hangs costs one timeout and is named; one that was cut off costs nothing.
func TestAskEach_withoutAnswer(t *testing.T) {
	s := startServer(t)
	a, b, c := named(t, s, "a", 1), named(t, s, "b", 1), named(t, s, "c", 1)
	const hangs = 2 * time.Second
	a.config.AskTimeout = hangs
	release := make(chan struct{})
	defer close(release)
	joinAs(t, a, 1, says("a"))
	joinAs(t, b, 2, func([]byte) ([]byte, error) { <-release; return nil, nil })
	joinAs(t, c, 3, says("c"))
	c.config.Conn.Close()
	c.stop()
	began := time.Now()
	got := strings.Join(askEach(t, a), "\n")
	if took := time.Since(began); took >= 2*hangs {
		t.Errorf("it took %s: one is waited for after the other", took)
	}
	if !strings.Contains(got, "b failed: asking node 00000002: "+ErrNoAnswer.Error()) || !strings.Contains(got, "c failed: node 00000003: "+ErrNoAnswer.Error()) {
		t.Errorf("got %s", got)
	}
}

// Who has another key is neither answered nor understood; what travels is sealed.
func TestAskEach_otherKey(t *testing.T) {
	s := startServer(t)
	a, b, stranger := named(t, s, "a", 1), named(t, s, "b", 1), named(t, s, "stranger", 2)
	joinAs(t, a, 1, says("a"))
	joinAs(t, b, 2, says("secret"))
	joinAs(t, stranger, 3, says("stranger"))
	heard := make(chan string, 100)
	spy, err := stranger.config.Conn.Subscribe(">", func(m *nats.Msg) { heard <- string(m.Data) })
	if err != nil {
		t.Fatal(err)
	}
	if err := stranger.config.Conn.Flush(); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(askEach(t, stranger), "\n"); strings.Count(got, errUnsealed.Error()) != 2 || strings.Contains(got, "secret") {
		t.Errorf("a stranger is told %s", got)
	}
	if got := strings.Join(askEach(t, a), "\n"); !strings.Contains(got, "b: secret to hello") || !strings.Contains(got, "stranger failed") {
		t.Errorf("got %s", got)
	}
	if err := errors.Join(spy.Unsubscribe(), stranger.config.Conn.Flush()); err != nil {
		t.Fatal(err)
	}
	for len(heard) > 0 {
		if text := <-heard; strings.Contains(text, "secret") || strings.Contains(text, "hello") {
			t.Errorf("it is heard: %q", text)
		}
	}
}

func TestAskEach_bounds(t *testing.T) {
	s := startServer(t)
	a := named(t, s, "a", 1)
	joinAs(t, a, 1, says("a"))
	large := named(t, s, "b", 1)
	joinAs(t, large, 2, func([]byte) ([]byte, error) { return make([]byte, 2<<20), nil })
	if got := askEach(t, a); len(got) != 1 || !strings.Contains(got[0], ErrTooLarge.Error()) {
		t.Errorf("an answer of 2 MB: %q", got)
	}
	for i := range MaxAsked {
		if _, err := a.nodes.Put(t.Context(), lease(uint32(1000+i)), []byte(fmt.Sprintf("n%03d", i))); err != nil {
			t.Fatal(err)
		}
	}
	if got := askEach(t, a); len(got) != MaxAsked+1 || !strings.Contains(strings.Join(got, "\n"), fmt.Sprintf("n%03d failed: node n%03d: %s", MaxAsked-1, MaxAsked-1, ErrNotAsked)) {
		t.Errorf("%d answers: %q", len(got), got)
	}
}
