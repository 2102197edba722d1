package jetstream

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
)

// serverLog forwards the embedded server's log to slog, below its own levels: what matters of it, this package says itself (the server warns of every
// restart after a crash). It keeps the first complaints, which name the damaged file when a start fails.
type serverLog struct {
	log       *slog.Logger
	onFailure func(text string) // called when files cannot be written; set before the server starts

	mu         sync.Mutex // guards complaints
	complaints []string
}

// maxComplaints bounds what is kept.
const maxComplaints = 3

func (l *serverLog) write(level slog.Level, format string, args []any) {
	if l.log.Enabled(context.Background(), level) {
		l.log.Log(context.Background(), level, "nats: "+strings.TrimSpace(fmt.Sprintf(format, args...)))
	}
}

func (l *serverLog) complain(format string, args []any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.complaints) < maxComplaints {
		l.complaints = append(l.complaints, strings.TrimSpace(fmt.Sprintf(format, args...)))
	}
}

// reason is ": " and the complaints so far, or nothing.
func (l *serverLog) reason() string {
	if l == nil {
		return ""
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.complaints) == 0 {
		return ""
	}
	return ": " + strings.Join(l.complaints, "; ")
}

// Noticef implements the server's Logger.
func (l *serverLog) Noticef(format string, args ...any) { l.write(slog.LevelDebug, format, args) }

// Warnf implements the server's Logger.
func (l *serverLog) Warnf(format string, args ...any) {
	l.complain(format, args)
	l.write(slog.LevelDebug, format, args)
	l.notice(format, args)
}

// Errorf implements the server's Logger.
func (l *serverLog) Errorf(format string, args ...any) {
	l.complain(format, args)
	level := slog.LevelWarn
	if l.notice(format, args) {
		level = slog.LevelDebug // Who listens to failures tells them, once.
	}
	l.write(level, format, args)
}

// failures are what the server says when it cannot write its files: it says so in its log only, answers nothing to who waits, and writes no more.
var failures = []string{"critical write error", "failed to store a msg", "disabling jetstream", "will be disabled"}

// notice tells of a failure, and says whether it is one.
func (l *serverLog) notice(format string, args []any) bool {
	text := strings.TrimSpace(fmt.Sprintf(format, args...))
	lower := strings.ToLower(text)
	if l.onFailure == nil || !slices.ContainsFunc(failures, func(part string) bool { return strings.Contains(lower, part) }) {
		return false
	}
	l.onFailure(text)
	return true
}

// Fatalf implements the server's Logger; it must not end the process.
func (l *serverLog) Fatalf(format string, args ...any) {
	l.complain(format, args)
	l.write(slog.LevelError, format, args)
}

// Debugf implements the server's Logger; it is too much for anyone.
func (l *serverLog) Debugf(string, ...any) {}

// Tracef implements the server's Logger; it is too much for anyone.
func (l *serverLog) Tracef(string, ...any) {}
