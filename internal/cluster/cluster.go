package cluster

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"gatehouse/internal/store/jetstream/replicas"
)

// The errors of Ask.
var (
	// ErrNodeGone says that no node of that number lives: its lease has expired, or it
	// never had one.
	ErrNodeGone = errors.New("the node has ended")
	// ErrNoAnswer says that a node lives and did not answer: it is worth another try.
	ErrNoAnswer = errors.New("the node does not answer")
	// ErrTooLarge says that NATS does not carry a request of that size.
	ErrTooLarge = errors.New("the request is larger than NATS carries")
	// ErrNotAsked says that more than MaxAsked nodes live, and that one was left out.
	ErrNotAsked = errors.New("the node was not asked: there are too many")
)

// Config is what a Cluster needs.
type Config struct {
	Conn *nats.Conn
	// Name begins the names of buckets and subjects; empty is "gatehouse".
	Name string
	// NodeName is what people call this node.
	NodeName string
	// Sealer seals what AskEach and its answers carry, so that NATS alone tells nothing and
	// a node without the key is not answered. It is needed for topics.
	Sealer Sealer
	// Replicas is how many servers of NATS keep leases and secrets; zero leaves them as
	// they are, one for new ones.
	Replicas int
	// Lease is how long a node is taken for alive after it was last heard of; zero is
	// defaultLease.
	Lease time.Duration
	// AskTimeout bounds the wait for an answer; zero is DefaultAskTimeout.
	AskTimeout time.Duration
	Log        *slog.Logger // nil for silence
}

// Sealer encrypts for an owner, who must be named again to open; *secret.Box does.
type Sealer interface {
	Seal(text []byte, owner string) (string, error)
	Open(sealed, owner string) ([]byte, error)
}

const (
	// defaultLease outlives a reconnection to NATS. It is renewed three times as often.
	defaultLease = 15 * time.Second
	// DefaultAskTimeout is far above the 0.1 ms that an answer takes.
	DefaultAskTimeout = 2 * time.Second
	renewals          = 3
	// leaseBytes bounds the memory of all leases: a hundred thousand nodes.
	leaseBytes = 16 << 20
	// MaxAsked bounds the nodes that AskEach asks.
	MaxAsked = 64
)

// Cluster is this node's view of the nodes. It is safe for concurrent use.
type Cluster struct {
	config Config
	js     jetstream.JetStream
	nodes  jetstream.KeyValue // leases, by Node's text

	mu         sync.Mutex // guards what follows
	self       uint32     // this node, while joined
	joined     []*nats.Subscription
	stop       context.CancelFunc
	background sync.WaitGroup
}

// Open opens what the nodes share.
func Open(ctx context.Context, config Config) (*Cluster, error) {
	if config.Name == "" {
		config.Name = "gatehouse"
	}
	if config.Lease == 0 {
		config.Lease = defaultLease
	}
	if config.AskTimeout == 0 {
		config.AskTimeout = DefaultAskTimeout
	}
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	js, err := jetstream.New(config.Conn)
	if err != nil {
		return nil, fmt.Errorf("opening the cluster: %w", err)
	}
	c := &Cluster{config: config, js: js}
	if c.nodes, err = c.openLeases(ctx); err != nil {
		return nil, err
	}
	return c, nil
}

// openLeases makes the bucket of leases, in memory: they are worth nothing once the
// NATS cluster has been down.
func (c *Cluster) openLeases(ctx context.Context) (jetstream.KeyValue, error) {
	bucket, err := c.openBucket(ctx, jetstream.KeyValueConfig{
		Bucket: c.config.Name + "-nodes", Description: "Leases of the nodes of Gatehouse", TTL: c.config.Lease,
		Storage: jetstream.MemoryStorage, MaxBytes: leaseBytes,
	})
	if err != nil {
		return nil, fmt.Errorf("opening the leases of the cluster: %w", err)
	}
	return bucket, nil
}

// openBucket makes a bucket, or changes it to what is wanted.
func (c *Cluster) openBucket(ctx context.Context, wanted jetstream.KeyValueConfig) (jetstream.KeyValue, error) {
	var err error
	if wanted.Replicas, err = replicas.Of(ctx, c.js, "KV_"+wanted.Bucket, c.config.Replicas); err != nil {
		return nil, err
	}
	bucket, err := c.js.CreateOrUpdateKeyValue(ctx, wanted)
	return bucket, replicas.Explain(err, wanted.Replicas)
}

// SharedSecret returns the secret of a name, the same on all nodes and after a restart.
// made becomes it where there is none yet. State that is exported or reset does not
// touch it.
func (c *Cluster) SharedSecret(ctx context.Context, name string, made []byte) ([]byte, error) {
	if kept := c.keptSecret(ctx, name); kept != nil {
		return kept, nil
	}
	bucket, err := c.openBucket(ctx, jetstream.KeyValueConfig{
		Bucket: c.config.Name + "-secrets", Description: "Secrets that the nodes of Gatehouse share", Storage: jetstream.FileStorage,
	})
	if err != nil {
		return nil, fmt.Errorf("opening the secrets of the cluster: %w", err)
	}
	_, err = bucket.Create(ctx, name, made)
	if err == nil {
		return made, nil
	}
	if !errors.Is(err, jetstream.ErrKeyExists) {
		return nil, fmt.Errorf("keeping the cluster's secret %s: %w", name, err)
	}
	entry, err := bucket.Get(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("reading the cluster's secret %s: %w", name, err)
	}
	return entry.Value(), nil
}

// keptSecret reads a secret that is there, without any write: a full disk has no room for
// one. Nil where there is none, or something is to be changed.
func (c *Cluster) keptSecret(ctx context.Context, name string) []byte {
	if c.config.Replicas != 0 {
		return nil
	}
	bucket, err := c.js.KeyValue(ctx, c.config.Name+"-secrets")
	if err != nil {
		return nil
	}
	entry, err := bucket.Get(ctx, name)
	if err != nil {
		return nil
	}
	return entry.Value()
}

// subject is where a node of a number is asked; lease is its key among the leases.
func (c *Cluster) subject(node uint32) string { return c.config.Name + ".node." + lease(node) }

func lease(node uint32) string { return fmt.Sprintf("%08x", node) }
