package jetstream

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	// heartbeat is how often a consumer that has nothing to send says so.
	heartbeat = 2 * time.Second
	// silence is how long a consumer may say nothing before it is taken for dead.
	silence = 2*heartbeat + time.Second
	// deliveryBuffer is the number of messages between the connection and the follower.
	deliveryBuffer = 256
)

// What the server tells in headers and reply subjects of the messages of a consumer.
const (
	controlStatus     = "100" // heartbeats and flow control
	statusHeader      = "Status"
	lastConsumer      = "Nats-Last-Consumer"
	stalledReply      = "Nats-Consumer-Stalled"
	ackTokens         = 9 // $JS.ACK.stream.consumer.delivered.streamSequence.consumerSequence.time.pending
	ackTokenRevision  = 5
	ackTokenDelivered = 6
	ackTokenTime      = 7 // Unix nanoseconds
)

// subscription is one consumer of the stream and what it delivers, complete and in order or else with an error.
type subscription struct {
	conn     *nats.Conn
	inbox    *nats.Subscription
	messages chan *nats.Msg
	dropped  chan struct{} // closed by drop
	received uint64        // messages of the consumer so far
	idle     bool          // the last control message said that there is nothing more to send
}

// delivery is one stored message.
type delivery struct {
	*nats.Msg
	revision uint64
	stored   time.Time
}

// subscribe makes a consumer of the messages after a revision.
func (s *Store) subscribe(ctx context.Context, after uint64) (*subscription, error) {
	sub := &subscription{conn: s.conn, messages: make(chan *nats.Msg, deliveryBuffer), dropped: make(chan struct{})}
	subject := s.conn.NewInbox()
	var err error
	sub.inbox, err = s.conn.Subscribe(subject, func(msg *nats.Msg) {
		select {
		case sub.messages <- msg:
		case <-sub.dropped:
		}
	})
	if err != nil {
		return nil, fmt.Errorf("subscribing to stream %s: %w", s.streamName(), err)
	}
	// The server's flow control bounds what is under way; the client's own limit would drop messages instead.
	if err := sub.inbox.SetPendingLimits(-1, -1); err != nil {
		return nil, errors.Join(fmt.Errorf("subscribing to stream %s: %w", s.streamName(), err), sub.drop())
	}
	_, err = s.stream.CreatePushConsumer(ctx, jetstream.ConsumerConfig{
		DeliverSubject:    subject,
		DeliverPolicy:     jetstream.DeliverByStartSequencePolicy,
		OptStartSeq:       after + 1,
		AckPolicy:         jetstream.AckNonePolicy,
		MaxDeliver:        1,
		MemoryStorage:     true,
		Replicas:          1,
		FlowControl:       true,
		IdleHeartbeat:     heartbeat,
		InactiveThreshold: time.Minute,
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("making consumer of stream %s: %w", s.streamName(), err), sub.drop())
	}
	return sub, nil
}

// drop ends a subscription; the server forgets the consumer when nobody listens.
func (sub *subscription) drop() error {
	close(sub.dropped)
	if err := sub.inbox.Unsubscribe(); err != nil && !errors.Is(err, nats.ErrConnectionClosed) {
		return fmt.Errorf("unsubscribing: %w", err)
	}
	return nil
}

// accept reads what the server says about a message. ok is false for a control message, which accept answers.
func (sub *subscription) accept(msg *nats.Msg) (d delivery, ok bool, err error) {
	if len(msg.Data) == 0 && msg.Header.Get(statusHeader) == controlStatus {
		return delivery{}, false, sub.control(msg)
	}
	sub.idle = false
	tokens := strings.Split(msg.Reply, ".")
	if len(tokens) != ackTokens {
		return delivery{}, false, fmt.Errorf("message with reply subject %q", msg.Reply)
	}
	revision, err := strconv.ParseUint(tokens[ackTokenRevision], 10, 64)
	if err != nil {
		return delivery{}, false, fmt.Errorf("message with reply subject %q: %w", msg.Reply, err)
	}
	stored, err := strconv.ParseInt(tokens[ackTokenTime], 10, 64)
	if err != nil {
		return delivery{}, false, fmt.Errorf("message with reply subject %q: %w", msg.Reply, err)
	}
	sub.received++
	if tokens[ackTokenDelivered] != strconv.FormatUint(sub.received, 10) {
		return delivery{}, false, fmt.Errorf("message %s of the consumer, want %d", tokens[ackTokenDelivered], sub.received)
	}
	return delivery{Msg: msg, revision: revision, stored: time.Unix(0, stored).UTC()}, true, nil
}

// control answers flow control, and compares what a heartbeat says was sent with what arrived.
func (sub *subscription) control(msg *nats.Msg) error {
	reply := msg.Reply
	if reply == "" {
		reply = msg.Header.Get(stalledReply)
	}
	if reply != "" {
		if err := sub.conn.Publish(reply, nil); err != nil {
			return fmt.Errorf("answering flow control: %w", err)
		}
	}
	last := msg.Header.Get(lastConsumer)
	sub.idle = last != "" && reply == ""
	if last != "" && last != strconv.FormatUint(sub.received, 10) {
		return fmt.Errorf("consumer sent %s messages, got %d", last, sub.received)
	}
	return nil
}
