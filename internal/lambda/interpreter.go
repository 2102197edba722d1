package lambda

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Interpreter is the program that runs the functions of a runtime.
type Interpreter struct {
	// Path of the program itself, behind any shim or link farm.
	Path string
	// Version as it reports itself, such as 3.12.1 or 20.20.2.
	Version string
	// Exact is true when the version is the one the runtime names.
	Exact bool
}

// Describe says in a few words what runs the runtime, for logs and
// configuration: "Python 3.11.7 (/usr/bin/python3.11) in place of python3.12".
func (i Interpreter) Describe(runtime string) string {
	switch language(runtime) {
	case "python":
		return i.describe("Python", runtime)
	case "nodejs":
		return i.describe("Node.js", runtime)
	}
	return "the function's own bootstrap"
}

func (i Interpreter) describe(name, runtime string) string {
	text := fmt.Sprintf("%s %s (%s)", name, i.Version, i.Path)
	if !i.Exact {
		text += " in place of " + runtime
	}
	return text
}

// Interpreters finds the programs of this machine that run Python and Node.js.
// A program that was found is remembered; one that was missing is looked for
// again, so that installing it needs no restart. The zero value with Path set
// is ready.
type Interpreters struct {
	// Path is a list of directories as in the PATH variable.
	Path string
	// Home is where version managers keep what they installed (.pyenv, .nvm);
	// empty looks into none but those Path shows.
	Home string

	mu    sync.Mutex // guards found
	found map[string]Interpreter
}

// Find answers what will run a runtime, or *ErrRuntimeMissing.
func (i *Interpreters) Find(ctx context.Context, runtime string) (Interpreter, error) {
	if language(runtime) == "provided" {
		return Interpreter{Exact: true}, nil
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	if interpreter, ok := i.found[runtime]; ok {
		return interpreter, nil
	}
	interpreter, err := i.look(ctx, runtime)
	if err != nil {
		return Interpreter{}, err
	}
	if i.found == nil {
		i.found = make(map[string]Interpreter)
	}
	i.found[runtime] = interpreter
	return interpreter, nil
}

func (i *Interpreters) look(ctx context.Context, runtime string) (Interpreter, error) {
	switch language(runtime) {
	case "python":
		wanted := strings.TrimPrefix(runtime, "python")
		if wanted != "3" && !strings.HasPrefix(wanted, "3.") {
			return Interpreter{}, &ErrRuntimeMissing{Runtime: runtime}
		}
		return i.choose(ctx, search{
			runtime: runtime, wanted: wanted, missing: "Python 3", ask: pythonVersion,
			exact: i.candidates("python"+wanted, ".pyenv/versions/"+wanted+"*/bin"),
			any:   i.candidates("python3*", ".pyenv/versions/3*/bin"),
		})
	case "nodejs":
		wanted := strings.TrimSuffix(strings.TrimPrefix(runtime, "nodejs"), ".x")
		return i.choose(ctx, search{
			runtime: runtime, wanted: wanted, missing: "Node.js", ask: nodeVersion,
			exact: i.candidates("node", ".nvm/versions/node/v"+wanted+".*/bin"),
			any:   i.candidates("node", ".nvm/versions/node/v*/bin"),
		})
	}
	return Interpreter{}, &ErrRuntimeMissing{Runtime: runtime}
}

// search is what to look for: candidates that are likely to be exact first,
// so that the common case starts one program only.
type search struct {
	runtime, wanted, missing string
	exact, any               []string
	ask                      func(ctx context.Context, path string) (Interpreter, bool)
}

func (i *Interpreters) choose(ctx context.Context, s search) (Interpreter, error) {
	var best Interpreter
	for _, path := range slices.Concat(s.exact, s.any) {
		candidate, ok := s.ask(ctx, path)
		if !ok {
			continue
		}
		if candidate.Version == s.wanted || strings.HasPrefix(candidate.Version, s.wanted+".") {
			candidate.Exact = true
			return candidate, nil
		}
		if best.Path == "" || compareVersions(candidate.Version, best.Version) > 0 {
			best = candidate
		}
	}
	if best.Path == "" {
		return Interpreter{}, &ErrRuntimeMissing{Runtime: s.runtime, Missing: s.missing}
	}
	return best, nil
}

// programName keeps python3.12 and drops python3-config, python3.12-gdb.py.
var programName = regexp.MustCompile(`^(python3(\.\d+)?|node)$`)

// candidates lists programs of a name, in the order of Path, then those that
// version managers keep, newest first.
func (i *Interpreters) candidates(name, managed string) []string {
	var paths []string
	roots := []string{}
	if i.Home != "" {
		roots = append(roots, i.Home)
	}
	for _, directory := range filepath.SplitList(i.Path) {
		if !filepath.IsAbs(directory) {
			continue
		}
		if root, ok := strings.CutSuffix(directory, "/.pyenv/shims"); ok {
			roots = append(roots, root)
			continue // a shim may name a version that is not active
		}
		paths = append(paths, programs(filepath.Join(directory, name))...)
	}
	var versions []string
	for _, root := range roots {
		versions = append(versions, programs(filepath.Join(root, managed, name))...)
	}
	slices.SortFunc(versions, func(a, b string) int { return compareVersions(b, a) })
	paths = append(paths, versions...)
	return unique(paths)
}

func programs(pattern string) []string {
	matches, err := filepath.Glob(pattern)
	if err != nil {
		return nil // a directory whose name is no pattern holds nothing for us
	}
	return slices.DeleteFunc(matches, func(path string) bool {
		info, err := os.Stat(path)
		return err != nil || info.IsDir() || info.Mode()&0o111 == 0 || !programName.MatchString(filepath.Base(path))
	})
}

// unique drops paths that lead to a program already listed.
func unique(paths []string) []string {
	seen := make(map[string]bool)
	return slices.DeleteFunc(paths, func(path string) bool {
		target, err := filepath.EvalSymlinks(path)
		if err != nil || seen[target] {
			return true
		}
		seen[target] = true
		return false
	})
}

const askTimeout = 10 * time.Second

func pythonVersion(ctx context.Context, path string) (Interpreter, bool) {
	return ask(ctx, path, "-I", "-S", "-c",
		"import sys; print(sys.executable); print('.'.join(map(str, sys.version_info[:3])))")
}

func nodeVersion(ctx context.Context, path string) (Interpreter, bool) {
	return ask(ctx, path, "-p", "process.execPath + '\\n' + process.versions.node")
}

// ask runs a program that prints its own path and version, one a line.
func ask(ctx context.Context, path string, arguments ...string) (Interpreter, bool) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	command := exec.CommandContext(ctx, path, arguments...)
	command.Env = []string{"PATH=/usr/local/bin:/usr/bin:/bin"}
	command.WaitDelay = time.Second
	output, err := command.Output()
	if err != nil {
		return Interpreter{}, false
	}
	lines := strings.Fields(string(output))
	if len(lines) != 2 || !filepath.IsAbs(lines[0]) {
		return Interpreter{}, false
	}
	return Interpreter{Path: lines[0], Version: lines[1]}, true
}

var digits = regexp.MustCompile(`\d+`)

// compareVersions compares the numbers in two texts in order: 3.12.1 > 3.9.18.
func compareVersions(a, b string) int {
	numbersA, numbersB := digits.FindAllString(a, -1), digits.FindAllString(b, -1)
	for i := range min(len(numbersA), len(numbersB)) {
		x, _ := strconv.Atoi(numbersA[i]) //nolint:errcheck // digits only; an overflow compares as the largest
		y, _ := strconv.Atoi(numbersB[i]) //nolint:errcheck // as above
		if x != y {
			return cmp.Compare(x, y)
		}
	}
	return cmp.Compare(len(numbersA), len(numbersB))
}
