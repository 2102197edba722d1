// Package ledger keeps the knowledge base's feedback and counts in the store, so that
// they survive a restart and several nodes add to the same numbers.
//
// It decides nothing about what is kept; package knowledge does. Begin at [Ledger].
package ledger

import (
	"context"
	"fmt"
	"slices"

	"gatehouse/internal/knowledge"
	"gatehouse/internal/store"
)

// The records belong to no account and no region.
var (
	scope    = store.Scope{Account: "gatehouse", Region: "knowledge"}
	counts   = store.NewCollection[knowledge.Counts]("Counts")
	feedback = store.NewCollection[knowledge.Feedback]("Feedback")
)

// total is the id of the one record of counts.
const total = "total"

// Ledger keeps in a store.
type Ledger struct {
	Store store.Store
}

var _ knowledge.Ledger = (*Ledger)(nil)

// PutFeedback implements knowledge.Ledger.
func (l *Ledger) PutFeedback(ctx context.Context, answer knowledge.Feedback, replaces string) error {
	return l.update(ctx, func(tx *store.Tx) error {
		kept, err := read(tx)
		if err != nil {
			return err
		}
		if !knowledge.MayKeep(kept, answer.At) {
			return knowledge.ErrTooMany
		}
		var replaced *knowledge.Feedback
		for i := range kept {
			if kept[i].ID == replaces && kept[i].Article == answer.Article {
				replaced = &kept[i]
				feedback.Delete(tx, scope, kept[i].ID)
			}
		}
		for i := knowledge.MaxFeedback - 1; i < len(kept); i++ {
			feedback.Delete(tx, scope, kept[i].ID)
		}
		if err := feedback.Put(tx, answer.Over(replaced), scope, answer.ID); err != nil {
			return fmt.Errorf("keeping feedback: %w", err)
		}
		return add(tx, knowledge.FeedbackCounts(answer, replaced))
	})
}

// AddCounts implements knowledge.Ledger.
func (l *Ledger) AddCounts(ctx context.Context, more knowledge.Counts) error {
	return l.update(ctx, func(tx *store.Tx) error { return add(tx, more) })
}

// Read implements knowledge.Ledger.
func (l *Ledger) Read(context.Context) (knowledge.Counts, []knowledge.Feedback, error) {
	view := l.Store.View()
	kept, err := read(view)
	if err != nil {
		return knowledge.Counts{}, nil, err
	}
	sum, err := sumOf(view)
	return sum, kept, err
}

func (l *Ledger) update(ctx context.Context, update func(tx *store.Tx) error) error {
	if err := l.Store.Update(ctx, update); err != nil {
		return fmt.Errorf("updating the knowledge base's ledger: %w", err)
	}
	return nil
}

// read lists the kept feedback, latest first.
func read(r store.Reader) ([]knowledge.Feedback, error) {
	kept, err := feedback.List(r, scope)
	if err != nil {
		return nil, fmt.Errorf("reading feedback: %w", err)
	}
	slices.SortStableFunc(kept, func(x, y knowledge.Feedback) int { return y.At.Compare(x.At) })
	return kept, nil
}

func sumOf(r store.Reader) (knowledge.Counts, error) {
	if !counts.Has(r, scope, total) {
		return knowledge.Counts{}, nil
	}
	sum, err := counts.Get(r, scope, total)
	if err != nil {
		return knowledge.Counts{}, fmt.Errorf("reading counts: %w", err)
	}
	return sum, nil
}

func add(tx *store.Tx, more knowledge.Counts) error {
	sum, err := sumOf(tx)
	if err != nil {
		return err
	}
	sum.Add(more)
	if err := counts.Put(tx, sum, scope, total); err != nil {
		return fmt.Errorf("keeping counts: %w", err)
	}
	return nil
}
