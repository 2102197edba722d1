package openapi

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// FuzzReadRest: whatever a client sends is read or refused, and read the same way twice.
func FuzzReadRest(f *testing.F) {
	files, err := filepath.Glob("testdata/rest/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(definitionOf(string(content)), "prepend")
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
