package cluster

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Member is a node that lives.
type Member struct {
	Number uint32
	Name   string // what people call it
}

// members are the nodes whose leases are held, this one among them, in order of names.
func (c *Cluster) members(ctx context.Context) ([]Member, error) {
	if !c.config.Conn.IsConnected() {
		return nil, fmt.Errorf("listing the nodes: %w", nats.ErrDisconnected)
	}
	ctx, cancel := context.WithTimeout(ctx, c.config.AskTimeout)
	defer cancel()
	leases, err := c.nodes.WatchAll(ctx, jetstream.IgnoreDeletes())
	if err != nil {
		return nil, fmt.Errorf("listing the nodes: %w", err)
	}
	defer func() { _ = leases.Stop() }() // the context ends it too
	var members []Member
	for {
		select {
		case entry, open := <-leases.Updates():
			if !open {
				return nil, fmt.Errorf("listing the nodes: %w", errors.Join(ErrNoAnswer, ctx.Err()))
			}
			if entry == nil { // all that there are
				slices.SortFunc(members, func(a, b Member) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Number, b.Number)) })
				return members, nil
			}
			if number, err := strconv.ParseUint(entry.Key(), 16, 32); err == nil {
				members = append(members, Member{Number: uint32(number), Name: cmp.Or(string(entry.Value()), entry.Key())})
			}
		case <-ctx.Done():
			return nil, fmt.Errorf("listing the nodes: %w", errors.Join(ErrNoAnswer, ctx.Err()))
		}
	}
}

// Answered is what became of asking one node.
type Answered struct {
	Node Member
	Data []byte
	// Err is ErrNoAnswer, ErrNotAsked or ErrTooLarge, wrapped, or what the node's own answer failed with.
	Err error
}

// AskEach asks all other nodes at once and calls visit with what becomes of each, the
// quickest first, until visit returns false. It takes no longer than twice AskTimeout,
// and leaves out nodes that have ended meanwhile. The error says that nobody knows which
// nodes there are.
func (c *Cluster) AskEach(ctx context.Context, topic string, request []byte, visit func(Answered) bool) error {
	members, err := c.members(ctx)
	if err != nil {
		return err
	}
	c.mu.Lock()
	self := c.self
	c.mu.Unlock()
	members = slices.DeleteFunc(members, func(m Member) bool { return m.Number == self })
	ctx, cancel := context.WithTimeout(ctx, c.config.AskTimeout)
	var asking sync.WaitGroup
	defer asking.Wait()
	defer cancel()
	answers := make(chan Answered, len(members))
	for i, member := range members {
		if i >= MaxAsked {
			answers <- Answered{Node: member, Err: fmt.Errorf("node %s: %w", member.Name, ErrNotAsked)}
			continue
		}
		asking.Go(func() {
			data, err := c.askSealed(ctx, member.Number, topic, request)
			answers <- Answered{Node: member, Data: data, Err: err}
		})
	}
	for range members {
		if one := <-answers; !errors.Is(one.Err, ErrNodeGone) && !visit(one) {
			return nil
		}
	}
	return nil
}

// topicSubject is where a node is asked about a topic.
func (c *Cluster) topicSubject(node uint32, topic string) string {
	return c.subject(node) + "." + topic
}

// askSealed asks one node. An answer is sealed for the request that it belongs to, which
// begins with a number of its own, so that no other takes its place.
func (c *Cluster) askSealed(ctx context.Context, node uint32, topic string, request []byte) ([]byte, error) {
	subject := c.topicSubject(node, topic)
	unique := make([]byte, uniqueBytes)
	if _, err := rand.Read(unique); err != nil {
		return nil, fmt.Errorf("asking node %s: %w", lease(node), err)
	}
	sealed, err := c.config.Sealer.Seal(append(unique, request...), subject)
	if err != nil {
		return nil, fmt.Errorf("asking node %s: %w", lease(node), err)
	}
	if int64(len(sealed)) > c.config.Conn.MaxPayload() {
		return nil, fmt.Errorf("%d bytes for node %s: %w", len(sealed), lease(node), ErrTooLarge)
	}
	answer, err := c.request(ctx, node, subject, []byte(sealed))
	if err != nil {
		return nil, err
	}
	opened, err := c.config.Sealer.Open(string(answer), answerOwner(sealed))
	if err != nil {
		return nil, fmt.Errorf("reading the answer of node %s: %w", lease(node), err)
	}
	return opened, nil
}

const uniqueBytes = 16

// answerOwner is whom the answer to a sealed request is sealed for.
func answerOwner(request string) string {
	sum := sha256.Sum256([]byte(request))
	return "answer " + hex.EncodeToString(sum[:])
}

// unsealing serves sealed requests with answer. What cannot be opened comes from somebody
// without the key, who is not answered but for that.
func (c *Cluster) unsealing(subject string, answer Answer) Answer {
	return func(sealed []byte) ([]byte, error) {
		request, err := c.config.Sealer.Open(string(sealed), subject)
		if err != nil || len(request) < uniqueBytes {
			return nil, fmt.Errorf("opening a request: %w", errors.Join(errUnsealed, err))
		}
		data, err := answer(request[uniqueBytes:])
		if err != nil {
			return nil, err
		}
		given, err := c.config.Sealer.Seal(data, answerOwner(string(sealed)))
		if err == nil && int64(len(given)) > c.config.Conn.MaxPayload() {
			err = ErrTooLarge
		}
		return []byte(given), err
	}
}

var errUnsealed = errors.New("it is not sealed with the key of this node")
