package main

import (
	"embed"
	"encoding/json"
	"fmt"
	"go/format"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

//go:embed models/*.json
var models embed.FS

// writeGenerated writes every service's package below the directory, and removes generated
// files that are no longer wanted.
func writeGenerated(directory string) error {
	files, err := generate()
	if err != nil {
		return err
	}
	for name, content := range files {
		path := filepath.Join(directory, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return err
		}
	}
	return removeStale(directory, files)
}

func removeStale(directory string, files map[string][]byte) error {
	for _, service := range services() {
		entries, err := os.ReadDir(filepath.Join(directory, service.name))
		if err != nil {
			return err
		}
		for _, entry := range entries {
			if _, wanted := files[service.name+"/"+entry.Name()]; wanted {
				continue
			}
			if err := os.Remove(filepath.Join(directory, service.name, entry.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// generate returns the content of every generated file by its path below internal/awsapi.
func generate() (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, service := range services() {
		facts, err := readModel(service.name)
		if err != nil {
			return nil, err
		}
		g := newGenerator(facts)
		g.markNulls(emptyIsNull[service.name])
		if err := g.generate(); err != nil {
			return nil, fmt.Errorf("generating %s: %w", service.name, err)
		}
		for name, content := range g.files {
			files[service.name+"/"+name] = content
		}
	}
	return files, nil
}

func readModel(name string) (*model, error) {
	text, err := models.ReadFile("models/" + name + ".json")
	if err != nil {
		return nil, err
	}
	var facts model
	if err := json.Unmarshal(text, &facts); err != nil {
		return nil, fmt.Errorf("reading models/%s.json: %w", name, err)
	}
	return &facts, nil
}

// generator writes the package of one service.
type generator struct {
	facts  *model
	shapes map[string]*shape
	// types are the shapes of types.go and shapes.go, by name; what belongs to one operation
	// (its input, its own output) is not among them.
	types map[string]bool
	files map[string][]byte
}

func newGenerator(facts *model) *generator {
	g := &generator{facts: facts, shapes: map[string]*shape{}, types: map[string]bool{}, files: map[string][]byte{}}
	g.addMemberEnums()
	for i := range facts.Shapes {
		g.shapes[facts.Shapes[i].Name] = &facts.Shapes[i]
	}
	return g
}

// addMemberEnums makes a shape of its own of every enumeration that a model writes at a member.
func (g *generator) addMemberEnums() {
	var added []shape
	for i := range g.facts.Shapes {
		s := &g.facts.Shapes[i]
		for j := range s.Members {
			m := &s.Members[j]
			if len(m.Enum) > 0 {
				m.Shape = strings.TrimSuffix(s.Name, "Request") + upperFirst(m.Name)
				added = append(added, shape{Name: m.Shape, Type: "string", Enum: m.Enum})
			}
		}
	}
	g.facts.Shapes = append(g.facts.Shapes, added...)
	sort.Slice(g.facts.Shapes, func(i, j int) bool { return g.facts.Shapes[i].Name < g.facts.Shapes[j].Name })
}

// markNulls marks members, "Structure.member" each.
func (g *generator) markNulls(names []string) {
	for _, name := range names {
		structure, member, _ := strings.Cut(name, ".")
		for i := range g.shapes[structure].Members {
			if m := &g.shapes[structure].Members[i]; m.Name == member {
				m.EmptyIsNull = true
			}
		}
	}
}

func (g *generator) generate() error {
	g.findTypes()
	if err := g.checkNames(); err != nil {
		return err
	}
	for i := range g.facts.Operations {
		o := &g.facts.Operations[i]
		if !o.Typed {
			continue
		}
		if err := g.write("op_"+snake(o.Name)+".go", g.operationFile(o)); err != nil {
			return err
		}
	}
	for name, text := range map[string]string{
		"types.go":      g.typesFile(),
		"errors.go":     g.errorsFile(),
		"service.go":    g.serviceFile(),
		"operations.go": g.operationsFile(),
		"shapes.go":     g.shapesFile(),
	} {
		if err := g.write(name, text); err != nil {
			return err
		}
	}
	return nil
}

// findTypes decides which shapes are shared: all but inputs, and but outputs that are named
// after their operation's response and that nothing else refers to.
func (g *generator) findTypes() {
	referred := map[string]int{}
	for _, s := range g.facts.Shapes {
		for _, m := range s.references() {
			referred[m.Shape]++
		}
	}
	own := map[string]bool{}
	outputs := map[string]int{}
	for _, o := range g.facts.Operations {
		own[o.Input] = referred[o.Input] == 0
		outputs[o.Output]++
	}
	for output, count := range outputs {
		own[output] = count == 1 && referred[output] == 0 && isResponseName(output)
	}
	for _, s := range g.facts.Shapes {
		g.types[s.Name] = !own[s.Name]
	}
}

func isResponseName(shape string) bool {
	for _, suffix := range []string{"Response", "Result", "Output"} {
		if strings.HasSuffix(shape, suffix) {
			return true
		}
	}
	return false
}

// checkNames refuses a model whose shapes would share a Go name.
func (g *generator) checkNames() error {
	seen := map[string]string{"Service": "the interface", "Unimplemented": "the refusing service", "Schema": "the tables"}
	add := func(name, owner string) error {
		if other, ok := seen[name]; ok {
			return fmt.Errorf("%s and %s would both be named %s", owner, other, name)
		}
		seen[name] = owner
		return nil
	}
	for _, s := range g.facts.Shapes {
		if g.types[s.Name] && (s.Type == "structure" || len(s.Enum) > 0) {
			if err := add(upperFirst(s.Name), "shape "+s.Name); err != nil {
				return err
			}
		}
		if len(s.Enum) == 0 {
			continue
		}
		for i, name := range constantNames(s.Enum) {
			if err := add(upperFirst(s.Name)+name, "value "+s.Enum[i]); err != nil {
				return err
			}
		}
	}
	for _, o := range g.facts.Operations {
		if !o.Typed {
			continue
		}
		if err := add(o.Name+"Input", "input of "+o.Name); err != nil {
			return err
		}
		if !g.sharedOutput(&o) {
			if err := add(o.Name+"Output", "output of "+o.Name); err != nil {
				return err
			}
		}
	}
	return nil
}

func (g *generator) sharedOutput(o *operation) bool { return o.Output != "" && g.types[o.Output] }

// outputType is the Go type an operation returns.
func (g *generator) outputType(o *operation) string {
	if g.sharedOutput(o) {
		return upperFirst(o.Output)
	}
	return o.Name + "Output"
}

func (g *generator) write(name, text string) error {
	head := fmt.Sprintf("// Code generated by awsgen from models/%s.json; DO NOT EDIT.\n\n", g.facts.Metadata.Service)
	formatted, err := format.Source([]byte(head + text))
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", name, err, text)
	}
	g.files[name] = formatted
	return nil
}
