package openapi

import (
	"errors"
	"testing"

	"gatehouse/internal/fixture"
)

// FuzzReadRest: whatever a client sends is read or refused, and read the same way twice.
func FuzzReadRest(f *testing.F) {
	for _, archive := range fixture.All(f, "testdata/rest/*.txtar") {
		f.Add(archive.Text("definition"), "prepend")
	}
	f.Fuzz(func(t *testing.T, document, basepath string) {
		first, err := ReadRest([]byte(document), restOptions(basepath))
		var refused *Error
		if err != nil && !errors.As(err, &refused) {
			t.Fatalf("not an *Error: %v", err)
		}
		second, _ := ReadRest([]byte(document), restOptions(basepath))
		if (first == nil) != (second == nil) || first != nil && describeRest(t, first) != describeRest(t, second) {
			t.Fatal("a document is read in two ways")
		}
		if _, err := Read([]byte(document), Options{Basepath: basepath}); err != nil && !errors.As(err, &refused) {
			t.Fatalf("not an *Error: %v", err)
		}
	})
}
