package jetstream

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"gatehouse/internal/store"
	"gatehouse/internal/store/jetstream/replicas"
)

// Config says where the records are kept. Exactly one of Dir and URL is set.
type Config struct {
	// Dir is the data directory of the embedded server; it is made when missing.
	Dir string
	// URL names an external NATS server or cluster, as nats://host:4222, several separated by commas.
	URL string
	// Credentials is the path of a NATS credentials file for URL; optional.
	Credentials string
	// Replicas is the number of servers of an external cluster that keep each record and object. Zero leaves it as it is, one at first. Errors:
	// replicas.ErrTooMany.
	Replicas int
	// Name begins the names of streams and subjects, so that several installations can share a cluster. Empty is "gatehouse".
	Name string
	// Salvage, with Dir, opens what is readable of damaged data instead of refusing to start; the damage is logged, and the files as they were are
	// kept in Dir/before-salvage.
	Salvage bool
	// CheckInterval is how often the follower is checked against the stream. Zero is 15 seconds.
	CheckInterval time.Duration
	// Log gets what goes wrong while running. Nil is slog.Default.
	Log *slog.Logger
	// Now is the time of what Condition tells. Nil is the machine's.
	Now func() time.Time

	minGarbageBytes int // minGarbageBytes, but in tests
}

const (
	defaultCheckInterval = 15 * time.Second
	minServerVersion     = "2.12"
	// deduplication is how long an external cluster remembers the ids of messages; it must be above commitTimeout.
	deduplication = 30 * time.Second
	// tidyBytes is the size of an image above which what loading used is given back to the system.
	tidyBytes = 4 << 20
)

// Store is a store.Store in NATS JetStream.
type Store struct {
	config    Config
	log       *slog.Logger
	embedded  *embedded  // nil with an external cluster
	watermark *watermark // nil with an external cluster
	loaded    bool       // the image was complete once
	conn      *nats.Conn
	js        jetstream.JetStream
	stream    jetstream.Stream
	follower  *follower
	image     store.Image
	// turn holds a token while nobody commits: writers of this process queue here instead of conflicting.
	turn chan struct{}
	// disk is what the embedded server writes to; nil with an external cluster, of which away is known instead.
	disk *disk
	away awayness
	// run is the present run of the server; failures has room for one that is to be mended.
	run      atomic.Pointer[run]
	failures chan struct{}
	held     *heldFiles // what preserve had no room for

	closing    context.Context // done when Close begins: nothing new is accepted
	close      context.CancelFunc
	stopping   context.Context // done when the last commit has ended: the follower stops
	stop       context.CancelFunc
	background sync.WaitGroup // the follower, the compaction
	closeOnce  sync.Once
	closeErr   error
	compacting atomic.Bool
	// reconnected holds a token when the connection was lost and is back: the consumer is probably gone.
	reconnected chan struct{}

	objectsMu sync.Mutex // guards objects
	objects   jetstream.ObjectStore
}

var _ store.Store = (*Store)(nil)

// Open opens the store and returns when its image is complete and verified. Errors: store.ErrLocked, store.ErrDamaged, store.ErrUnavailable, and those
// of the file system (fs.ErrPermission, syscall.ENOSPC).
func Open(ctx context.Context, config Config) (*Store, error) {
	if (config.Dir == "") == (config.URL == "") {
		return nil, errors.New("opening store: give either a data directory or the URL of a NATS cluster")
	}
	if config.Salvage && config.Dir == "" {
		return nil, errors.New("opening store: salvaging needs a data directory; an external NATS cluster is restored by its own means")
	}
	s := newStore(config)
	if err := s.open(ctx); err != nil {
		err = errors.Join(fmt.Errorf("opening store: %w", err), s.Close())
		if isDamage(err) {
			err = errors.Join(err, s.held.putBack())
		}
		return nil, err
	}
	s.held = nil
	return s, nil
}

func newStore(config Config) *Store {
	if config.Name == "" {
		config.Name = "gatehouse"
	}
	if config.CheckInterval == 0 {
		config.CheckInterval = defaultCheckInterval
	}
	if config.Log == nil {
		config.Log = slog.Default()
	}
	if config.Now == nil {
		config.Now = time.Now //nolint:forbidigo // the default of the field
	}
	if config.minGarbageBytes == 0 {
		config.minGarbageBytes = minGarbageBytes
	}
	s := &Store{config: config, log: config.Log, turn: make(chan struct{}, 1), reconnected: make(chan struct{}, 1), failures: make(chan struct{}, 1)}
	s.turn <- struct{}{}
	s.beginRun()
	s.closing, s.close = context.WithCancel(context.Background())
	s.stopping, s.stop = context.WithCancel(context.Background())
	return s
}

func (s *Store) open(ctx context.Context) error {
	var last mark
	var err error
	if s.config.Dir != "" {
		last, err = s.openDir(ctx)
	} else {
		err = s.openURL()
	}
	if err != nil {
		return err
	}
	if err := s.openStream(ctx); err != nil {
		return err
	}
	return s.loadImage(ctx, last.revision)
}

// loadImage reads the stream, and starts to follow it.
func (s *Store) loadImage(ctx context.Context, acknowledged uint64) error {
	s.follower = newFollower(s)
	if err := s.follower.load(ctx, acknowledged); err != nil {
		if isDamage(err) {
			err = fmt.Errorf("%w%s", err, preserved(s.config.Dir))
		}
		return err
	}
	s.loaded = true
	if s.follower.salvaged {
		return s.rebuild(ctx)
	}
	s.background.Go(s.follower.run)
	if s.View().Size() > tidyBytes {
		s.background.Go(debug.FreeOSMemory) // Loading leaves garbage of several times the image.
	}
	if s.embedded == nil {
		return nil
	}
	if s.embedded.full != nil {
		s.mustRecover(&serverFailure{s.embedded.full})
	}
	s.background.Go(s.watchDisk)
	return os.RemoveAll(filepath.Join(s.config.Dir, preservedName))
}

// rebuild replaces the damaged stream by a new one with what the image holds, at later revisions. The copy of its files stays.
func (s *Store) rebuild(ctx context.Context) error {
	s.follower.drop()
	if err := keepPreserved(s.config.Dir); err != nil {
		return err
	}
	if err := s.js.DeleteStream(ctx, s.streamName()); err != nil {
		return fmt.Errorf("replacing damaged stream: %w", err)
	}
	config := s.streamConfig()
	config.FirstSeq = s.View().Revision() + 1
	var err error
	if s.stream, err = s.js.CreateStream(ctx, config); err != nil {
		return fmt.Errorf("replacing damaged stream: %w", err)
	}
	s.background.Go(s.follower.run)
	s.background.Go(s.watchDisk)
	return s.compactTo(ctx, s.View().Revision())
}

// openDir starts the embedded server and returns the last mark of the run before.
func (s *Store) openDir(ctx context.Context) (last mark, err error) {
	if s.embedded, err = takeDir(s.config); err != nil {
		return last, err
	}
	s.embedded.log.onFailure = s.serverFailed
	if s.disk, err = newDisk(s.config, s.embedded.lock, filepath.Join(streamsDir(s.config.Dir), s.streamName(), "msgs")); err != nil {
		return last, err
	}
	if s.watermark, last, err = openWatermark(s.config.Dir); err != nil {
		return last, err
	}
	before, err := storedStreams(s.config.Dir)
	if err != nil {
		return last, err
	}
	if !last.closed || s.config.Salvage {
		if err := s.preserve(); err != nil {
			return last, err
		}
	}
	if err := s.embedded.start(); err != nil {
		return last, err
	}
	if s.conn, err = s.embedded.connect(s.connOptions()...); err != nil {
		return last, fmt.Errorf("connecting to embedded NATS server: %w", err)
	}
	if s.js, err = jetstream.New(s.conn); err != nil {
		return last, fmt.Errorf("connecting to embedded NATS server: %w", err)
	}
	for _, name := range before {
		if _, err := s.js.Stream(ctx, name); err != nil {
			return last, fmt.Errorf("reading stream %s in %s: %w: %w%s", name, s.config.Dir, store.ErrDamaged, err, s.complaints())
		}
	}
	return last, nil
}

func (s *Store) openURL() error {
	options := s.connOptions()
	if s.config.Credentials != "" {
		options = append(options, nats.UserCredentials(s.config.Credentials))
	}
	var err error
	if s.conn, err = nats.Connect(s.config.URL, options...); err != nil {
		return fmt.Errorf("connecting to NATS at %s: %w: %w", s.config.URL, store.ErrUnavailable, err)
	}
	if version := s.conn.ConnectedServerVersion(); !atLeast(version, minServerVersion) {
		return fmt.Errorf("connecting to NATS at %s: version %s, need %s or later", s.config.URL, version, minServerVersion)
	}
	if limit := s.conn.MaxPayload(); limit < maxPayloadBytes {
		return fmt.Errorf("connecting to NATS at %s: max_payload of the servers is %d, need %d", s.config.URL, limit, maxPayloadBytes)
	}
	if s.js, err = jetstream.New(s.conn); err != nil {
		return fmt.Errorf("connecting to NATS at %s: %w", s.config.URL, err)
	}
	return nil
}

func (s *Store) connOptions() []nats.Option {
	return []nats.Option{
		nats.Name("gatehouse"),
		nats.MaxReconnects(-1),
		nats.ReconnectWait(250 * time.Millisecond),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil && s.embedded == nil {
				s.log.Warn("connection to NATS lost; what is published keeps being served, writes wait", "error", err)
			}
		}),
		nats.ReconnectHandler(func(*nats.Conn) {
			if s.embedded == nil {
				s.log.Info("connection to NATS is back")
			}
			select {
			case s.reconnected <- struct{}{}:
			default:
			}
		}),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { s.log.Warn("NATS", "error", err) }),
	}
}

// atLeast compares versions such as 2.12.1 by major and minor number.
func atLeast(version, least string) bool {
	var major, minor, leastMajor, leastMinor int
	if _, err := fmt.Sscanf(version, "%d.%d", &major, &minor); err != nil {
		return false
	}
	if _, err := fmt.Sscanf(least, "%d.%d", &leastMajor, &leastMinor); err != nil {
		return false
	}
	return major > leastMajor || major == leastMajor && minor >= leastMinor
}

// openStream makes the stream of the records, or takes it as it is.
func (s *Store) openStream(ctx context.Context) error {
	var err error
	s.stream, err = s.js.Stream(ctx, s.streamName())
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		s.stream, err = s.js.CreateStream(ctx, s.streamConfig())
	}
	if err != nil {
		return fmt.Errorf("opening stream %s: %w: %w", s.streamName(), store.ErrUnavailable, replicas.Explain(err, s.config.Replicas))
	}
	if err := s.checkStream(); err != nil {
		return err
	}
	if s.stream, err = replicas.Change(ctx, s.js, s.stream, s.config.Replicas); err != nil {
		return err
	}
	return s.changeObjects(ctx)
}

// checkStream refuses a stream that would not keep what it is given.
func (s *Store) checkStream() error {
	have := s.stream.CachedInfo().Config
	if have.Retention != jetstream.LimitsPolicy || have.MaxMsgs > 0 || have.MaxBytes > 0 || have.MaxAge > 0 || have.MaxMsgsPerSubject > 0 {
		return fmt.Errorf("opening stream %s: it has limits by which NATS deletes messages", have.Name)
	}
	if have.Storage != jetstream.FileStorage {
		return fmt.Errorf("opening stream %s: it is not kept in files", have.Name)
	}
	return nil
}

func (s *Store) streamConfig() jetstream.StreamConfig {
	return jetstream.StreamConfig{
		Name:        s.streamName(),
		Description: "Configuration records of Gatehouse: each message is one batch",
		Subjects:    []string{s.subject()},
		Storage:     jetstream.FileStorage,
		Replicas:    max(s.config.Replicas, 1),
		Duplicates:  deduplication,
	}
}

func (s *Store) streamName() string { return s.config.Name + "-records" }
func (s *Store) subject() string    { return s.config.Name + ".records" }

// Conn is the connection to NATS, for what else needs messages: leases, node-to-node requests. It ends with the store.
func (s *Store) Conn() *nats.Conn { return s.conn }

// View implements store.Store.
func (s *Store) View() store.Snapshot { return s.image.View() }

// Watch implements store.Store.
func (s *Store) Watch(ctx context.Context) iter.Seq[store.Change] { return s.image.Watch(ctx) }

// Close implements store.Store.
func (s *Store) Close() error {
	s.closeOnce.Do(func() {
		s.close()
		select { // A commit under way ends first.
		case <-s.turn:
		case <-time.After(commitTimeout):
		}
		s.stop()
		s.image.Close()
		s.background.Wait()
		if s.conn != nil {
			s.conn.Close()
		}
		if s.embedded != nil {
			s.closeErr = errors.Join(s.embedded.stop(), s.closeWatermark())
		}
	})
	return s.closeErr
}

// closeWatermark notes that everything was closed in order, if it was ever open.
func (s *Store) closeWatermark() error {
	if s.loaded {
		return errors.Join(s.watermark.write(mark{revision: s.View().Revision(), closed: true}), s.watermark.close())
	}
	return s.watermark.close()
}
