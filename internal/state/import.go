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

// importBytes bounds a batch of records; a state that is smaller appears at one moment, a larger one in steps.
const importBytes = store.MaxBatchBytes

// Import reads a document into an empty store. It checks the whole document before it writes the first record; when writing fails, it leaves the store
// empty. Errors: ErrNotEmpty, ErrFormat, ErrIncomplete, and those of the store.
func Import(ctx context.Context, s store.Store, r io.Reader) (Summary, error) {
	if err := checkEmpty(s.View()); err != nil {
		return Summary{}, fmt.Errorf("importing state: %w", err)
	}
	i := &importer{decoder: jsontext.NewDecoder(r), object: func(content []byte) (store.Digest, error) {
		return s.PutObject(ctx, bytes.NewReader(content))
	}}
	err := i.read()
	if err == nil {
		err = commit(ctx, s, i.writes)
	}
	if errors.Is(err, ErrNotEmpty) { // Others wrote meanwhile; what is there is theirs.
		return i.summary, fmt.Errorf("importing state: %w", err)
	}
	if err != nil {
		return i.summary, errors.Join(fmt.Errorf("importing state: %w", err), s.Reset(context.WithoutCancel(ctx)))
	}
	return i.summary, nil
}

func checkEmpty(view store.Snapshot) error {
	if view.Len() > 0 {
		return fmt.Errorf("%w: it holds %d records", ErrNotEmpty, view.Len())
	}
	return nil
}

// commit writes records in as few batches as possible.
func commit(ctx context.Context, s store.Store, writes []store.Write) error {
	for first := true; len(writes) > 0; first = false {
		n := nextBatch(writes)
		err := s.Update(ctx, func(tx *store.Tx) error {
			if err := checkEmpty(tx.Base()); first && err != nil {
				return err
			}
			for _, write := range writes[:n] {
				tx.Put(write.Key, write.Value)
			}
			return nil
		})
		if err != nil {
			return err
		}
		writes = writes[n:]
	}
	return nil
}

// nextBatch is how many of the writes go into one batch.
func nextBatch(writes []store.Write) int {
	size := 0
	for n, write := range writes {
		size += write.Key.Len() + len(write.Value) + store.WriteOverhead
		if n > 0 && (size > importBytes || n == store.MaxBatchWrites) {
			return n
		}
	}
	return len(writes)
}

// importer reads one document.
type importer struct {
	decoder *jsontext.Decoder
	object  func(content []byte) (store.Digest, error)
	head    head
	writes  []store.Write
	summary Summary
}

// read reads the document to its end and compares the records with the head.
func (i *importer) read() error {
	if err := i.members(i.readMember); err != nil {
		return i.explain(err)
	}
	if _, err := i.decoder.ReadToken(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: something follows the document", ErrFormat)
	}
	if i.head.format != format || i.head.version != version {
		return fmt.Errorf("%w: format %q, version %d", ErrFormat, i.head.format, i.head.version)
	}
	snapshot := store.Snapshot{}.Apply(0, i.writes...)
	if int64(len(i.writes)) != i.head.records || hashOf(snapshot.Manifest()) != i.head.hash {
		return fmt.Errorf("%w: %d records with hash %s, exported were %d with hash %s", ErrIncomplete,
			len(i.writes), hashOf(snapshot.Manifest()), i.head.records, i.head.hash)
	}
	i.summary.Records = len(i.writes)
	return nil
}

// explain calls a syntax error what it means to the user.
func (i *importer) explain(err error) error {
	var syntax *jsontext.SyntacticError
	switch {
	case errors.As(err, &syntax) && i.head.format != format:
		return fmt.Errorf("%w: %w", ErrFormat, err)
	case errors.As(err, &syntax), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return fmt.Errorf("%w: %w", ErrIncomplete, err)
	}
	return err
}

// members reads an object and calls read for each of its members, with the decoder at the value.
func (i *importer) members(read func(name string) error) error {
	if err := i.expect('{'); err != nil {
		return err
	}
	for i.decoder.PeekKind() != '}' {
		name, err := i.decoder.ReadToken()
		if err != nil {
			return err
		}
		if err := read(name.String()); err != nil {
			return err
		}
	}
	return i.expect('}')
}

// elements reads an array of objects and calls read for each.
func (i *importer) elements(read func() error) error {
	if err := i.expect('['); err != nil {
		return err
	}
	for i.decoder.PeekKind() == '{' {
		if err := read(); err != nil {
			return err
		}
	}
	return i.expect(']')
}

func (i *importer) expect(kind jsontext.Kind) error {
	token, err := i.decoder.ReadToken()
	if err != nil {
		return err
	}
	if token.Kind() != kind {
		return fmt.Errorf("%w: %v in place of %v", ErrFormat, token.Kind(), kind)
	}
	return nil
}

func (i *importer) readMember(name string) (err error) {
	switch name {
	case "format":
		i.head.format, err = i.readString()
	case "hash":
		i.head.hash, err = i.readString()
	case "version":
		i.head.version, err = i.readInt()
	case "records":
		i.head.records, err = i.readInt()
	case "objects":
		err = i.elements(i.readObject)
	case "state":
		err = i.elements(i.readRecord)
	default:
		err = fmt.Errorf("%w: unknown member %q", ErrFormat, name)
	}
	return err
}

func (i *importer) readString() (string, error) {
	token, err := i.decoder.ReadToken()
	if err != nil {
		return "", err
	}
	if token.Kind() != '"' {
		return "", fmt.Errorf("%w: %v in place of a string", ErrFormat, token.Kind())
	}
	return token.String(), nil
}

func (i *importer) readInt() (int64, error) {
	token, err := i.decoder.ReadToken()
	if err != nil {
		return 0, err
	}
	if token.Kind() != '0' {
		return 0, fmt.Errorf("%w: %v in place of a number", ErrFormat, token.Kind())
	}
	n, err := token.Int()
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	return n, nil
}

func (i *importer) readBytes() ([]byte, error) {
	text, err := i.readString()
	if err != nil {
		return nil, err
	}
	content, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrIncomplete, err)
	}
	return content, nil
}

func (i *importer) readObject() error {
	var digest string
	var content []byte
	err := i.members(func(name string) (err error) {
		switch name {
		case "digest":
			digest, err = i.readString()
		case "content":
			content, err = i.readBytes()
		default:
			err = fmt.Errorf("%w: unknown member %q of an object", ErrFormat, name)
		}
		return err
	})
	if err != nil {
		return err
	}
	got, err := i.object(content)
	if err != nil {
		return err
	}
	if string(got) != digest {
		return fmt.Errorf("%w: object %s has digest %s", ErrIncomplete, digest, got)
	}
	i.summary.Objects++
	i.summary.ObjectBytes += int64(len(content))
	return nil
}

func (i *importer) readRecord() error {
	var write store.Write
	err := i.members(func(name string) (err error) {
		switch name {
		case "key":
			write.Key, err = i.readKey()
		case "value":
			write.Value, err = i.readJSON()
		case "bytes":
			write.Value, err = i.readBytes()
		default:
			err = fmt.Errorf("%w: unknown member %q of a record", ErrFormat, name)
		}
		return err
	})
	i.writes = append(i.writes, write)
	return err
}

func (i *importer) readKey() (store.Key, error) {
	text, err := i.readString()
	if err != nil {
		return store.Key{}, err
	}
	key, err := store.ParseKey(text)
	if err != nil {
		return key, fmt.Errorf("%w: %w", ErrIncomplete, err)
	}
	return key, nil
}

func (i *importer) readJSON() ([]byte, error) {
	value, err := i.decoder.ReadValue()
	if err != nil {
		return nil, err
	}
	value = bytes.Clone(value)
	if err := value.Compact(); err != nil {
		return nil, err
	}
	return value, nil
}
