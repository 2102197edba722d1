package state_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gatehouse/internal/state"
	"gatehouse/internal/store"
	"gatehouse/internal/store/jetstream"
	"gatehouse/internal/store/memory"
)

var ctx = context.Background()

// sample is a store with records of JSON, of white space, of bytes that are no JSON, and two objects.
func sample(t *testing.T) *memory.Store {
	t.Helper()
	s := memory.New()
	code, err := s.PutObject(ctx, strings.NewReader("function code"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.PutObject(ctx, bytes.NewReader(nil)); err != nil {
		t.Fatal(err)
	}
	err = s.Update(ctx, func(tx *store.Tx) error {
		tx.Put(store.NewKey("000000000000", "us-east-1", "RestApi", "a1"), []byte(`{"name":"pets","n":1.50,"escaped":"\u0041/é"}`))
		tx.Put(store.NewKey("000000000000", "us-east-1", "BasePathMapping", "api.example.com", "(none)"), []byte(`{ "spaced": true }`))
		tx.Put(store.NewKey("000000000000", "", "Function", "f"), []byte(`{"code":"`+string(code)+`"}`))
		tx.Put(store.NewKey("raw", "a/b", ""), []byte{0, 0xff, '{'})
		tx.Put(store.NewKey("empty"), nil)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func export(t *testing.T, s store.Store) string {
	t.Helper()
	var out strings.Builder
	if _, err := state.Export(ctx, s, &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

const sampleExport = `{"format":"gatehouse-state","version":1,"records":5,"hash":"HASH",
"objects":[
{"digest":"sha256:ce182d715b42b27f1babf8b4196cd4f8c900ca6593a4293d455d1e5e2296ebee","content":"ZnVuY3Rpb24gY29kZQ=="},
{"digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","content":""}
],
"state":[
{"key":"000000000000/%/Function/f","value":{"code":"sha256:ce182d715b42b27f1babf8b4196cd4f8c900ca6593a4293d455d1e5e2296ebee"}},
{"key":"000000000000/us-east-1/BasePathMapping/api.example.com/%28none%29","bytes":"eyAic3BhY2VkIjogdHJ1ZSB9"},
{"key":"000000000000/us-east-1/RestApi/a1","value":{"name":"pets","n":1.50,"escaped":"\u0041/é"}},
{"key":"empty","bytes":""},
{"key":"raw/a%2Fb/%","bytes":"AP97"}
]}
`

func TestExport(t *testing.T) {
	got := export(t, sample(t))
	_, rest, _ := strings.Cut(got, `"hash":"`)
	hash, _, _ := strings.Cut(rest, `"`)
	if diff := cmp.Diff(strings.Replace(sampleExport, "HASH", hash, 1), got); diff != "" {
		t.Errorf("export (-want +got):\n%s", diff)
	}
}

// TestRoundTrip exports, imports into another kind of store, and exports the same again.
func TestRoundTrip(t *testing.T) {
	first := export(t, sample(t))
	s, err := jetstream.Open(ctx, jetstream.Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	summary, err := state.Import(ctx, s, strings.NewReader(first))
	if err != nil || summary != (state.Summary{Records: 5, Objects: 2, ObjectBytes: 13}) {
		t.Fatalf("Import: %+v, %v", summary, err)
	}
	if diff := cmp.Diff(first, export(t, s)); diff != "" {
		t.Errorf("second export (-first +second):\n%s", diff)
	}
	if _, err := state.Import(ctx, s, strings.NewReader(first)); !errors.Is(err, state.ErrNotEmpty) {
		t.Errorf("second import: %v, want ErrNotEmpty", err)
	}
}

// TestAnyRecord takes any key and any value there and back.
func TestAnyRecord(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		records := rapid.MapOf(rapid.StringN(0, 8, -1), rapid.OneOf(
			rapid.SliceOfN(rapid.Byte(), 0, 20),
			rapid.SampledFrom([][]byte{[]byte(`{}`), []byte(`[1, 2]`), []byte(`"\ud800"`), []byte(`1e400`), []byte(`{"a":1,"a":2}`), []byte("null\n")}),
		)).Draw(r, "records")
		s, again := memory.New(), memory.New()
		err := s.Update(ctx, func(tx *store.Tx) error {
			for id, value := range records {
				tx.Put(store.NewKey("k", id), value)
			}
			return nil
		})
		if err != nil {
			r.Fatal(err)
		}
		document := export(t, s)
		if _, err := state.Import(ctx, again, strings.NewReader(document)); err != nil {
			r.Fatalf("%v\n%s", err, document)
		}
		if s.View().Manifest() != again.View().Manifest() {
			r.Fatalf("%v, want %v\n%s", again.View().Manifest(), s.View().Manifest(), document)
		}
	})
}

// TestLargeState is imported in several batches.
func TestLargeState(t *testing.T) {
	s, again := memory.New(), memory.New()
	value := append(append([]byte{'"'}, bytes.Repeat([]byte("x"), 3<<20)...), '"')
	for _, id := range []string{"a", "b", "c", "d"} {
		if err := s.Update(ctx, func(tx *store.Tx) error { tx.Put(store.NewKey(id), value); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := state.Import(ctx, again, strings.NewReader(export(t, s))); err != nil {
		t.Fatal(err)
	}
	if s.View().Manifest() != again.View().Manifest() || again.View().Revision() != 2 {
		t.Errorf("imported %v in %d batches, want %v in 2", again.View().Manifest(), again.View().Revision(), s.View().Manifest())
	}
}

// TestBadDocument refuses what was changed, and leaves the store empty.
func TestBadDocument(t *testing.T) {
	good := export(t, sample(t))
	tests := []struct {
		name, document string
		want           error
	}{
		{"empty", "", state.ErrIncomplete},
		{"no JSON", "hello", state.ErrFormat},
		{"other JSON", `{"Resources":{}}`, state.ErrFormat},
		{"array", `[]`, state.ErrFormat},
		{"later version", strings.Replace(good, `"version":1`, `"version":2`, 1), state.ErrFormat},
		{"cut", good[:len(good)-40], state.ErrIncomplete},
		{"two documents", good + good, state.ErrFormat},
		{"changed value", strings.Replace(good, "pets", "cats", 1), state.ErrIncomplete},
		{"changed object", strings.Replace(good, "ZnVu", "ZnVv", 1), state.ErrIncomplete},
		{"changed key", strings.Replace(good, "raw/", "row/", 1), state.ErrIncomplete},
		{"bad base64", strings.Replace(good, "AP97", "****", 1), state.ErrIncomplete},
		{"record dropped", strings.Replace(good, `{"key":"empty","bytes":""},`+"\n", "", 1), state.ErrIncomplete},
		{"unknown member", strings.Replace(good, `"bytes":""`, `"bits":""`, 1), state.ErrFormat},
	}
	for _, tt := range tests {
		s := memory.New()
		if _, err := state.Import(ctx, s, strings.NewReader(tt.document)); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
		objects, err := s.ListObjects(ctx)
		if err != nil || len(objects) != 0 || s.View().Len() != 0 {
			t.Errorf("%s: left %d records and %d objects, %v", tt.name, s.View().Len(), len(objects), err)
		}
	}
}

// TestMissingObject names the object that a record needs.
func TestMissingObject(t *testing.T) {
	s := memory.New()
	digest := store.DigestOf([32]byte{7})
	if err := s.Update(ctx, func(tx *store.Tx) error { tx.Put(store.NewKey("f"), []byte(`"`+digest+`"`)); return nil }); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if _, err := state.Export(ctx, s, &out); !errors.Is(err, store.ErrNotFound) || !strings.Contains(err.Error(), string(digest)) {
		t.Errorf("Export: %v, want ErrNotFound of %s", err, digest)
	}
}

// busyStore is written to by someone else just before each update.
type busyStore struct{ *memory.Store }

func (s busyStore) Update(ctx context.Context, update func(tx *store.Tx) error) error {
	other := func(tx *store.Tx) error { tx.Put(store.NewKey("other"), nil); return nil }
	return errors.Join(s.Store.Update(ctx, other), s.Store.Update(ctx, update))
}

// TestImportMeetsWriter leaves alone what another wrote during the import.
func TestImportMeetsWriter(t *testing.T) {
	s := memory.New()
	if _, err := state.Import(ctx, busyStore{s}, strings.NewReader(export(t, sample(t)))); !errors.Is(err, state.ErrNotEmpty) {
		t.Errorf("Import: %v, want ErrNotEmpty", err)
	}
	if _, ok := s.View().Get(store.NewKey("other")); !ok || s.View().Len() != 1 {
		t.Errorf("%d records after the import, want the one of the other writer", s.View().Len())
	}
}
