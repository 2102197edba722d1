package logs

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"

	"gatehouse/internal/store/jetstream/replicas"
)

// JetStreamJournal is a Journal in a stream of NATS JetStream of its own: in files,
// written asynchronously, since a log line that is lost in a crash of the machine is
// worth less than a request that waits for the disk. Every node of a cluster follows
// the same stream.
type JetStreamJournal struct {
	conn     *nats.Conn
	js       jetstream.JetStream
	stream   jetstream.Stream
	name     string
	embedded bool
	writing  func(ctx context.Context, size int) (context.Context, context.CancelFunc, error)

	stallCheck time.Duration // see follower

	mu        sync.Mutex // guards followers
	followers []*follower
}

// JetStreamConfig says where a JetStreamJournal is kept.
type JetStreamConfig struct {
	Conn *nats.Conn
	// Name begins the names of stream and subjects, as that of the configuration does;
	// empty is "gatehouse".
	Name string
	// MaxBytes bounds the stream on disk; zero is DefaultMaxBytes.
	MaxBytes int64
	// Replicas is the number of servers that keep each entry; zero leaves it as it is, one at first.
	Replicas int
	// Embedded says that the server of Conn is part of this process: then entries are
	// written asynchronously, which NATS does not do for what it may have to replicate.
	Embedded bool
	// Writing says why so many bytes cannot be stored now, or else gives the context to wait
	// with for an acknowledgement, which ends when none will come. nil waits with its own.
	Writing func(ctx context.Context, size int) (context.Context, context.CancelFunc, error)
}

const (
	// headerEntry is the NATS header that holds all of Header but the id.
	headerEntry = "Gatehouse-Log"
	// groupToken is the subject's last token for entries of a group; no name encodes to it.
	groupToken = "_"
	// persistSubject is behind the journal's name the subject of Persist's messages, which
	// are no entries: it has fewer tokens.
	persistSubject = ".logs.persist"
	// readBatch is the number of entries that one request reads.
	readBatch = 256
	// readTimeout bounds the wait for the next entry of a batch.
	readTimeout = 5 * time.Second
	// maxPendingAppends bounds the entries that wait for their acknowledgement.
	maxPendingAppends = 256
	// answerTimeout is how long an external cluster may take to acknowledge an entry before
	// it is sent again, after sendPause.
	answerTimeout = 2 * time.Second
	sendPause     = 250 * time.Millisecond
	// followHeartbeat is how often an external cluster says that it has nothing to send; two
	// that are missed make a new consumer. followExpiry is how long one request to it holds.
	followHeartbeat = 2 * time.Second
	followExpiry    = 10 * time.Second
)

var _ Journal = (*JetStreamJournal)(nil)

// OpenJetStream makes or opens the stream.
func OpenJetStream(ctx context.Context, config JetStreamConfig) (*JetStreamJournal, error) {
	if config.Name == "" {
		config.Name = "gatehouse"
	}
	if config.MaxBytes == 0 {
		config.MaxBytes = DefaultMaxBytes
	}
	options := []jetstream.JetStreamOpt{jetstream.WithPublishAsyncMaxPending(maxPendingAppends)}
	if !config.Embedded {
		options = append(options, jetstream.WithPublishAsyncTimeout(answerTimeout))
	}
	js, err := jetstream.New(config.Conn, options...)
	if err != nil {
		return nil, fmt.Errorf("opening the logs: %w", err)
	}
	j := &JetStreamJournal{conn: config.Conn, js: js, name: config.Name, embedded: config.Embedded, writing: config.Writing, stallCheck: stallCheck}
	if j.writing == nil {
		j.writing = func(ctx context.Context, _ int) (context.Context, context.CancelFunc, error) {
			return ctx, func() {}, nil
		}
	}
	if err := j.openStream(ctx, config); err != nil {
		return nil, err
	}
	return j, nil
}

// openStream takes the stream as it is when it is as wanted: even a change that changes nothing is written, for which a full disk has no room.
func (j *JetStreamJournal) openStream(ctx context.Context, config JetStreamConfig) error {
	found, err := j.js.Stream(ctx, config.Name+"-logs")
	if err != nil && !errors.Is(err, jetstream.ErrStreamNotFound) {
		return fmt.Errorf("opening the logs' stream %s-logs: %w", config.Name, err)
	}
	wanted, err := j.streamConfig(found, config)
	if err != nil {
		return err
	}
	if found != nil && isAsWanted(found.CachedInfo().Config, wanted) {
		j.stream = found
		return nil
	}
	j.stream, err = j.js.CreateOrUpdateStream(ctx, wanted)
	if err != nil {
		return fmt.Errorf("opening the logs' stream %s: %w", wanted.Name, replicas.Explain(err, wanted.Replicas))
	}
	return nil
}

// isAsWanted compares what streamConfig sets and can be changed.
func isAsWanted(has, wanted jetstream.StreamConfig) bool {
	return has.Description == wanted.Description && slices.Equal(has.Subjects, wanted.Subjects) && has.MaxBytes == wanted.MaxBytes && has.MaxMsgs == wanted.MaxMsgs &&
		has.Discard == wanted.Discard && has.AllowDirect == wanted.AllowDirect && has.Replicas == wanted.Replicas
}

// errPersistMode says that a stream cannot have replicas.
var errPersistMode = errors.New("it was made with asynchronous persistence, which NATS neither replicates nor changes; delete it, and the log events in it")

// streamConfig is what the stream is made with, when found is nil, or changed to. How it
// persists cannot be changed later.
func (j *JetStreamJournal) streamConfig(found jetstream.Stream, config JetStreamConfig) (jetstream.StreamConfig, error) {
	wanted := jetstream.StreamConfig{
		Name: config.Name + "-logs", Description: "Log events of Gatehouse: each message is a few events of one log stream",
		Subjects: []string{config.Name + ".logs.>"}, Storage: jetstream.FileStorage, MaxBytes: config.MaxBytes, MaxMsgs: maxEntries,
		Discard: jetstream.DiscardOld, AllowDirect: true,
	}
	if config.Embedded {
		wanted.PersistMode = jetstream.AsyncPersistMode
	}
	if found == nil {
		wanted.Replicas = max(config.Replicas, 1)
		return wanted, nil
	}
	has := found.CachedInfo().Config
	wanted.PersistMode = has.PersistMode
	if wanted.Replicas = config.Replicas; wanted.Replicas == 0 {
		wanted.Replicas = has.Replicas
	}
	if wanted.Replicas > 1 && has.PersistMode == jetstream.AsyncPersistMode {
		return wanted, fmt.Errorf("natsReplicas: the stream %s cannot have %d replicas: %w (nats stream rm %s), and start again", wanted.Name, wanted.Replicas, errPersistMode, wanted.Name)
	}
	return wanted, nil
}

// Close ends what Follow began. The connection stays open; it belongs to the caller.
func (j *JetStreamJournal) Close() {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, f := range j.followers {
		f.end()
	}
	j.followers = nil
}

// subject names the subject of a stream; with an empty Stream, all of the group.
func (j *JetStreamJournal) subject(id StreamId) string {
	last := ">"
	if id.Stream != "" {
		last = encodeToken(id.Stream)
	}
	return j.groupSubject(id) + last
}

func (j *JetStreamJournal) groupSubject(id StreamId) string {
	return j.name + ".logs." + id.Account + "." + id.Region + "." + encodeToken(id.Group) + "."
}

// entrySubject is where an entry goes.
func (j *JetStreamJournal) entrySubject(id StreamId) string {
	if id.Stream == "" {
		return j.groupSubject(id) + groupToken
	}
	return j.subject(id)
}

func encodeToken(name string) string { return base64.RawURLEncoding.EncodeToString([]byte(name)) }

// Tokens of a subject, from its end.
const subjectTokens = 4

// parseSubject reads the id that entrySubject wrote.
func parseSubject(subject string) (StreamId, error) {
	tokens := strings.Split(subject, ".")
	if len(tokens) < subjectTokens {
		return StreamId{}, fmt.Errorf("subject %q is no log stream's", subject)
	}
	tokens = tokens[len(tokens)-subjectTokens:]
	group, err := base64.RawURLEncoding.DecodeString(tokens[2])
	if err != nil {
		return StreamId{}, fmt.Errorf("subject %q: %w", subject, err)
	}
	id := StreamId{Account: tokens[0], Region: tokens[1], Group: string(group)}
	if tokens[3] == groupToken {
		return id, nil
	}
	stream, err := base64.RawURLEncoding.DecodeString(tokens[3])
	if err != nil {
		return StreamId{}, fmt.Errorf("subject %q: %w", subject, err)
	}
	id.Stream = string(stream)
	return id, nil
}

func (h *Header) text() string {
	return fmt.Sprintf("%c %d %d %d %d %d", h.Kind, h.Ingestion, h.First, h.Last, h.Count, h.Size)
}

func parseHeader(subject, text string) (Header, error) {
	id, err := parseSubject(subject)
	if err != nil {
		return Header{}, err
	}
	h := Header{Id: id}
	if _, err := fmt.Sscanf(text, "%c %d %d %d %d %d", &h.Kind, &h.Ingestion, &h.First, &h.Last, &h.Count, &h.Size); err != nil {
		return Header{}, fmt.Errorf("header of a log entry: %w", err)
	}
	return h, nil
}

// Append implements Journal. A cluster that loses a server forgets what it was sent: that
// is sent again, under the same id, so that it is stored once.
func (j *JetStreamJournal) Append(ctx context.Context, entries []Entry) (last uint64, err error) {
	unsent, size := make([]*nats.Msg, len(entries)), 0
	for i := range entries {
		unsent[i] = j.message(&entries[i])
		size += len(entries[i].Payload)
	}
	ctx, end, err := j.writing(ctx, size)
	if err != nil {
		return 0, fmt.Errorf("storing log events: %w", err)
	}
	defer end()
	for {
		var stored uint64
		stored, unsent, err = j.publish(ctx, unsent)
		last = max(last, stored)
		if len(unsent) == 0 {
			return last, nil
		}
		if j.embedded {
			return 0, fmt.Errorf("storing log events: %w", err)
		}
		select {
		case <-time.After(sendPause):
		case <-ctx.Done():
			return 0, fmt.Errorf("storing log events: %w", errors.Join(err, ctx.Err()))
		}
	}
}

func (j *JetStreamJournal) message(entry *Entry) *nats.Msg {
	message := nats.NewMsg(j.entrySubject(entry.Id))
	message.Header.Set(headerEntry, entry.text())
	if !j.embedded {
		message.Header.Set(jetstream.MsgIDHeader, nuid.Next())
	}
	message.Data = entry.Payload
	return message
}

// publish sends messages at once and returns those that were not acknowledged, with the
// error of the last one.
func (j *JetStreamJournal) publish(ctx context.Context, messages []*nats.Msg) (last uint64, unsent []*nats.Msg, err error) {
	pending := make([]jetstream.PubAckFuture, len(messages))
	for i, message := range messages {
		var failed error
		if pending[i], failed = j.js.PublishMsgAsync(message); failed != nil {
			err, unsent = failed, append(unsent, message)
		}
	}
	for i, future := range pending {
		if future == nil {
			continue
		}
		var failed error
		select {
		case ack := <-future.Ok():
			last = max(last, ack.Sequence)
		case failed = <-future.Err():
		case <-ctx.Done():
			failed = context.Cause(ctx)
		}
		if failed != nil {
			err, unsent = failed, append(unsent, messages[i])
		}
	}
	return last, unsent, err
}

// Persist implements Journal. The embedded server acknowledges entries some milliseconds
// before it writes them to their file. It has no operation that writes, but removing a
// message writes all that came before it; so one is made and removed.
func (j *JetStreamJournal) Persist(ctx context.Context) error {
	if !j.embedded {
		return nil
	}
	subject := j.name + persistSubject
	if _, err := j.js.PublishMsg(ctx, nats.NewMsg(subject)); err != nil {
		return fmt.Errorf("persisting log events: %w", err)
	}
	if err := j.stream.Purge(ctx, jetstream.WithPurgeSubject(subject)); err != nil {
		return fmt.Errorf("persisting log events: %w", err)
	}
	return nil
}

// Follow implements Journal.
func (j *JetStreamJournal) Follow(ctx context.Context, apply func(uint64, Header)) error {
	info, err := j.stream.Info(ctx)
	if err != nil {
		return fmt.Errorf("following the logs: %w", err)
	}
	watching, stop := context.WithCancel(ctx)
	f := &follower{journal: j, apply: apply, stop: stop, caughtUp: make(chan struct{})}
	if err := f.begin(ctx); err != nil {
		stop()
		return err
	}
	if !j.embedded { // servers may be lost
		f.watching.Go(func() { f.watch(watching) })
	}
	j.mu.Lock()
	j.followers = append(j.followers, f)
	j.mu.Unlock()
	if info.State.Msgs == 0 {
		return nil
	}
	select {
	case <-f.caughtUp:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("following the logs: %w", ctx.Err())
	}
}

// pulling is how Follow asks for entries.
func (j *JetStreamJournal) pulling() []jetstream.PullConsumeOpt {
	options := []jetstream.PullConsumeOpt{jetstream.PullMaxMessages(readBatch * 4)}
	if !j.embedded { // servers may be lost
		options = append(options, jetstream.PullExpiry(followExpiry), jetstream.PullHeartbeat(followHeartbeat))
	}
	return options
}

// batchRequest asks a stream for several messages at once (NATS, ADR-31).
type batchRequest struct {
	Seq     uint64 `json:"seq"`
	Batch   int    `json:"batch"`
	NextFor string `json:"next_by_subj"`
}

// Read implements Journal.
func (j *JetStreamJournal) Read(ctx context.Context, id StreamId, from, to uint64, visit func(uint64, *Entry) bool) error {
	for from <= to {
		next, err := j.readBatch(ctx, batchRequest{Seq: from, Batch: readBatch, NextFor: j.subject(id)}, func(sequence uint64, entry *Entry) bool {
			return sequence <= to && visit(sequence, entry)
		})
		if err != nil || next == 0 {
			return err
		}
		from = next
	}
	return nil
}

// readBatch visits one batch and returns where the next begins, 0 when there is none.
func (j *JetStreamJournal) readBatch(ctx context.Context, request batchRequest, visit func(uint64, *Entry) bool) (next uint64, err error) {
	body, err := json.Marshal(request)
	if err != nil {
		return 0, fmt.Errorf("reading log events: %w", err)
	}
	inbox := j.conn.NewInbox()
	answers, err := j.conn.SubscribeSync(inbox)
	if err != nil {
		return 0, fmt.Errorf("reading log events: %w", err)
	}
	defer func() { _ = answers.Unsubscribe() }() // fails only on a closed connection
	if err := j.conn.PublishRequest("$JS.API.DIRECT.GET."+j.stream.CachedInfo().Config.Name, inbox, body); err != nil {
		return 0, fmt.Errorf("reading log events: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, readTimeout*readBatch)
	defer cancel()
	for {
		message, err := nextMessage(ctx, answers)
		if err != nil {
			return 0, err
		}
		if status := message.Header.Get("Status"); status != "" {
			return next, statusError(status, message)
		}
		sequence, entry, err := parseMessage(message)
		if err != nil {
			return 0, err
		}
		if !visit(sequence, entry) {
			return 0, nil
		}
		next = sequence + 1
	}
}

func nextMessage(ctx context.Context, answers *nats.Subscription) (*nats.Msg, error) {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	message, err := answers.NextMsgWithContext(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading log events: %w", err)
	}
	return message, nil
}

// statusError reads the status that ends a batch: 204 after the last message, 404
// when there is none.
func statusError(status string, message *nats.Msg) error {
	if status == "204" || status == "404" {
		return nil
	}
	return fmt.Errorf("reading log events: %w: %s %s", errRead, status, message.Header.Get("Description"))
}

var errRead = errors.New("the stream answered an error")

func parseMessage(message *nats.Msg) (uint64, *Entry, error) {
	sequence, err := strconv.ParseUint(message.Header.Get(jetstream.SequenceHeader), 10, 64)
	if err != nil {
		return 0, nil, fmt.Errorf("reading log events: %w", err)
	}
	header, err := parseHeader(message.Header.Get(jetstream.SubjectHeader), message.Header.Get(headerEntry))
	if err != nil {
		return 0, nil, fmt.Errorf("reading log events: %w", err)
	}
	return sequence, &Entry{Header: header, Payload: message.Data}, nil
}

// Purge implements Journal.
func (j *JetStreamJournal) Purge(ctx context.Context, id StreamId, before uint64) error {
	err := j.stream.Purge(ctx, jetstream.WithPurgeSubject(j.subject(id)), jetstream.WithPurgeSequence(before))
	if err != nil {
		return fmt.Errorf("purging log events: %w", err)
	}
	return nil
}

// First implements Journal.
func (j *JetStreamJournal) First(ctx context.Context) (uint64, error) {
	info, err := j.stream.Info(ctx)
	if err != nil {
		return 0, fmt.Errorf("reading the state of the logs: %w", err)
	}
	return info.State.FirstSeq, nil
}

// Reset implements Journal.
func (j *JetStreamJournal) Reset(ctx context.Context) error {
	if err := j.stream.Purge(ctx); err != nil {
		return fmt.Errorf("emptying the logs: %w", err)
	}
	return nil
}
