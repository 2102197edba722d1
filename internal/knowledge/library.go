package knowledge

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"

	"gatehouse/internal/fault"
)

//go:embed articles
var articleFiles embed.FS

// Bounds of the operator's own articles.
const (
	maxOwnArticles  = 2000
	redirectsFile   = "redirects.yaml"
	articleFileName = ".md"
)

// Library is a set of articles that can be searched. It never changes.
type Library struct {
	articles  []*Article // by category, then title
	byID      map[string]*Article
	redirects map[string]string // old id → id, lower case → as written
	problems  []Problem
	// index is made by the first search: reading an article does not need it.
	index func() *index
}

// Problem is a file of the operator that was left out, and why.
type Problem struct {
	File string
	Err  error
}

// Load reads the built-in articles and over them those of own, which may be nil. An
// article of own with the id of a built-in one replaces it. A file of own that is no
// article is left out and is in Problems; a broken built-in article is an error.
func Load(own fs.FS) (*Library, error) {
	builtIn, err := fs.Sub(articleFiles, "articles")
	if err != nil {
		return nil, fmt.Errorf("opening the built-in articles: %w", err)
	}
	library := &Library{byID: map[string]*Article{}, redirects: map[string]string{}}
	if problems := library.add(builtIn, false); len(problems) > 0 {
		return nil, fmt.Errorf("reading the built-in article %s: %w", problems[0].File, problems[0].Err)
	}
	if own != nil {
		builtIn := maps.Clone(library.redirects)
		library.problems = append(library.add(own, true), library.brokenRedirects(builtIn)...)
	}
	for _, article := range library.byID {
		library.articles = append(library.articles, article)
	}
	slices.SortFunc(library.articles, func(x, y *Article) int {
		return cmp.Or(cmp.Compare(categoryOrder(x.Category), categoryOrder(y.Category)), strings.Compare(x.Title, y.Title), strings.Compare(x.ID, y.ID))
	})
	library.index = sync.OnceValue(func() *index { return newIndex(library.articles) })
	return library, nil
}

func categoryOrder(id string) int {
	return slices.IndexFunc(categories, func(c Category) bool { return c.ID == id })
}

var (
	errTooManyArticles = fmt.Errorf("there are more than %d files; the rest is left out", maxOwnArticles)
	errSameID          = errors.New("another file has the same id")
)

// add reads all Markdown files of a directory tree.
func (l *Library) add(files fs.FS, own bool) (problems []Problem) {
	seen := map[string]bool{}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			problems = append(problems, Problem{name, err})
			return nil
		}
		if len(seen) >= maxOwnArticles {
			problems = append(problems, Problem{name, errTooManyArticles})
			return fs.SkipAll
		}
		if err := l.addFile(files, entry, name, func(article *Article) error {
			article.Own = own
			if seen[strings.ToLower(article.ID)] {
				return errSameID
			}
			seen[strings.ToLower(article.ID)] = true
			return nil
		}); errors.Is(err, fs.SkipDir) {
			return fs.SkipDir
		} else if err != nil {
			problems = append(problems, Problem{name, err})
		}
		return nil
	})
	if err != nil {
		problems = append(problems, Problem{".", err})
	}
	return problems
}

func (l *Library) addFile(files fs.FS, entry fs.DirEntry, name string, accept func(*Article) error) error {
	switch {
	case strings.HasPrefix(entry.Name(), ".") && name != ".":
		if entry.IsDir() {
			return fs.SkipDir // of version control, or of a mounted volume
		}
		return nil // of an editor
	case entry.IsDir():
		return nil
	case entry.Name() == redirectsFile:
		return l.addRedirects(files, name)
	case !strings.EqualFold(path.Ext(name), articleFileName) || strings.EqualFold(entry.Name(), "README.md"):
		return nil
	}
	text, err := readBounded(files, name)
	if err != nil {
		return err
	}
	article, err := ParseArticle(text)
	if err != nil {
		return err
	}
	if err := accept(article); err != nil {
		return err
	}
	l.byID[strings.ToLower(article.ID)] = article
	return nil
}

var (
	errNoFile       = errors.New("it is, or leads to, something that is no file")
	errFileTooLarge = fmt.Errorf("the file has more than %d bytes, which is more than an article", maxArticleBytes)
)

// readBounded reads a file, or the one that a symbolic link leads to.
func readBounded(files fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(files, name)
	if err != nil {
		return nil, fmt.Errorf("reading the file: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, errNoFile
	}
	file, err := files.Open(name)
	if err != nil {
		return nil, fmt.Errorf("reading the file: %w", err)
	}
	defer func() { _ = file.Close() }() // it was only read
	text, err := io.ReadAll(io.LimitReader(file, maxArticleBytes+1))
	if err != nil {
		return nil, fmt.Errorf("reading the file: %w", err)
	}
	if len(text) > maxArticleBytes {
		return nil, errFileTooLarge
	}
	return text, nil
}

func (l *Library) addRedirects(files fs.FS, name string) error {
	text, err := readBounded(files, name)
	if err != nil {
		return err
	}
	var redirects map[string]string
	if err := yaml.Unmarshal(text, &redirects); err != nil {
		return fmt.Errorf("reading the redirects: %w", err)
	}
	for from, to := range redirects {
		l.redirects[strings.ToLower(from)] = to
	}
	return nil
}

// brokenRedirects are the redirects of the operator that no reader can follow.
func (l *Library) brokenRedirects(builtIn map[string]string) (problems []Problem) {
	for _, from := range slices.Sorted(maps.Keys(l.redirects)) {
		if l.redirects[from] == builtIn[from] {
			continue
		}
		if article, ok := l.byID[from]; ok {
			problems = append(problems, Problem{redirectsFile, fmt.Errorf("%q is the id of an article, %q, and leads nowhere else", from, article.Title)})
		} else if _, ok := l.Find(from); !ok {
			problems = append(problems, Problem{redirectsFile, fmt.Errorf("%q leads to %q, and there is no such article", from, l.redirects[from])})
		}
	}
	return problems
}

// Articles are all articles, by category and title.
func (l *Library) Articles() []*Article { return slices.Clone(l.articles) }

// InCategory are the articles of a category, by title.
func (l *Library) InCategory(id string) []*Article {
	var articles []*Article
	for _, article := range l.articles {
		if article.Category == id {
			articles = append(articles, article)
		}
	}
	return articles
}

// Problems are the operator's files that were left out.
func (l *Library) Problems() []Problem { return slices.Clone(l.problems) }

const maxRedirects = 8

// Find finds an article by its id, by an id it had before, or by the id of an error
// that it explains.
func (l *Library) Find(id string) (*Article, bool) {
	for range maxRedirects {
		if article, ok := l.byID[strings.ToLower(id)]; ok {
			return article, true
		}
		to, ok := l.redirects[strings.ToLower(id)]
		if !ok {
			break
		}
		id = to
	}
	return l.forError(id)
}

func (l *Library) forError(id string) (*Article, bool) {
	for _, article := range l.articles {
		if slices.ContainsFunc(article.Errors, func(known string) bool { return strings.EqualFold(known, id) }) {
			return article, true
		}
	}
	if entry, ok := fault.Lookup(fault.Id(strings.ToUpper(id))); ok {
		article, ok := l.byID[strings.ToLower(entry.Article)]
		return article, ok
	}
	return nil, false
}

// maxRelated is how many related articles are shown.
const maxRelated = 8

// Related are the articles that one names, and then those that name it, so that links go
// both ways.
func (l *Library) Related(article *Article) []*Article {
	var related []*Article
	add := func(other *Article) {
		if other != article && !slices.Contains(related, other) && len(related) < maxRelated {
			related = append(related, other)
		}
	}
	for _, id := range article.Related {
		if other, ok := l.Find(id); ok {
			add(other)
		}
	}
	for _, other := range l.articles {
		if slices.ContainsFunc(other.Related, func(id string) bool {
			named, ok := l.Find(id)
			return ok && named == article
		}) {
			add(other)
		}
	}
	return related
}
