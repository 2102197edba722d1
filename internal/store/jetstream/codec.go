package jetstream

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"gatehouse/internal/store"
)

// kind says what a batch does.
type kind byte

const (
	// kindWrites puts and deletes records.
	kindWrites kind = 'w'
	// kindReset deletes everything before it.
	kindReset kind = 'r'
	// kindMove puts records as they are again, so that the messages that held them can be removed.
	kindMove kind = 'm'
)

// batch is one message of the stream: what Update wrote, and the manifest of the state it leads to.
//
// Its form: format version, kind, manifest (count and the two words of the hash, 8 bytes each, big endian), then for each write the key (length as
// uvarint, bytes) and the value (length plus one as uvarint, bytes; zero alone for a deletion).
type batch struct {
	kind     kind
	manifest store.Manifest
	writes   []store.Write
}

const (
	formatVersion = 1
	headBytes     = 2 + 3*8
)

var (
	errTruncated = errors.New("batch is cut short")
	// errLater says that a later version wrote the batch; nothing is damaged.
	errLater = errors.New("the stream of records was written by a later version of Gatehouse")
)

func (b batch) encode() []byte {
	size := headBytes
	for _, write := range b.writes {
		size += write.Key.Len() + len(write.Value) + store.WriteOverhead
	}
	out := append(make([]byte, 0, size), formatVersion, byte(b.kind))
	out = binary.BigEndian.AppendUint64(out, b.manifest.Count)
	out = binary.BigEndian.AppendUint64(out, b.manifest.Hash[0])
	out = binary.BigEndian.AppendUint64(out, b.manifest.Hash[1])
	for _, write := range b.writes {
		out = binary.AppendUvarint(out, uint64(write.Key.Len()))
		out, _ = write.Key.AppendBinary(out) // It has no error to return.
		if write.Deleted {
			out = binary.AppendUvarint(out, 0)
			continue
		}
		out = binary.AppendUvarint(out, uint64(len(write.Value))+1)
		out = append(out, write.Value...)
	}
	return out
}

// decodeBatch reads a batch. Values are copies: one record that stays must not keep the whole message in memory.
func decodeBatch(in []byte, revision uint64) (batch, error) {
	if len(in) < headBytes {
		return batch{}, errTruncated
	}
	if in[0] != formatVersion {
		return batch{}, fmt.Errorf("%w: format %d, this one reads %d", errLater, in[0], formatVersion)
	}
	if k := kind(in[1]); k != kindWrites && k != kindReset && k != kindMove {
		return batch{}, fmt.Errorf("%w: batch of kind %q", errLater, byte(k))
	}
	b := batch{kind: kind(in[1]), manifest: store.Manifest{
		Count: binary.BigEndian.Uint64(in[2:]),
		Hash:  [2]uint64{binary.BigEndian.Uint64(in[10:]), binary.BigEndian.Uint64(in[18:])},
	}}
	for in = in[headBytes:]; len(in) > 0; {
		var write store.Write
		var err error
		if write, in, err = decodeWrite(in, revision); err != nil {
			return batch{}, err
		}
		b.writes = append(b.writes, write)
	}
	return b, nil
}

// date says when the writes were stored. A batch that moves records leaves them as old as they are.
func (b batch) date(stored time.Time) {
	if b.kind != kindWrites {
		return
	}
	for i := range b.writes {
		b.writes[i].Written = stored
	}
}

func decodeWrite(in []byte, revision uint64) (store.Write, []byte, error) {
	write := store.Write{Revision: revision}
	keyBytes, in, err := decodeBytes(in, 0)
	if err != nil {
		return write, nil, err
	}
	if err := write.Key.UnmarshalBinary(keyBytes); err != nil {
		return write, nil, err
	}
	if len(in) > 0 && in[0] == 0 {
		write.Deleted = true
		return write, in[1:], nil
	}
	value, in, err := decodeBytes(in, 1)
	write.Value = bytes.Clone(value)
	return write, in, err
}

// decodeBytes reads a length, less bias, and as many bytes.
func decodeBytes(in []byte, bias uint64) (content, rest []byte, err error) {
	length, n := binary.Uvarint(in)
	if n <= 0 || length < bias || length-bias > uint64(len(in)-n) {
		return nil, nil, errTruncated
	}
	end := n + int(length-bias)
	return in[n:end], in[end:], nil
}
