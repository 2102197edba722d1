package knowledge

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Bounds of a search.
const (
	// MaxQueryBytes is how much of a query is read; a pasted log may be long.
	MaxQueryBytes  = 16 * 1024
	maxTerms       = 48
	maxHits        = 40
	excerptLetters = 190
	maxAfterExact  = 8
	// leastShare of the best article's score is what another must have to be shown.
	leastShare = 0.2
	// Above what words can give: a known text, and above it an id.
	scoreSymptom = 1000
	scoreID      = 100_000
)

// Query is what to look for.
type Query struct {
	// Text is words, an id, or a pasted log line, stack or body of an error.
	Text string
	// Category and APIType leave out other articles; empty leaves out none.
	Category, APIType string
	// Limit is how many articles to return; 0 is the most there may be.
	Limit int
}

// Hit is an article that was found.
type Hit struct {
	Article *Article
	Score   float64
	// Title is the article's, with what was looked for marked.
	Title []Fragment
	// Known is the text of the article that is in the query; empty without one.
	Known string
	// Excerpt is where it says what was looked for.
	Excerpt []Fragment
	// Exact says that the query has a text or id that the article is known by.
	Exact bool
}

// Fragment is a piece of an excerpt; Marked pieces are what was looked for.
type Fragment struct {
	Text   string
	Marked bool
}

// ExcerptText is the excerpt without marks.
func (h Hit) ExcerptText() string {
	var b strings.Builder
	for _, fragment := range h.Excerpt {
		b.WriteString(fragment.Text)
	}
	return b.String()
}

// Search finds articles, best first. The ids of errors that the query names come first,
// then articles known by a text that is in the query, then articles by their words.
func (l *Library) Search(query Query) []Hit {
	text := query.Text
	if len(text) > MaxQueryBytes {
		text = strings.ToValidUTF8(text[:MaxQueryBytes], "")
	}
	scores, marked := l.index().byWords(text)
	exact := map[int]bool{}
	known := l.index().bySymptoms(normalise(text), scores, exact)
	l.byIDs(text, scores, exact)
	var hits []Hit
	for number, score := range scores {
		article := l.index().documents[number].article
		if query.accepts(article) {
			hits = append(hits, Hit{Article: article, Score: score, Exact: exact[number], Known: known[number]})
		}
	}
	slices.SortFunc(hits, func(x, y Hit) int {
		return cmp.Or(cmp.Compare(y.Score, x.Score), strings.Compare(x.Article.ID, y.Article.ID))
	})
	limit := maxHits
	if query.Limit > 0 {
		limit = min(limit, query.Limit)
	}
	hits = hits[:min(len(hits), limit, relevantCount(hits))]
	for i := range hits {
		hits[i].Title = markedTitle(hits[i].Article.Title, marked)
		hits[i].Excerpt = l.excerpt(hits[i], marked)
	}
	return hits
}

// relevantCount leaves out the tail: what has few of the words, and most of what follows
// articles that are known by a text of the query, since a pasted log has many words.
func relevantCount(hits []Hit) int {
	exact := 0
	for _, hit := range hits {
		if hit.Exact {
			exact++
		}
	}
	if exact > 0 {
		return exact + maxAfterExact
	}
	relevant := 0
	for relevant < len(hits) && hits[relevant].Score >= leastShare*hits[0].Score {
		relevant++
	}
	return relevant
}

// Check says by name what a query filters by that does not exist.
func (q Query) Check() error {
	if _, ok := FindCategory(q.Category); q.Category != "" && !ok {
		return fmt.Errorf("there is no category %q; there are %s", q.Category, strings.Join(categoryIDs(), ", "))
	}
	if q.APIType != "" && !slices.Contains(apiTypes, q.APIType) {
		return fmt.Errorf("there is no API type %q; there are %s", q.APIType, strings.Join(apiTypes, ", "))
	}
	return nil
}

// elsewhere is how many articles the words of a query find that found none with its filters.
func (l *Library) elsewhere(query Query, found int) int {
	if found > 0 || query.Category == "" && query.APIType == "" {
		return 0
	}
	return len(l.Search(Query{Text: query.Text}))
}

func (q Query) accepts(article *Article) bool {
	if q.Category != "" && article.Category != q.Category {
		return false
	}
	return q.APIType == "" || slices.Contains(article.APITypes, q.APIType)
}

// byWords scores documents by the words of a query; marked are the terms that count.
func (ix *index) byWords(text string) (scores map[int]float64, marked map[string]bool) {
	marked = map[string]bool{}
	terms := queryTerms(text)
	scores, matched, wanted := map[int]float64{}, map[int]float64{}, 0.0
	for _, term := range terms {
		importance, found := importanceOf(term), ix.byTerm(term, marked)
		if len(found) == 0 {
			importance *= weightUnknown
		}
		wanted += importance
		for number, score := range found {
			scores[number] += importance * score
			matched[number] += importance
		}
	}
	// An article with all words comes before one that repeats some of them, and one that has
	// them side by side in what it is called before others.
	for number := range scores {
		share := matched[number] / wanted
		scores[number] *= share * (1 + weightNeighbour*ix.documents[number].neighbours(terms))
		if len(terms) > 2 && share < 0.34 {
			delete(scores, number)
		}
	}
	return scores, marked
}

// byTerm scores documents by one word of a query and what may be meant by it.
func (ix *index) byTerm(term string, marked map[string]bool) map[int]float64 {
	scores := map[int]float64{}
	for _, e := range ix.expand(term) {
		marked[e.term] = marked[e.term] || e.weight > weightSynonym
		ix.score(e, scores)
	}
	left, right, ok := ix.compound(term)
	if !ok {
		return scores
	}
	lefts, rights := map[int]float64{}, map[int]float64{}
	ix.score(expansion{left, 1}, lefts)
	ix.score(expansion{right, 1}, rights)
	for number, score := range lefts {
		if other, both := rights[number]; both {
			scores[number] = max(scores[number], score+other)
			marked[left], marked[right] = true, true
		}
	}
	return scores
}

// importanceOf is less than 1 for words that nearly every question has here.
func importanceOf(term string) float64 {
	const little, less = 0.15, 0.5
	switch term {
	case "api", "apigateway", "apigw", "gateway", "aws", "amazon", "occur":
		return little
	case "error", "issue", "problem", "fail", "failur", "work", "call", "use", "wrong", "cannot", "return", "miss", "defin", "set", "find", "found", "name":
		return less
	}
	return 1
}

// withoutAmount leaves the unit of an amount: 29s, 10mb.
func withoutAmount(term string) string {
	if versionPattern.MatchString(term) {
		return term
	}
	if unit := strings.TrimLeft(term, "0123456789"); unit != "" && len(unit) <= 3 && len(unit) < len(term) {
		return unit
	}
	return term
}

// queryTerms are the words of a query that say something, each once.
func queryTerms(text string) []string {
	var terms, all []string
	for _, w := range slices.Concat(splitWords(normalise(text)), versionsIn(text)) {
		w.term = withoutAmount(w.term)
		if !slices.Contains(all, w.term) {
			all = append(all, w.term)
			if !isStopWord(w.term) {
				terms = append(terms, w.term)
			}
		}
		if len(terms) >= maxTerms {
			break
		}
	}
	if len(terms) == 0 {
		return all
	}
	return terms
}

// bySymptoms lifts the articles that are known by a text of the query: the longer the
// text, and the fewer articles have it, the higher. It returns the best text of each.
func (ix *index) bySymptoms(normalised string, scores map[int]float64, exact map[int]bool) (known map[int]string) {
	best, known := map[int]float64{}, map[int]string{}
	letters := lettersThatSay(normalised)
	for _, s := range ix.symptoms {
		if !s.in(normalised) {
			continue
		}
		if !s.tells(letters) {
			scores[s.document] *= weightMention
			continue
		}
		if score := scoreSymptom + 10*float64(s.length)/float64(s.shared); score > best[s.document] {
			best[s.document], known[s.document] = score, s.text
		}
	}
	for number, score := range best {
		scores[number] += score
		exact[number] = true
	}
	return known
}

// lettersThatSay counts the letters of the words that say something.
func lettersThatSay(normalised string) (count int) {
	const little = 0.5
	for field := range strings.FieldsSeq(normalised) {
		if term := stem(field); !isStopWord(term) && importanceOf(term) >= little {
			count += len(field)
		}
	}
	return count
}

// markedTitle marks the words of a title that were looked for.
func markedTitle(title string, marked map[string]bool) []Fragment {
	return markWords(title, markedIn(title, marked), 0, len(title))
}

func markedIn(text string, marked map[string]bool) (found []word) {
	for _, w := range splitWords(text) {
		if marked[w.term] && !isStopWord(w.term) {
			found = append(found, w)
		}
	}
	return found
}

func (l *Library) byIDs(text string, scores map[int]float64, exact map[int]bool) {
	lift := func(id string, score float64) {
		article, ok := l.Find(id)
		if !ok {
			return
		}
		number := slices.IndexFunc(l.index().documents, func(d document) bool { return d.article == article })
		scores[number] += score
		exact[number] = true
	}
	for place, id := range errorIDsIn(text) {
		lift(id, scoreID/float64(place+1))
	}
	if trimmed := strings.TrimSpace(text); idPattern.MatchString(trimmed) {
		lift(trimmed, scoreID)
	}
}

// excerpt is the stretch of an article with most of what was looked for, or its summary
// when the query has a text or id that it is known by.
func (l *Library) excerpt(hit Hit, marked map[string]bool) []Fragment {
	number := slices.IndexFunc(l.index().documents, func(d document) bool { return d.article == hit.Article })
	body := l.index().documents[number].body
	found := markedIn(body, marked)
	if len(found) == 0 || hit.Exact {
		return []Fragment{{Text: shorten(hit.Article.Summary(), 2*excerptLetters)}}
	}
	start, end := bestWindow(body, found)
	return markWords(body, found, start, end)
}

// bestWindow finds the stretch with most different words.
func bestWindow(body string, found []word) (start, end int) {
	best, bestCount := found[0].start, 0
	for i, first := range found {
		different := map[string]bool{}
		for _, w := range found[i:] {
			if w.end > first.start+excerptLetters {
				break
			}
			different[w.term] = true
		}
		if len(different) > bestCount {
			best, bestCount = first.start, len(different)
		}
	}
	start = wordStart(body, max(0, best-excerptLetters/5))
	end = start + len(shorten(body[start:], excerptLetters+excerptLetters/5))
	return start, min(end, len(body))
}

// wordStart is the beginning of the first word at or after a place.
func wordStart(body string, at int) int {
	if at == 0 {
		return 0
	}
	space := strings.IndexByte(body[at:], ' ')
	if space < 0 || space > excerptLetters/5 {
		for at > 0 && body[at]&0xC0 == 0x80 { // not within a letter
			at--
		}
		return at
	}
	return at + space + 1
}

func markWords(body string, found []word, start, end int) []Fragment {
	var fragments []Fragment
	if start > 0 {
		fragments = append(fragments, Fragment{Text: "… "})
	}
	at := start
	for _, w := range found {
		if w.start < at || w.end > end {
			continue
		}
		if w.start > at {
			fragments = append(fragments, Fragment{Text: body[at:w.start]})
		}
		fragments = append(fragments, Fragment{Text: body[w.start:w.end], Marked: true})
		at = w.end
	}
	rest := body[min(at, end):end]
	if end < len(body) {
		rest += " …"
	}
	if rest != "" {
		fragments = append(fragments, Fragment{Text: rest})
	}
	return fragments
}

// shorten cuts a text after a word.
func shorten(text string, letters int) string {
	if len(text) <= letters {
		return text
	}
	cut := strings.LastIndexByte(text[:letters], ' ')
	if cut <= 0 {
		return strings.ToValidUTF8(text[:letters], "")
	}
	return strings.TrimRight(text[:cut], " ,;:")
}
