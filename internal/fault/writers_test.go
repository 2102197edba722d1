package fault

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// writers are the functions that write a status without an error's id, and why they may.
// All others that write one call SetHelp.
var writers = map[string]string{
	"internal/dataplane/functionurl/functionurl.go write":  "the function's own answer",
	"internal/dataplane/functionurl/functionurl.go answer": "its caller, refuse, has set the id",
	"internal/wire/service.go write":                       "failure.go has set the id",
	"internal/unserved/guard.go handler":                   "the connection writes an answer with an id in place of it",
}

// TestFailuresAreWrittenWithTheirIds reads what answers requests: who writes a status is
// known, and has an error's id to write beside it.
func TestFailuresAreWrittenWithTheirIds(t *testing.T) {
	left := map[string]bool{}
	for name := range writers {
		left[name] = true
	}
	for _, folder := range []string{"dataplane", "wire", "control", "unserved"} {
		err := filepath.WalkDir(filepath.Join("..", folder), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			for _, name := range withoutId(t, path) {
				name = "internal/" + strings.TrimPrefix(filepath.ToSlash(path), "../") + " " + name
				if writers[name] == "" {
					t.Errorf("%s writes a status, and no error's id (fault.SetHelp)", name)
				}
				delete(left, name)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for name := range left {
		t.Errorf("%s writes no status any more", name)
	}
}

// withoutId are the functions of a file that write a status, other than a fixed success,
// and do not call SetHelp.
func withoutId(t *testing.T, path string) (names []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	for _, declaration := range file.Decls {
		function, ok := declaration.(*ast.FuncDecl)
		if !ok {
			continue
		}
		writes, helps := false, false
		ast.Inspect(function, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				writes = writes || writesStatus(call)
				helps = helps || isSelector(call.Fun, "fault", "SetHelp")
			}
			return true
		})
		if writes && !helps {
			names = append(names, function.Name.Name)
		}
	}
	return names
}

func writesStatus(call *ast.CallExpr) bool {
	if isSelector(call.Fun, "http", "Error") || isSelector(call.Fun, "http", "NotFound") {
		return true
	}
	selector, ok := call.Fun.(*ast.SelectorExpr)
	return ok && selector.Sel.Name == "WriteHeader" && len(call.Args) == 1 &&
		!isSelector(call.Args[0], "http", "StatusOK") && !isSelector(call.Args[0], "http", "StatusNoContent")
}
