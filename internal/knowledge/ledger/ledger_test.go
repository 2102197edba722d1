package ledger

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"gatehouse/internal/knowledge"
	"gatehouse/internal/store/jetstream"
	"gatehouse/internal/store/memory"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func at(minute int) time.Time { return time.Date(2026, 11, 23, 0, minute, 0, 0, time.UTC) }

func TestFeedbackIsKeptReplacedAndCounted(t *testing.T) {
	kept := memory.New()
	t.Cleanup(func() { _ = kept.Close() })
	ledger := &Ledger{Store: kept}
	put := func(feedback knowledge.Feedback, replaces string) {
		t.Helper()
		if err := ledger.PutFeedback(t.Context(), feedback, replaces); err != nil {
			t.Fatal(err)
		}
	}
	put(knowledge.Feedback{ID: "a", Article: "GH-R101", At: at(1)}, "")
	put(knowledge.Feedback{ID: "b", Article: "GH-R101", Reason: "missing", Text: "my case", At: at(2)}, "a")
	put(knowledge.Feedback{ID: "c", Article: "GH-L201", Helpful: true, At: at(3)}, "b") // of another article: nothing is replaced
	if err := ledger.AddCounts(t.Context(), knowledge.Counts{Searches: 2, Missed: map[string]int64{"wombat": 1}}); err != nil {
		t.Fatal(err)
	}
	counts, feedback, err := ledger.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := knowledge.Counts{Searches: 2, Missed: map[string]int64{"wombat": 1}, Helpful: map[string]int64{"GH-L201": 1}, NotHelpful: map[string]int64{"GH-R101": 1}}
	if diff := cmp.Diff(want, counts, cmp.FilterValues(func(x, y map[string]int64) bool { return len(x) == 0 && len(y) == 0 }, cmp.Ignore())); diff != "" {
		t.Error(diff)
	}
	if len(feedback) != 2 || feedback[0].ID != "c" || feedback[1].Text != "my case" {
		t.Errorf("kept %+v", feedback)
	}
}

func TestOnlyTheLatestAreKept(t *testing.T) {
	kept := memory.New()
	t.Cleanup(func() { _ = kept.Close() })
	ledger := &Ledger{Store: kept}
	for i := range knowledge.MaxFeedback + 5 {
		if err := ledger.PutFeedback(t.Context(), knowledge.Feedback{ID: fmt.Sprint(i), Article: "GH-R101", At: at(i)}, ""); err != nil {
			t.Fatal(err)
		}
	}
	counts, feedback, err := ledger.Read(t.Context())
	if err != nil || len(feedback) != knowledge.MaxFeedback || feedback[0].ID != fmt.Sprint(knowledge.MaxFeedback+4) || counts.NotHelpful["GH-R101"] != knowledge.MaxFeedback+5 {
		t.Errorf("kept %d, first %s, counted %d, %v", len(feedback), feedback[0].ID, counts.NotHelpful["GH-R101"], err)
	}
}

// The limit of a minute counts what all nodes kept, also before a restart.
func TestTooManyInAMinute(t *testing.T) {
	kept := memory.New()
	t.Cleanup(func() { _ = kept.Close() })
	put := func(node, number int, when time.Time) error {
		return (&Ledger{Store: kept}).PutFeedback(t.Context(), knowledge.Feedback{ID: fmt.Sprint(node, "-", number), Article: "GH-R101", At: when}, "")
	}
	const limit = 60
	for number := range limit {
		if err := put(number%2, number, at(1).Add(time.Duration(number)*time.Second/2)); err != nil {
			t.Fatal(err)
		}
	}
	if err := put(3, 1, at(1).Add(40*time.Second)); !errors.Is(err, knowledge.ErrTooMany) {
		t.Errorf("got %v, want %v", err, knowledge.ErrTooMany)
	}
	if err := put(3, 2, at(3)); err != nil {
		t.Error(err)
	}
}

func TestItSurvivesARestart(t *testing.T) {
	directory := t.TempDir()
	for round := range 2 {
		opened, err := jetstream.Open(t.Context(), jetstream.Config{Dir: directory})
		if err != nil {
			t.Fatal(err)
		}
		ledger := &Ledger{Store: opened}
		_, feedback, err := ledger.Read(t.Context())
		if err != nil || len(feedback) != round {
			t.Errorf("round %d: %d kept, %v", round, len(feedback), err)
		}
		if err := ledger.PutFeedback(t.Context(), knowledge.Feedback{ID: fmt.Sprint(round), Article: "GH-R101", At: at(round)}, ""); err != nil {
			t.Error(err)
		}
		if err := opened.Close(); err != nil {
			t.Error(err)
		}
	}
}
