package knowledge

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// Bounds of what readers leave behind. What is above them is refused or pushes out what
// is oldest or rarest.
const (
	// MaxFeedbackText is the length of a comment in letters, as browsers count them.
	MaxFeedbackText = 4000
	// MaxFeedback is how many votes with a reason or text are kept.
	MaxFeedback = 500
	// MaxMissed is how many different searches without result are kept.
	MaxMissed         = 500
	maxMissedBytes    = 120
	maxMissedWord     = 24
	maxFeedbackMinute = 60
)

// Reasons why an article did not help, in the order of the form.
func Reasons() []Reason {
	return []Reason{
		{"inaccurate", "Something in it is wrong"},
		{"missing", "It does not have my case"},
		{"hard", "It is hard to follow"},
		{"outdated", "It is out of date"},
		{"other", "Something else"},
	}
}

// Reason is why an article did not help.
type Reason struct{ ID, Text string }

// Feedback is one reader's answer to "Did this article help?".
type Feedback struct {
	// ID is random; a reader's later answer replaces the one it names.
	ID      string `json:"id"`
	Article string `json:"article"`
	Helpful bool   `json:"helpful"`
	Reason  string `json:"reason,omitempty"`
	Text    string `json:"text,omitempty"`
	// Version of Gatehouse that showed the article.
	Version string    `json:"version,omitempty"`
	At      time.Time `json:"at"`
}

// Counts are numbers for editors. Counts can be added to one another.
type Counts struct {
	// Views, Helpful and NotHelpful are by id of article.
	Views      map[string]int64 `json:"views,omitempty"`
	Helpful    map[string]int64 `json:"helpful,omitempty"`
	NotHelpful map[string]int64 `json:"notHelpful,omitempty"`
	// Searches is how many there were, Missed those without result by their words.
	Searches int64            `json:"searches,omitempty"`
	Missed   map[string]int64 `json:"missed,omitempty"`
}

// Add adds other to the counts and keeps them within their bounds.
func (c *Counts) Add(other Counts) {
	c.Views = addCounts(c.Views, other.Views)
	c.Helpful = addCounts(c.Helpful, other.Helpful)
	c.NotHelpful = addCounts(c.NotHelpful, other.NotHelpful)
	c.Missed = addCounts(c.Missed, other.Missed)
	c.Searches += other.Searches
	c.bound()
}

// addCounts is a new map, so that nobody who reads the old one is disturbed.
func addCounts(to, from map[string]int64) map[string]int64 {
	sum := make(map[string]int64, len(to)+len(from))
	maps.Copy(sum, to)
	for key, n := range from {
		if sum[key] += n; sum[key] <= 0 {
			delete(sum, key)
		}
	}
	return sum
}

// bound drops the rarest searches without result.
func (c *Counts) bound() {
	if len(c.Missed) <= MaxMissed {
		return
	}
	for _, query := range byCount(c.Missed)[MaxMissed:] {
		delete(c.Missed, query)
	}
}

// byCount are the keys, the highest count first.
func byCount(counts map[string]int64) []string {
	keys := slices.Sorted(maps.Keys(counts))
	slices.SortStableFunc(keys, func(x, y string) int { return int(max(-1, min(1, counts[y]-counts[x]))) })
	return keys
}

// Ledger keeps feedback and counts.
type Ledger interface {
	// PutFeedback keeps an answer, in place of the one with the id replaces if that is
	// kept, and counts it. It keeps at most MaxFeedback, the latest, and answers
	// ErrTooMany when MayKeep refuses.
	PutFeedback(ctx context.Context, feedback Feedback, replaces string) error
	// AddCounts adds to the counts.
	AddCounts(ctx context.Context, counts Counts) error
	// Read returns the counts and the kept feedback, latest first.
	Read(ctx context.Context) (Counts, []Feedback, error)
}

// Over is the answer with what the one it replaces said, if the reader only voted the same
// again.
func (f Feedback) Over(replaced *Feedback) Feedback {
	if replaced != nil && replaced.Helpful == f.Helpful && f.Reason == "" && f.Text == "" {
		f.Reason, f.Text = replaced.Reason, replaced.Text
	}
	return f
}

// FeedbackCounts is what keeping an answer does to the counts; replaced is the one it
// takes the place of, or nil.
func FeedbackCounts(feedback Feedback, replaced *Feedback) Counts {
	counts := Counts{Helpful: map[string]int64{}, NotHelpful: map[string]int64{}}
	count := func(f Feedback, n int64) {
		if f.Helpful {
			counts.Helpful[f.Article] += n
		} else {
			counts.NotHelpful[f.Article] += n
		}
	}
	count(feedback, 1)
	if replaced != nil {
		count(*replaced, -1)
	}
	return counts
}

// memoryLedger keeps everything until the process ends.
type memoryLedger struct {
	mu       sync.Mutex // guards the fields below
	counts   Counts
	feedback []Feedback // latest first
}

// PutFeedback implements Ledger.
func (m *memoryLedger) PutFeedback(_ context.Context, feedback Feedback, replaces string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !MayKeep(m.feedback, feedback.At) {
		return ErrTooMany
	}
	var replaced *Feedback
	if i := slices.IndexFunc(m.feedback, func(f Feedback) bool { return f.ID == replaces && f.Article == feedback.Article }); i >= 0 && replaces != "" {
		was := m.feedback[i]
		replaced = &was
		m.feedback = slices.Delete(m.feedback, i, i+1)
	}
	m.counts.Add(FeedbackCounts(feedback, replaced))
	m.feedback = slices.Insert(m.feedback, 0, feedback.Over(replaced))
	m.feedback = m.feedback[:min(len(m.feedback), MaxFeedback)]
	return nil
}

// AddCounts implements Ledger.
func (m *memoryLedger) AddCounts(_ context.Context, counts Counts) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.counts.Add(counts)
	return nil
}

// Read implements Ledger.
func (m *memoryLedger) Read(context.Context) (Counts, []Feedback, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var counts Counts
	counts.Add(m.counts)
	return counts, slices.Clone(m.feedback), nil
}

// tally counts in memory what Base.flush hands to the ledger, so that a page view writes
// nothing.
type tally struct {
	mu      sync.Mutex // guards the fields below
	counts  Counts
	minute  time.Time
	answers int
}

func (t *tally) view(article string) {
	t.add(Counts{Views: map[string]int64{article: 1}})
}

// search counts a search; words of it are kept only when nothing was found.
func (t *tally) search(text string, found int) {
	counts := Counts{Searches: 1}
	if words := missedWords(text); found == 0 && words != "" {
		counts.Missed = map[string]int64{words: 1}
	}
	t.add(counts)
}

func (t *tally) add(counts Counts) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.counts.Add(counts)
}

func (t *tally) take() (counts Counts, any bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	counts, t.counts = t.counts, Counts{}
	return counts, counts.Searches > 0 || len(counts.Views) > 0
}

// mayAnswer says whether this process hands another answer to the ledger in this minute. The
// ledger counts what is kept, for all nodes; this spares it the work, and counts answers
// that replace one another too.
func (t *tally) mayAnswer(now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if minute := now.Truncate(time.Minute); !minute.Equal(t.minute) {
		t.minute, t.answers = minute, 0
	}
	t.answers++
	return t.answers <= maxFeedbackMinute
}

// missedWords is what is kept of a search: words alone, nothing long or with digits in it
// that could be a secret.
func missedWords(text string) string {
	var words []string
	length := 0
	for field := range strings.FieldsSeq(normalise(text)) {
		if len(field) > maxMissedWord || (strings.ContainsAny(field, "0123456789") && !isStatusCode(field)) {
			continue
		}
		if length += len(field) + 1; length > maxMissedBytes {
			break
		}
		words = append(words, field)
	}
	return strings.Join(words, " ")
}

// ErrTooMany refuses an answer because there were too many within a minute.
var ErrTooMany = errors.New("too many answers in this minute; please try again in the next")

// MayKeep says whether one more answer is kept at a time, given those that are kept: at
// most 60 within a minute, by all nodes together and over restarts.
func MayKeep(kept []Feedback, at time.Time) bool {
	recent := 0
	for _, answer := range kept {
		if at.Sub(answer.At).Abs() < time.Minute { // clocks of nodes differ
			recent++
		}
	}
	return recent < maxFeedbackMinute
}

// Errors of an answer that is not taken.
var (
	errTooLong     = fmt.Errorf("the text is longer than %d letters", MaxFeedbackText)
	errReason      = errors.New("the reason is none of those offered")
	errNoAnswer    = errors.New("helpful must be true or false")
	errNoArticle   = errors.New("there is no such article")
	errNotReadable = errors.New(`the body must be JSON with the members "helpful", "reason", "text" and "replaces" alone`)
)

func (f *Feedback) check() error {
	if utf8.RuneCountInString(f.Text) > MaxFeedbackText {
		return errTooLong
	}
	if f.Reason != "" && !slices.ContainsFunc(Reasons(), func(r Reason) bool { return r.ID == f.Reason }) {
		return errReason
	}
	return nil
}
