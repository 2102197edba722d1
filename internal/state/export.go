package state

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"gatehouse/internal/store"
)

// Export writes the current snapshot of a store, and all its objects.
func Export(ctx context.Context, s store.Store, w io.Writer) (Summary, error) {
	e := &exporter{store: s, w: w}
	if err := e.export(ctx, s.View()); err != nil {
		return e.summary, fmt.Errorf("exporting state: %w", err)
	}
	return e.summary, nil
}

// exporter writes one document. Its first error of w stays.
type exporter struct {
	store   store.Store
	w       io.Writer
	err     error
	summary Summary
}

func (e *exporter) printf(format string, args ...any) {
	if e.err == nil {
		_, e.err = fmt.Fprintf(e.w, format, args...)
	}
}

func (e *exporter) export(ctx context.Context, view store.Snapshot) error {
	e.printf(`{"format":"%s","version":%d,"records":%d,"hash":"%s",`+"\n"+`"objects":[`, format, version, view.Len(), hashOf(view.Manifest()))
	if err := e.exportObjects(ctx, store.References(view)); err != nil {
		return err
	}
	e.printf("\n],\n\"state\":[")
	for record := range view.List(store.Key{}) {
		if err := ctx.Err(); err != nil {
			return err
		}
		e.printf("%s%s", e.separator(e.summary.Records), formatRecord(record))
		e.summary.Records++
	}
	e.printf("\n]}\n")
	return e.err
}

func (e *exporter) separator(before int) string {
	if before == 0 {
		return "\n"
	}
	return ",\n"
}

// formatRecord writes a record as one line. A value is written as JSON only if reading that gives the same bytes again.
func formatRecord(record store.Record) []byte {
	line, _ := jsontext.AppendQuote([]byte(`{"key":`), record.Key.String()) // Keys are valid UTF-8: String escapes all else.
	if compact, ok := compactJSON(record.Value); ok && bytes.Equal(compact, record.Value) {
		line = append(line, `,"value":`...)
		line = append(line, record.Value...)
	} else {
		line = fmt.Appendf(line, `,"bytes":"%s"`, base64.StdEncoding.EncodeToString(record.Value))
	}
	return append(line, '}')
}

// compactJSON is the value without white space, if it is JSON that every reader takes: no duplicate names, no broken strings.
func compactJSON(value []byte) ([]byte, bool) {
	compact := jsontext.Value(bytes.Clone(value))
	if !compact.IsValid() || compact.Compact() != nil {
		return nil, false
	}
	return compact, true
}

func (e *exporter) exportObjects(ctx context.Context, referenced map[store.Digest]bool) error {
	objects, err := e.store.ListObjects(ctx)
	if err != nil {
		return err
	}
	for _, object := range objects {
		content, err := e.store.GetObject(ctx, object.Digest)
		if errors.Is(err, store.ErrNotFound) && !referenced[object.Digest] {
			continue // Deleted since it was listed.
		}
		if err != nil {
			return err
		}
		err = e.exportObject(object.Digest, content)
		if err := errors.Join(err, content.Close()); err != nil {
			return err
		}
		delete(referenced, object.Digest)
	}
	for digest := range referenced {
		return fmt.Errorf("a record refers to object %s: %w", digest, store.ErrNotFound)
	}
	return nil
}

func (e *exporter) exportObject(digest store.Digest, content io.Reader) error {
	e.printf(`%s{"digest":"%s","content":"`, e.separator(e.summary.Objects), digest)
	if e.err != nil {
		return e.err
	}
	encoder := base64.NewEncoder(base64.StdEncoding, e.w)
	n, err := io.Copy(encoder, content)
	if err := errors.Join(err, encoder.Close()); err != nil {
		return err
	}
	e.printf(`"}`)
	e.summary.Objects++
	e.summary.ObjectBytes += n
	return e.err
}
