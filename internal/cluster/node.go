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

// Join takes the number of a node, holds its lease until Leave, and has answer serve what
// other nodes ask. answer is called for one request after another and must not wait.
func (c *Cluster) Join(ctx context.Context, node uint32, answer func(request []byte) ([]byte, error)) error {
	if _, err := c.nodes.Put(ctx, lease(node), nil); err != nil {
		return fmt.Errorf("taking the lease of node %s: %w", lease(node), err)
	}
	subscription, err := c.config.Conn.Subscribe(c.subject(node), func(asked *nats.Msg) { c.respond(asked, answer) })
	if err != nil {
		return fmt.Errorf("listening as node %s: %w", lease(node), err)
	}
	if err := c.config.Conn.FlushTimeout(c.config.AskTimeout); err != nil {
		return fmt.Errorf("listening as node %s: %w", lease(node), err)
	}
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	c.mu.Lock()
	defer c.mu.Unlock()
	c.joined, c.stop = subscription, stop
	c.background.Go(func() { c.renew(running, node) })
	return nil
}

func (c *Cluster) respond(asked *nats.Msg, answer func([]byte) ([]byte, error)) {
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
	_, err := c.nodes.Put(ctx, lease(node), nil)
	return err
}

// Leave gives the lease of a node back, so that others need not wait for its end.
func (c *Cluster) Leave(ctx context.Context, node uint32) error {
	c.mu.Lock()
	subscription, stop := c.joined, c.stop
	c.joined, c.stop = nil, nil
	c.mu.Unlock()
	if subscription == nil {
		return nil
	}
	stop()
	c.background.Wait()
	ctx, cancel := context.WithTimeout(ctx, c.config.AskTimeout)
	defer cancel()
	if err := errors.Join(subscription.Unsubscribe(), c.nodes.Purge(ctx, lease(node))); err != nil {
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
	answer, err := c.config.Conn.RequestWithContext(ctx, c.subject(node), request)
	switch {
	case errors.Is(err, nats.ErrNoResponders):
		return nil, c.whyNobody(ctx, node)
	case err != nil:
		return nil, fmt.Errorf("asking node %s: %w: %w", lease(node), ErrNoAnswer, err)
	case answer.Header.Get(headerFailed) != "":
		return nil, fmt.Errorf("node %s failed: %s", lease(node), answer.Data)
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
