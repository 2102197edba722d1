package app

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"

	"gatehouse/internal/cluster"
	"gatehouse/internal/connections"
	"gatehouse/internal/diagnosis"
	"gatehouse/internal/iam/records"
	"gatehouse/internal/secret"
)

// What nodes ask each other, besides connections.
const (
	topicRequests    = "requests"
	topicOccurrences = "occurrences"
	topicAuthorizers = "flush-authorizers"
	topicReset       = "reset"
	topicLastUse     = "last-use"
)

const (
	sealingKeySecret  = "sealing-key" // a digest of the key that nodes must have in common
	sealingKeyPurpose = "sealing key of the cluster"
)

// nodes are this node and the others. A server that keeps its data itself is the only one.
type nodes struct {
	cluster *cluster.Cluster
	number  uint32
	name    string
	shared  bool // there may be others
}

// openNodes opens what the nodes share; join makes this one known.
func (a *App) openNodes(ctx context.Context, known *identities) (*nodes, error) {
	n := &nodes{number: uint32(connections.NodeOf(newUUID())), name: a.nodeName(), shared: a.options.Config.Nats != ""}
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
	topics := map[string]cluster.Answer{
		topicRequests:    p.seen.diagnosis.Answer,
		topicOccurrences: func([]byte) ([]byte, error) { return json.Marshal(p.seen.metrics.Occurrences()) },
		topicAuthorizers: func(scope []byte) ([]byte, error) { p.grants.Flush(string(scope)); return nil, nil },
		topicReset:       a.answerReset,
		topicLastUse: func(accessKeyId []byte) ([]byte, error) {
			last, _ := p.known.signatures.LastUsed(string(accessKeyId))
			return json.Marshal(last)
		},
	}
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

// askAll asks all other nodes, if there may be any, and says which of them did not answer.
func (n *nodes) askAll(ctx context.Context, topic string, question []byte, visit func(data []byte) error) (without []string) {
	if !n.shared {
		return nil
	}
	err := n.cluster.AskEach(ctx, topic, question, func(one cluster.Answered) bool {
		err := whyUnanswered(one.Err)
		if err == nil {
			err = visit(one.Data)
		}
		if err != nil {
			without = append(without, "node "+one.Node.Name+" "+err.Error())
		}
		return true
	})
	if err != nil {
		without = append(without, "the other nodes are not known: "+err.Error())
	}
	slices.Sort(without)
	return without
}

// tellAll is askAll for what only has to be done, by every node.
func (n *nodes) tellAll(ctx context.Context, topic string, what []byte) error {
	if without := n.askAll(ctx, topic, what, func([]byte) error { return nil }); len(without) > 0 {
		return fmt.Errorf("telling the other nodes: %s", strings.Join(without, "; "))
	}
	return nil
}

// lastUsed is when an access key last signed something, at any node that answers.
func (n *nodes) lastUsed(own func(accessKeyId string) (records.LastUse, bool)) func(accessKeyId string) (records.LastUse, bool) {
	return func(accessKeyId string) (records.LastUse, bool) {
		last, _ := own(accessKeyId)
		n.askAll(context.Background(), topicLastUse, []byte(accessKeyId), func(data []byte) error {
			var theirs records.LastUse
			if err := json.Unmarshal(data, &theirs); err != nil {
				return fmt.Errorf("answered something else: %w", err)
			}
			if theirs.Date.After(last.Date) {
				last = theirs
			}
			return nil
		})
		return last, !last.Date.IsZero()
	}
}

// occurrences adds what the other nodes counted to what this one did.
func (n *nodes) occurrences(ctx context.Context, counts map[string]int64) (total map[string]int64, without []string) {
	without = n.askAll(ctx, topicOccurrences, nil, func(data []byte) error {
		var theirs map[string]int64
		if err := json.Unmarshal(data, &theirs); err != nil {
			return fmt.Errorf("answered something else: %w", err)
		}
		for id, count := range theirs {
			counts[id] += count
		}
		return nil
	})
	return counts, without
}
