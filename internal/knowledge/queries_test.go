package knowledge

import (
	"bufio"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// querySet is a file of queries, and what the search must reach over it. The floors are
// below what was measured by the few queries that a new article may cost.
type querySet struct {
	file                     string
	least                    int
	first, three, reciprocal float64
}

var querySets = []querySet{
	{file: "testdata/queries.txt", least: 150, first: 0.94, three: 0.98, reciprocal: 0.96},
	{file: "testdata/relevance.txt", least: 250, first: 0.90, three: 0.96, reciprocal: 0.94},
}

// ask is one line of a file of queries.
type ask struct {
	line  int
	first bool // the article must come first, else within the first three
	want  []string
	text  string
}

func readQueries(t *testing.T, name string) []ask {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	var asks []ask
	lines := bufio.NewScanner(file)
	for number := 1; lines.Scan(); number++ {
		line := lines.Text()
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		parts := strings.SplitN(line, " ", 3)
		if len(parts) != 3 || (parts[0] != "first" && parts[0] != "among") {
			t.Fatalf("line %d is no query: %q", number, line)
		}
		text := strings.NewReplacer(`\n`, "\n", `\t`, "\t").Replace(parts[2])
		asks = append(asks, ask{line: number, first: parts[0] == "first", want: strings.Split(parts[1], ","), text: text})
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return asks
}

// place is where the first of the wanted articles stands, from 1; 0 is nowhere.
func (a ask) place(ids []string) int {
	return slices.IndexFunc(ids, func(id string) bool { return slices.Contains(a.want, id) }) + 1
}

// Whoever has one of some seven hundred questions finds the article first. The test prints
// how often that is so, and the mean of 1/place.
func TestQueriesFindTheirArticle(t *testing.T) {
	library := load(t)
	for _, set := range querySets {
		t.Run(strings.TrimSuffix(filepath.Base(set.file), ".txt"), func(t *testing.T) {
			asks := readQueries(t, set.file)
			if len(asks) < set.least {
				t.Fatalf("%d queries, at least %d are asked for", len(asks), set.least)
			}
			set.check(t, library, asks)
		})
	}
}

func (s querySet) check(t *testing.T, library *Library, asks []ask) {
	t.Helper()
	first, three, reciprocal, good := 0, 0, 0.0, 0
	for _, a := range asks {
		ids := found(library, Query{Text: a.text})
		place := a.place(ids)
		if place == 1 {
			first++
		}
		if place > 0 && place <= 3 {
			three++
		}
		if place > 0 {
			reciprocal += 1 / float64(place)
		}
		if place == 1 || (!a.first && place > 0 && place <= 3) {
			good++
			continue
		}
		t.Logf("line %d: %.90q is at place %d of %v, want %v", a.line, a.text, place, ids[:min(4, len(ids))], a.want)
	}
	n := float64(len(asks))
	t.Logf("%d queries: first %.1f %%, within three %.1f %%, mean reciprocal rank %.3f, as wanted %d", len(asks), 100*float64(first)/n, 100*float64(three)/n, reciprocal/n, good)
	if float64(first)/n < s.first || float64(three)/n < s.three || reciprocal/n < s.reciprocal {
		t.Errorf("first %.3f, within three %.3f, reciprocal rank %.3f; the floors are %.2f, %.2f and %.2f",
			float64(first)/n, float64(three)/n, reciprocal/n, s.first, s.three, s.reciprocal)
	}
}
