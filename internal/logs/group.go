package logs

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"gatehouse/internal/store"
)

// Group is the record of a log group.
type Group struct {
	Name string
	// CreationTime is in milliseconds since 1970.
	CreationTime int64
	// RetentionInDays is 0 where events never expire.
	RetentionInDays int32
	Tags            map[string]string
}

// groups are the log groups, account/region/LogGroup/{name}.
var groups = store.NewCollection[Group]("LogGroup")

// Errors that Logs wraps; test with errors.Is.
var (
	ErrGroupNotFound  = errors.New("the log group does not exist")
	ErrGroupExists    = errors.New("the log group exists already")
	ErrStreamNotFound = errors.New("the log stream does not exist")
	ErrStreamExists   = errors.New("the log stream exists already")
)

func (id StreamId) scope() store.Scope { return store.Scope{Account: id.Account, Region: id.Region} }

// CreateGroup makes a log group. Errors: ErrGroupExists.
func (l *Logs) CreateGroup(ctx context.Context, id StreamId, tags map[string]string) error {
	return l.store.Update(ctx, func(tx *store.Tx) error {
		if groups.Has(tx, id.scope(), id.Group) {
			return ErrGroupExists
		}
		return groups.Put(tx, Group{Name: id.Group, CreationTime: l.milliseconds(), Tags: tags}, id.scope(), id.Group)
	})
}

// FindGroup reads a log group. What is buffered is stored first, since that may make
// the group. Errors: ErrGroupNotFound.
func (l *Logs) FindGroup(ctx context.Context, id StreamId) (Group, error) {
	if err := l.Flush(ctx); err != nil {
		return Group{}, err
	}
	group, err := groups.Get(l.store.View(), id.scope(), id.Group)
	if errors.Is(err, store.ErrNotFound) {
		return Group{}, ErrGroupNotFound
	}
	return group, err
}

// Groups lists the log groups of an account in a region, in order of names.
func (l *Logs) Groups(ctx context.Context, account, region string) ([]Group, error) {
	if err := l.Flush(ctx); err != nil {
		return nil, err
	}
	return groups.List(l.store.View(), store.Scope{Account: account, Region: region})
}

// ChangeGroup changes a log group's record. Errors: ErrGroupNotFound, that of change.
func (l *Logs) ChangeGroup(ctx context.Context, id StreamId, change func(*Group) error) error {
	return l.store.Update(ctx, func(tx *store.Tx) error {
		group, err := groups.Get(tx, id.scope(), id.Group)
		if errors.Is(err, store.ErrNotFound) {
			return ErrGroupNotFound
		}
		if err != nil {
			return err
		}
		if err := change(&group); err != nil {
			return err
		}
		return groups.Put(tx, group, id.scope(), id.Group)
	})
}

// DeleteGroup deletes a log group and all its events. Errors: ErrGroupNotFound.
func (l *Logs) DeleteGroup(ctx context.Context, id StreamId) error {
	if err := l.Flush(ctx); err != nil {
		return err
	}
	err := l.store.Update(ctx, func(tx *store.Tx) error {
		if groups.Delete(tx, id.scope(), id.Group) == 0 {
			return ErrGroupNotFound
		}
		return nil
	})
	if err != nil {
		return err
	}
	return l.deleteEntries(ctx, id.group(), KindGroupDeleted)
}

// deleteEntries tells every index that entries are gone, then deletes them.
func (l *Logs) deleteEntries(ctx context.Context, id StreamId, kind Kind) error {
	last, err := l.append(ctx, []Entry{{Header: Header{Id: id, Kind: kind, Ingestion: l.milliseconds()}}})
	if err != nil {
		return err
	}
	return l.journal.Purge(ctx, id, last)
}

// ensureGroup reads the group of a stream that something of ours writes to, which is made
// when it does not exist.
func (l *Logs) ensureGroup(ctx context.Context, id StreamId) (Group, error) {
	group, err := groups.Get(l.store.View(), id.scope(), id.Group)
	if err == nil || !errors.Is(err, store.ErrNotFound) {
		return group, err
	}
	if err := l.CreateGroup(ctx, id, nil); err != nil && !errors.Is(err, ErrGroupExists) {
		return Group{}, fmt.Errorf("making log group %s: %w", id.Group, err)
	}
	return groups.Get(l.store.View(), id.scope(), id.Group)
}

// ingestion is when what is stored now was: never before the group was made, which the clock
// may say after it was set back, and what is older than its group is not shown.
func (l *Logs) ingestion(group *Group) int64 { return max(l.milliseconds(), group.CreationTime) }

// cutoff is the timestamp before which a group's events have expired.
func (g *Group) cutoff(now time.Time) int64 {
	if g.RetentionInDays == 0 {
		return 0
	}
	return now.AddDate(0, 0, -int(g.RetentionInDays)).UnixMilli()
}

// allGroups are the groups of all accounts and regions.
func (l *Logs) allGroups() iter.Seq2[StreamId, Group] {
	return func(yield func(StreamId, Group) bool) {
		const account, region, kind = 0, 1, 2
		for record := range l.store.View().List(store.NewKey()) {
			segments := record.Key.Segments()
			if len(segments) <= kind || segments[kind] != groups.Kind() {
				continue
			}
			group, err := groups.Decode(record)
			if err == nil && !yield(StreamId{Account: segments[account], Region: segments[region], Group: group.Name}, group) {
				return
			}
		}
	}
}
