package jetstream

import (
	"context"
	"errors"
	"fmt"
	"io"

	"gatehouse/internal/store"
)

// Report is what Check found.
type Report struct {
	// Revision is the last revision of the stream.
	Revision uint64
	// Records is their number, and RecordBytes the size of their keys and values.
	Records     int
	RecordBytes int
	// Objects is their number, and ObjectBytes their size.
	Objects     int
	ObjectBytes uint64
	// Loose is the number of objects that no record refers to; a sweep deletes them when they are old.
	Loose int
	// Problems are what is wrong, one sentence each, naming the record or object. Empty is well.
	Problems []string
}

// Check reads everything that is stored again, records and objects, and compares it with what was written: the stream with its manifest, the image with
// the stream, each object with its digest. The error says that the check itself failed; damage is in the Report.
func (s *Store) Check(ctx context.Context) (Report, error) {
	if s.closing.Err() != nil {
		return Report{}, store.ErrClosed
	}
	report := Report{Revision: s.View().Revision(), Records: s.View().Len()}
	if err := s.checkRecords(ctx, &report); err != nil {
		return report, fmt.Errorf("checking records: %w", err)
	}
	if err := s.checkObjects(ctx, &report); err != nil {
		return report, fmt.Errorf("checking objects: %w", err)
	}
	return report, nil
}

// checkRecords builds a second image and compares.
func (s *Store) checkRecords(ctx context.Context, report *Report) error {
	if err := s.begin(ctx); err != nil { // Writers of this process wait; those of others are seen as such.
		return err
	}
	defer s.end()
	view := s.View()
	again := newFollower(&Store{config: s.config, log: s.log, conn: s.conn, js: s.js, stream: s.stream, stopping: s.stopping, embedded: s.embedded})
	defer again.drop()
	err := again.readAllTwice(ctx)
	if isDamage(err) {
		again.lenient = true
		err = again.readAll(ctx)
	}
	if err != nil {
		return err
	}
	report.Problems = append(report.Problems, again.problems...)
	for record := range view.List(store.Key{}) {
		report.RecordBytes += record.Key.Len() + len(record.Value)
		stored, ok := again.work.Get(record.Key)
		switch {
		case !ok:
			report.Problems = append(report.Problems, fmt.Sprintf("record %s, revision %d, is lost", record.Key, record.Revision))
		case string(stored.Value) != string(record.Value) && stored.Revision == record.Revision:
			report.Problems = append(report.Problems, fmt.Sprintf("record %s, revision %d, was changed", record.Key, record.Revision))
		}
	}
	return nil
}

func (s *Store) checkObjects(ctx context.Context, report *Report) error {
	objects, err := s.ListObjects(ctx)
	if err != nil {
		return err
	}
	missing := store.References(s.View())
	for _, object := range objects {
		report.Objects++
		report.ObjectBytes += object.Size
		if !missing[object.Digest] {
			report.Loose++
		}
		delete(missing, object.Digest)
		if err := s.checkObject(ctx, object); err != nil {
			report.Problems = append(report.Problems, err.Error())
		}
	}
	for digest := range missing {
		report.Problems = append(report.Problems, fmt.Sprintf("object %s, which a record refers to, is missing", digest))
	}
	return nil
}

func (s *Store) checkObject(ctx context.Context, object store.Object) error {
	content, err := s.GetObject(ctx, object.Digest)
	if errors.Is(err, store.ErrNotFound) {
		return nil // Deleted since it was listed.
	}
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }()
	if _, err := io.Copy(io.Discard, content); err != nil {
		return fmt.Errorf("checking object %s: %w", object.Digest, err)
	}
	return nil
}
