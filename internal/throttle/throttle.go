// Package throttle limits rates with token buckets, as API Gateway does for accounts,
// stages, methods and usage plans: a bucket holds at most burst tokens and gains rate
// tokens a second; a request takes one or is refused.
//
// It knows no gateway: who is limited is a string. It does not queue or wait, and it
// does not count quotas (package usage does).
//
// Begin at Limiter.
package throttle

import (
	"math"
	"strconv"
	"sync"
	"time"
)

// maxBuckets bounds how many names a Limiter remembers. A name that was forgotten
// starts with a full bucket, so forgetting can only let a burst more through.
const maxBuckets = 100_000

// Limit is the size of a bucket and how fast it fills.
type Limit struct {
	Rate  float64 // requests a second
	Burst int     // requests
}

// String is the limit as people are told it: "rate 10/s burst 5".
func (l Limit) String() string {
	return "rate " + strconv.FormatFloat(l.Rate, 'g', -1, 64) + "/s burst " + strconv.Itoa(l.Burst)
}

// Decision says whether a request may pass.
type Decision struct {
	Allowed bool
	Tokens  float64       // left in the bucket
	Next    time.Duration // until a token is there, when not Allowed; negative when never
}

// Explain says what a refused request found in the bucket, and what would have let it pass.
func (d Decision) Explain() (found, wanted string) {
	found = strconv.FormatFloat(d.Tokens, 'f', 2, 64) + " tokens in the bucket"
	if d.Next < 0 {
		return found, "one token; with this limit there is never one"
	}
	return found, "one token, the next in " + d.Next.Round(time.Millisecond).String()
}

// Limiter keeps the buckets of many names. The zero value is not usable: see New.
type Limiter struct {
	now func() time.Time

	mu      sync.Mutex // guards buckets and what is in them
	buckets map[string]*bucket
}

type bucket struct {
	tokens float64
	filled time.Time
}

// New returns a Limiter that reads the time from now.
func New(now func() time.Time) *Limiter {
	return &Limiter{now: now, buckets: map[string]*bucket{}}
}

// Take takes one token from the bucket of name. A limit that changed since the last
// call holds at once.
func (l *Limiter) Take(name string, limit Limit) Decision {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	b, ok := l.buckets[name]
	if !ok {
		l.makeRoom(now)
		b = &bucket{tokens: float64(limit.Burst), filled: now}
		l.buckets[name] = b
	}
	b.fill(now, limit)
	if b.tokens >= 1 {
		b.tokens--
		return Decision{Allowed: true, Tokens: b.tokens}
	}
	return Decision{Tokens: b.tokens, Next: b.next(limit)}
}

// GiveBack returns a token that was taken by a request that another limit refused.
func (l *Limiter) GiveBack(name string, limit Limit) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if b, ok := l.buckets[name]; ok {
		b.tokens = math.Min(b.tokens+1, float64(limit.Burst))
	}
}

func (b *bucket) fill(now time.Time, limit Limit) {
	if elapsed := now.Sub(b.filled); elapsed > 0 {
		b.tokens += elapsed.Seconds() * limit.Rate
		b.filled = now
	}
	b.tokens = math.Min(b.tokens, float64(limit.Burst))
}

func (b *bucket) next(limit Limit) time.Duration {
	if limit.Rate <= 0 || limit.Burst < 1 {
		return -1
	}
	return time.Duration((1 - b.tokens) / limit.Rate * float64(time.Second))
}

const forgetAfter = time.Minute

// makeRoom forgets buckets that nobody used for a while, or any when all are in use.
func (l *Limiter) makeRoom(now time.Time) {
	if len(l.buckets) < maxBuckets {
		return
	}
	const enough = maxBuckets / 10
	removed := 0
	for name, b := range l.buckets {
		if now.Sub(b.filled) > forgetAfter {
			delete(l.buckets, name)
			removed++
		}
	}
	for name := range l.buckets {
		if removed >= enough {
			return
		}
		delete(l.buckets, name)
		removed++
	}
}
