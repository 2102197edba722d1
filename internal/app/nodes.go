package app

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"

	"gatehouse/internal/cluster"
	"gatehouse/internal/connections"
	"gatehouse/internal/diagnosis"
	"gatehouse/internal/secret"
)

// What nodes ask each other, besides connections.
const topicRequests = "requests"

const (
	sealingKeySecret  = "sealing-key" // a digest of the key that nodes must have in common
	sealingKeyPurpose = "sealing key of the cluster"
)

// nodes are this node and the others. A server that keeps its data itself is the only one.
type nodes struct {
	cluster *cluster.Cluster
	number  uint32
	name    string
}

// openNodes opens what the nodes share; join makes this one known.
func (a *App) openNodes(ctx context.Context, known *identities) (*nodes, error) {
	n := &nodes{number: uint32(connections.NodeOf(newUUID())), name: a.nodeName()}
	var err error
	n.cluster, err = cluster.Open(ctx, cluster.Config{
		Conn: a.store.Conn(), NodeName: n.name, Sealer: known.keeper.Box("between nodes"), Replicas: a.options.Config.NatsReplicas, Log: a.log,
	})
	if err != nil {
		return nil, err
	}
	a.cleanups = append(a.cleanups, func(ctx context.Context) error { return n.cluster.Leave(ctx, n.number) })
	return n, a.checkSealingKey(ctx, n.cluster, known.keeper)
}

// nodeName is what people know a node by: where it runs, and its port.
func (a *App) nodeName() string {
	host, err := os.Hostname()
	if err != nil {
		host, _, _ = net.SplitHostPort(a.Addr())
	}
	return net.JoinHostPort(host, a.port())
}

// checkSealingKey refuses a node that could read nothing of what the others sealed: access
// keys, values of API keys, sessions, and what nodes ask each other.
func (a *App) checkSealingKey(ctx context.Context, shared *cluster.Cluster, keeper *secret.Keeper) error {
	if a.options.Config.Nats == "" {
		return nil
	}
	digest := keeper.Digester(sealingKeyPurpose).Digest(sealingKeyPurpose)
	own := []byte(hex.EncodeToString(digest[:]))
	kept, err := shared.SharedSecret(ctx, sealingKeySecret, own)
	if err != nil {
		return err
	}
	if !bytes.Equal(kept, own) {
		path := secret.PathOf(a.options.Config.Data)
		return fmt.Errorf("the key in %s is not the one that the servers at %s seal secrets with; copy the file from the first of them (its DATA.secret/key) to %s", path, a.options.Config.Nats, path)
	}
	return nil
}

// join makes this node known, when everything is there that others may ask for.
func (a *App) join(ctx context.Context, p *parts) error {
	topics := map[string]cluster.Answer{topicRequests: p.seen.diagnosis.Answer}
	return p.nodes.cluster.Join(ctx, p.nodes.number, p.sockets.directory.Answer, topics)
}

var errNoAnswer = errors.New("did not answer")

// Name implements diagnosis.Nodes.
func (n *nodes) Name() string { return n.name }

// AskEach implements diagnosis.Nodes.
func (n *nodes) AskEach(ctx context.Context, question []byte, visit func(diagnosis.NodeAnswer) bool) error {
	return n.cluster.AskEach(ctx, topicRequests, question, func(one cluster.Answered) bool {
		return visit(diagnosis.NodeAnswer{Node: one.Node.Name, Data: one.Data, Err: whyUnanswered(one.Err)})
	})
}

// whyUnanswered says for people what a node did.
func whyUnanswered(err error) error {
	var failed *cluster.Failed
	switch {
	case err == nil:
		return nil
	case errors.Is(err, cluster.ErrNoAnswer):
		return errNoAnswer
	case errors.Is(err, cluster.ErrNotAsked):
		return fmt.Errorf("was not asked: more than %d nodes live", cluster.MaxAsked)
	case errors.As(err, &failed):
		return errors.New("refused: " + failed.Text)
	}
	return fmt.Errorf("did not answer: %w", err)
}
