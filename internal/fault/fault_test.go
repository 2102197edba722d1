package fault

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gatehouse/internal/apigw"
)

func TestRegistryIsComplete(t *testing.T) {
	form := regexp.MustCompile(`^GH-[A-Z]\d{3}$`)
	name := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	ids, names := map[Id]bool{}, map[string]bool{}
	for _, entry := range Registry() {
		if !form.MatchString(string(entry.Id)) || ids[entry.Id] {
			t.Errorf("id %q is malformed or twice in the registry", entry.Id)
		}
		if !name.MatchString(entry.Name) || names[entry.Name] {
			t.Errorf("%s: name %q is malformed or taken", entry.Id, entry.Name)
		}
		ids[entry.Id], names[entry.Name] = true, true
		_, ok := apigw.FindGatewayResponseType(entry.ResponseType)
		if isRefusal := entry.ResponseType == "" && strings.HasPrefix(string(entry.Id), "GH-C"); !ok && !isRefusal {
			t.Errorf("%s: %q is no gateway response type", entry.Id, entry.ResponseType)
		}
		if !strings.HasSuffix(entry.Sentence, ".") || !form.MatchString(entry.Article) {
			t.Errorf("%s: sentence %q, article %q", entry.Id, entry.Sentence, entry.Article)
		}
	}
	for constant, id := range declaredIds(t) {
		if !ids[id] {
			t.Errorf("%s = %s has no row in registry.go", constant, id)
		}
		delete(ids, id)
	}
	for id := range ids {
		t.Errorf("%s has a row and no constant in ids.go", id)
	}
}

// declaredIds reads the constants of ids.go.
func declaredIds(t *testing.T) map[string]Id {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "ids.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]Id{}
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok {
			literal := spec.Values[0].(*ast.BasicLit).Value
			ids[spec.Names[0].Name] = Id(strings.Trim(literal, `"`))
		}
		return true
	})
	return ids
}

func TestNewOfAnUnregisteredId(t *testing.T) {
	f := New("GH-Z999")
	if f.Id() != Unregistered || f.Found != "GH-Z999" {
		t.Errorf("got %v", f)
	}
}

// TestFaultsAreBuiltFromTheRegistry reads the whole tree: outside of this package a
// Fault is only made by New with a constant of this package.
func TestFaultsAreBuiltFromTheRegistry(t *testing.T) {
	ids := declaredIds(t)
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || filepath.Base(filepath.Dir(path)) == "fault" {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return nil // a file that does not parse fails the build, not this test
		}
		checkFile(t, path, file, ids)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func checkFile(t *testing.T, path string, file *ast.File, ids map[string]Id) {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CompositeLit:
			if isSelector(n.Type, "fault", "Fault") {
				t.Errorf("%s builds a fault.Fault without fault.New", path)
			}
		case *ast.ValueSpec:
			if isSelector(n.Type, "fault", "Fault") {
				t.Errorf("%s declares a fault.Fault without fault.New", path)
			}
		case *ast.CallExpr:
			if len(n.Args) != 1 {
				return true
			}
			if function, ok := n.Fun.(*ast.Ident); ok && function.Name == "new" && isSelector(n.Args[0], "fault", "Fault") {
				t.Errorf("%s builds a fault.Fault without fault.New", path)
			}
			if _, isText := n.Args[0].(*ast.BasicLit); isText && isSelector(n.Fun, "fault", "Id") {
				t.Errorf("%s makes an id that is none of the registry", path)
			}
			if !isSelector(n.Fun, "fault", "New") {
				return true
			}
			selector, ok := n.Args[0].(*ast.SelectorExpr)
			if !ok || ids[selector.Sel.Name] == "" {
				if _, isVariable := n.Args[0].(*ast.Ident); !isVariable {
					t.Errorf("%s calls fault.New with something that is no id of the registry", path)
				}
			}
		}
		return true
	})
}

func isSelector(expression ast.Expr, pkg, name string) bool {
	selector, ok := expression.(*ast.SelectorExpr)
	if !ok || selector.Sel.Name != name {
		return false
	}
	x, ok := selector.X.(*ast.Ident)
	return ok && x.Name == pkg
}

func TestErrorNamesWhatWasFound(t *testing.T) {
	f := New(NoRoute)
	f.Checked, f.Found, f.Nearest = "routes of prod", "GET /users/1", "GET /user/{id}"
	want := "GH-R101 no-route; checked: routes of prod; found: GET /users/1; nearest: GET /user/{id}"
	if f.Error() != want {
		t.Errorf("got  %s\nwant %s", f.Error(), want)
	}
}
