package knowledge

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Explanation is why a request went as it did, with the values of that request.
type Explanation struct {
	RequestID string
	// Asked is what was asked for: GET /orders, or the name of an operation.
	Asked  string
	Status int
	// Finding is empty for a request in which nothing went wrong.
	Finding
	// Also are findings beside the first: that a browser will refuse the answer, say.
	Also  []Finding
	Steps []Step
}

// Finding is one thing that is wrong.
type Finding struct {
	ErrorID string
	Checked string
	Found   string
	Wanted  string
	Nearest []string
	Fix     Fix
	// Article is the id of the article that explains ErrorID.
	Article string
}

// Fix is what would make the request pass, in words and as a command.
type Fix struct {
	Text    string
	Command string
}

// Step is one step of a request's way.
type Step struct {
	Name string
	// Milliseconds is absent for a step that was not timed.
	Milliseconds *float64
}

// Time is the step's time for people.
func (s Step) Time() string {
	if s.Milliseconds == nil {
		return "–"
	}
	return strconv.FormatFloat(*s.Milliseconds, 'f', 1, 64) + " ms"
}

// Explainer finds the explanation of a recent request by its id.
type Explainer interface {
	Explain(ctx context.Context, requestID string) (Explanation, bool)
}

// Options are what a knowledge base is made of. The zero value serves the built-in
// articles and forgets feedback when it ends.
type Options struct {
	// Version of Gatehouse.
	Version string
	// Directory of the operator's own articles; empty is none. It is read again when a
	// file in it changes.
	Directory string
	// Support is where "Contact support" leads: a https: or mailto: URL; empty leaves
	// the link out.
	Support string
	// URL is where clients reach the server, for the feed and the site map; empty takes
	// the host of each request.
	URL string
	// Explainer fills the box "In your case"; nil leaves it out.
	Explainer Explainer
	// Occurrences counts failures by the id of their error, for the editors' report; without
	// says which nodes it does not count: "node n did not answer". Nil leaves that column out.
	Occurrences func(ctx context.Context) (counts map[string]int64, without []string)
	// Ledger keeps feedback; nil keeps it in memory.
	Ledger Ledger
	Log    *slog.Logger
	Now    func() time.Time
	// Random is where the ids of feedback come from.
	Random io.Reader
	// Poll is how often the directory is looked at and counts are kept; 0 is
	// DefaultPoll.
	Poll time.Duration
}

// DefaultPoll is how often the own articles are looked at.
const DefaultPoll = 2 * time.Second

// Base is a knowledge base. It reads its articles when they are first asked for, which
// takes some 20 ms, and indexes them at the first search: a server that nobody asks pays
// nothing for them.
type Base struct {
	options Options
	tally   tally
	site    *site
	library atomic.Pointer[Library]
	mu      sync.Mutex // guards loading and state
	state   string     // what the directory of own articles looked like
}

// New makes a knowledge base; it reads no article yet. Errors: a support link that is
// neither https:, http: nor mailto:, a directory that cannot be read.
func New(options Options) (*Base, error) {
	if options.Log == nil {
		options.Log = slog.New(slog.DiscardHandler)
	}
	if options.Now == nil {
		options.Now = time.Now //nolint:forbidigo // the default of the field
	}
	if options.Random == nil {
		options.Random = rand.Reader
	}
	if options.Ledger == nil {
		options.Ledger = &memoryLedger{}
	}
	if options.Poll <= 0 {
		options.Poll = DefaultPoll
	}
	if !supportIsSafe(options.Support) {
		return nil, fmt.Errorf("support link %q does not begin with https:, http: or mailto:", options.Support)
	}
	if options.Directory != "" {
		if _, err := os.ReadDir(options.Directory); err != nil {
			return nil, fmt.Errorf("reading the directory of own articles: %w", err)
		}
	}
	b := &Base{options: options}
	b.site = newSite(b)
	return b, nil
}

func supportIsSafe(link string) bool {
	for _, scheme := range [...]string{"https://", "http://", "mailto:"} {
		if strings.HasPrefix(link, scheme) {
			return true
		}
	}
	return link == ""
}

// Handler serves the pages beneath /_gatehouse/kb/ and the JSON API beneath
// /_gatehouse/api/kb/, by the whole path.
func (b *Base) Handler() http.Handler { return b.site.handler() }

// Library returns the articles as they are now.
func (b *Base) Library() (*Library, error) {
	if library := b.library.Load(); library != nil {
		return library, nil
	}
	return b.reload()
}

// Run follows changes of the directory and keeps the counts, until ctx is done. What is
// wrong with own articles is logged when they are read.
func (b *Base) Run(ctx context.Context) {
	ticker := time.NewTicker(b.options.Poll)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			b.flush(context.WithoutCancel(ctx))
			return
		case <-ticker.C:
			b.follow(ctx)
			b.flush(ctx)
		}
	}
}

// follow reads the articles again when the directory has changed.
func (b *Base) follow(ctx context.Context) {
	if b.options.Directory == "" {
		return
	}
	b.mu.Lock()
	same := b.state == describeDirectory(b.options.Directory)
	b.mu.Unlock()
	if same {
		return
	}
	if _, err := b.reload(); err != nil {
		b.options.Log.ErrorContext(ctx, "reading the knowledge base again", "error", err)
		return
	}
}

func (b *Base) reload() (*Library, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var own fs.FS
	if b.options.Directory != "" {
		b.state = describeDirectory(b.options.Directory)
		own = os.DirFS(b.options.Directory)
	}
	library, err := Load(own)
	if err != nil {
		return nil, err
	}
	b.library.Store(library)
	for _, problem := range library.Problems() {
		b.options.Log.Warn("leaving out an article", "file", problem.File, "error", problem.Err)
	}
	return library, nil
}

// describeDirectory is a text that changes when a file does.
func describeDirectory(directory string) string {
	var text strings.Builder
	seen := 0
	files := os.DirFS(directory)
	_ = fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if seen++; seen > maxOwnArticles {
			return fs.SkipAll
		}
		if err != nil || entry.IsDir() {
			return nil // what cannot be read is found by Load
		}
		if info, err := fs.Stat(files, name); err == nil { // of what a link leads to
			fmt.Fprintf(&text, "%s %d %d\n", name, info.Size(), info.ModTime().UnixNano())
		}
		return nil
	})
	return text.String()
}

// flush hands the counts to the ledger.
func (b *Base) flush(ctx context.Context) {
	counts, any := b.tally.take()
	if !any {
		return
	}
	if err := b.options.Ledger.AddCounts(ctx, counts); err != nil {
		b.options.Log.WarnContext(ctx, "keeping the knowledge base's counts", "error", err)
		b.tally.add(counts) // for the next time
	}
}

// answer keeps a reader's answer and returns its id.
func (b *Base) answer(ctx context.Context, feedback Feedback, replaces string) (id string, err error) {
	if err := feedback.check(); err != nil {
		return "", err
	}
	now := b.options.Now()
	if !b.tally.mayAnswer(now) {
		return "", ErrTooMany
	}
	var random [12]byte
	if _, err := io.ReadFull(b.options.Random, random[:]); err != nil {
		return "", fmt.Errorf("making an id: %w", err)
	}
	feedback.ID, feedback.At, feedback.Version = hex.EncodeToString(random[:]), now.UTC(), b.options.Version
	if err := b.options.Ledger.PutFeedback(ctx, feedback, replaces); err != nil {
		if errors.Is(err, ErrTooMany) {
			return "", ErrTooMany
		}
		return "", fmt.Errorf("keeping feedback: %w", err)
	}
	return feedback.ID, nil
}
