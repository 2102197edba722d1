package cluster

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// headerFailed marks an answer that is the text of an error.
const headerFailed = "Gatehouse-Failed"

// Answer serves what other nodes ask. It is called for one request after another and
// must not wait for other nodes.
type Answer func(request []byte) ([]byte, error)

// maxWaitingAsks bounds the requests of a topic that wait for this node.
const maxWaitingAsks = 1024

// Join takes the number of a node, holds its lease until Leave, and has answer serve what
// Ask brings, and topics what AskEach brings.
func (c *Cluster) Join(ctx context.Context, node uint32, answer Answer, topics map[string]Answer) error {
	if err := c.put(ctx, node); err != nil {
		return fmt.Errorf("taking the lease of node %s: %w", lease(node), err)
	}
	subscriptions, err := c.subscribe(node, answer, topics)
	if err == nil {
		err = c.config.Conn.FlushTimeout(c.config.AskTimeout)
	}
	if err != nil {
		return fmt.Errorf("listening as node %s: %w", lease(node), err)
	}
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	c.mu.Lock()
	defer c.mu.Unlock()
	c.self, c.joined, c.stop = node, subscriptions, stop
	c.background.Go(func() { c.renew(running, node) })
	return nil
}

func (c *Cluster) subscribe(node uint32, answer Answer, topics map[string]Answer) ([]*nats.Subscription, error) {
	first, err := c.config.Conn.Subscribe(c.subject(node), func(asked *nats.Msg) { c.respond(asked, answer) })
	if err != nil {
		return nil, err
	}
	subscriptions := []*nats.Subscription{first}
	for topic, answer := range topics {
		next, err := c.config.Conn.Subscribe(c.topicSubject(node, topic), func(asked *nats.Msg) { c.respond(asked, c.unsealing(asked.Subject, answer)) })
		if err == nil {
			err = next.SetPendingLimits(maxWaitingAsks, int(c.config.Conn.MaxPayload()))
		}
		if err != nil {
			return nil, err
		}
		subscriptions = append(subscriptions, next)
	}
	return subscriptions, nil
}

func (c *Cluster) respond(asked *nats.Msg, answer Answer) {
	given := nats.NewMsg(asked.Reply)
	data, err := answer(asked.Data)
	if given.Data = data; err != nil {
		given.Header.Set(headerFailed, "true")
		given.Data = []byte(err.Error())
	}
	if err := asked.RespondMsg(given); err != nil {
		c.config.Log.Warn("answering another node", "error", err)
	}
}

// renew keeps the lease while the node lives. NATS may have lost all leases with a
// restart of its own.
func (c *Cluster) renew(running context.Context, node uint32) {
	ticker := time.NewTicker(c.config.Lease / renewals)
	defer ticker.Stop()
	for {
		select {
		case <-running.Done():
			return
		case <-ticker.C:
			if err := c.renewOnce(running, node); err != nil && running.Err() == nil {
				c.config.Log.Warn("renewing the lease of this node", "error", err)
			}
		}
	}
}

func (c *Cluster) renewOnce(running context.Context, node uint32) error {
	err := c.put(running, node)
	if err == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(running, c.config.AskTimeout)
	defer cancel()
	if _, missing := c.openLeases(ctx); missing != nil {
		return err
	}
	return c.put(running, node)
}

func (c *Cluster) put(running context.Context, node uint32) error {
	ctx, cancel := context.WithTimeout(running, c.config.AskTimeout)
	defer cancel()
	_, err := c.nodes.Put(ctx, lease(node), []byte(c.config.NodeName))
	return err
}

// Leave gives the lease of a node back, so that others need not wait for its end.
func (c *Cluster) Leave(ctx context.Context, node uint32) error {
	c.mu.Lock()
	subscriptions, stop := c.joined, c.stop
	c.joined, c.stop = nil, nil
	c.mu.Unlock()
	if subscriptions == nil {
		return nil
	}
	stop()
	c.background.Wait()
	ctx, cancel := context.WithTimeout(ctx, c.config.AskTimeout)
	defer cancel()
	var problems []error
	for _, subscription := range subscriptions {
		problems = append(problems, subscription.Unsubscribe())
	}
	if err := errors.Join(append(problems, c.nodes.Purge(ctx, lease(node)))...); err != nil {
		return fmt.Errorf("giving the lease of node %s back: %w", lease(node), err)
	}
	return nil
}

// Ask asks a node. The error is ErrNodeGone, ErrNoAnswer or ErrTooLarge, wrapped, or what
// the node's own answer failed with.
func (c *Cluster) Ask(ctx context.Context, node uint32, request []byte) ([]byte, error) {
	if int64(len(request)) > c.config.Conn.MaxPayload() {
		return nil, fmt.Errorf("%d bytes for node %s: %w", len(request), lease(node), ErrTooLarge)
	}
	ctx, cancel := context.WithTimeout(ctx, c.config.AskTimeout)
	defer cancel()
	return c.request(ctx, node, c.subject(node), request)
}

func (c *Cluster) request(ctx context.Context, node uint32, subject string, request []byte) ([]byte, error) {
	answer, err := c.config.Conn.RequestWithContext(ctx, subject, request)
	switch {
	case errors.Is(err, nats.ErrNoResponders):
		return nil, c.whyNobody(ctx, node)
	case err != nil:
		return nil, fmt.Errorf("asking node %s: %w: %w", lease(node), ErrNoAnswer, err)
	case answer.Header.Get(headerFailed) != "":
		return nil, &Failed{Node: lease(node), Text: string(answer.Data)}
	}
	return answer.Data, nil
}

// whyNobody tells a node that is cut off from one that has ended.
func (c *Cluster) whyNobody(ctx context.Context, node uint32) error {
	_, err := c.nodes.Get(ctx, lease(node))
	if errors.Is(err, jetstream.ErrKeyNotFound) || errors.Is(err, jetstream.ErrKeyDeleted) || errors.Is(err, jetstream.ErrBucketNotFound) {
		return fmt.Errorf("node %s: %w", lease(node), ErrNodeGone)
	}
	return fmt.Errorf("node %s: %w", lease(node), errors.Join(ErrNoAnswer, err))
}

// Failed is what a node's own answer failed with.
type Failed struct{ Node, Text string }

// Error names the node.
func (f *Failed) Error() string { return "node " + f.Node + " failed: " + f.Text }
