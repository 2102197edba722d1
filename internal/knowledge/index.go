package knowledge

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// field is a part of an article, with its own weight.
type field int

const (
	fieldTitle field = iota
	fieldSymptoms
	fieldSections
	fieldBody
	fieldAside
	fieldCount
)

// weights say how much a word counts by where it stands.
var weights = [fieldCount]float64{fieldTitle: 3, fieldSymptoms: 2.8, fieldSections: 1.5, fieldBody: 0.7, fieldAside: 0.3}

// How much a word that is not exactly the one looked for counts.
const (
	weightPrefix  = 0.7
	weightTypo    = 0.45
	weightSynonym = 0.25
	// weightUnknown is how much a word that no article has counts against all of them.
	weightUnknown = 0.25
	// weightMention is for a symptom of a few words among many others.
	weightMention = 1.6
	// weightNeighbour is what it adds when words that follow one another in the query do so
	// in a title, symptom or heading.
	weightNeighbour = 0.6
)

// BM25's usual constants: how soon repeating a word stops to count, and how much a long
// field is held against it.
const (
	saturation   = 1.2
	lengthEffect = 0.8
)

// index finds articles by words.
type index struct {
	documents  []document
	postings   map[string][]posting
	vocabulary []string // sorted
	average    [fieldCount]float64
	symptoms   []symptom
}

type document struct {
	article *Article
	body    string // plain text without headings and asides, for excerpts
	lengths [fieldCount]int
	pairs   map[[2]string]bool // words that follow one another in titles, symptoms and headings
}

// neighbours is the share of the words that follow one another in a query which do so in
// what the article is called.
func (d *document) neighbours(terms []string) float64 {
	if len(terms) < 2 {
		return 0
	}
	count := 0
	for i := range terms[1:] {
		if d.pairs[[2]string{terms[i], terms[i+1]}] {
			count++
		}
	}
	return float64(count) / float64(len(terms)-1)
}

func (d *document) addPairs(text string) {
	previous := ""
	for _, w := range splitWords(text) {
		if isStopWord(w.term) {
			continue
		}
		if previous != "" {
			d.pairs[[2]string{previous, w.term}] = true
		}
		previous = w.term
	}
}

// posting says how often a term is in each field of a document.
type posting struct {
	document int
	counts   [fieldCount]int
}

// symptom is a known text, normalised; its parts must be in a query in this order.
type symptom struct {
	document int
	text     string // as the article has it
	parts    []string
	length   int
	shared   int // how many articles have it
}

func newIndex(articles []*Article) *index {
	ix := &index{postings: map[string][]posting{}}
	for i, article := range articles {
		ix.addDocument(i, article)
	}
	for f := range fieldCount {
		total := 0
		for _, d := range ix.documents {
			total += d.lengths[f]
		}
		ix.average[f] = max(1, float64(total)/float64(max(1, len(articles))))
	}
	for term := range ix.postings {
		ix.vocabulary = append(ix.vocabulary, term)
	}
	slices.Sort(ix.vocabulary)
	ix.countShared()
	return ix
}

func (ix *index) addDocument(number int, article *Article) {
	root, source := article.Document()
	var sections []string
	for _, section := range sectionsOf(root, source) {
		sections = append(sections, section.Title)
	}
	prose, aside := divide(root, source)
	d := document{article: article, body: prose, pairs: map[[2]string]bool{}}
	for _, text := range slices.Concat([]string{article.Title}, article.Symptoms, sections) {
		d.addPairs(text)
	}
	texts := [fieldCount]string{
		fieldTitle:    article.Title,
		fieldSymptoms: strings.Join(article.Symptoms, " \n ") + " " + article.ID + " " + strings.Join(article.Errors, " "),
		fieldSections: strings.Join(sections, " \n "),
		fieldBody:     prose,
		fieldAside:    aside,
	}
	counts := map[string]*posting{}
	for f, text := range texts {
		for _, w := range slices.Concat(splitWords(text), versionsIn(text)) {
			if counts[w.term] == nil {
				counts[w.term] = &posting{document: number}
			}
			counts[w.term].counts[f]++
			d.lengths[f]++
		}
	}
	for term, p := range counts {
		ix.postings[term] = append(ix.postings[term], *p)
	}
	ix.documents = append(ix.documents, d)
	for _, text := range article.Symptoms {
		ix.addSymptom(number, text)
	}
}

func (ix *index) addSymptom(number int, text string) {
	s := symptom{document: number, text: text}
	for part := range strings.SplitSeq(text, "…") {
		if part = normalise(part); part != "" {
			s.parts = append(s.parts, part)
			s.length += len(part)
		}
	}
	if s.length > 0 {
		ix.symptoms = append(ix.symptoms, s)
	}
}

func (ix *index) countShared() {
	shared := map[string]int{}
	for _, s := range ix.symptoms {
		shared[strings.Join(s.parts, "…")]++
	}
	for i := range ix.symptoms {
		ix.symptoms[i].shared = shared[strings.Join(ix.symptoms[i].parts, "…")]
	}
}

// in says whether the parts of a symptom are in a normalised text, in order and as whole
// words.
func (s *symptom) in(text string) bool {
	text = " " + text + " "
	for _, part := range s.parts {
		at := strings.Index(text, " "+part+" ")
		if at < 0 {
			return false
		}
		text = text[at+len(part)+1:]
	}
	return true
}

// tells says whether a text that has the symptom, and so many letters in words that say
// something, is about it: the symptom is long or a name, or most of the text. A few words
// are in many questions about something else.
func (s *symptom) tells(letters int) bool {
	const long, name = 16, 10
	if s.length >= long || 2*s.length >= letters {
		return true
	}
	return len(s.parts) == 1 && len(s.parts[0]) >= name && !strings.Contains(s.parts[0], " ")
}

// expansion is a term of the index that stands for a word of the query.
type expansion struct {
	term   string
	weight float64
}

// expand finds what a word of a query may mean: itself, words that begin with it, its
// synonyms, and when there is no such word, words that differ by a letter or two.
func (ix *index) expand(term string) []expansion {
	const shortestPrefix, mostExpansions = 3, 24
	found := map[string]float64{}
	add := func(term string, weight float64) {
		if _, ok := ix.postings[term]; ok {
			found[term] = max(found[term], weight)
		}
	}
	add(term, 1)
	if len(term) >= shortestPrefix {
		from, _ := slices.BinarySearch(ix.vocabulary, term)
		for _, other := range ix.vocabulary[from:] {
			if !strings.HasPrefix(other, term) || len(found) > mostExpansions {
				break
			}
			add(other, weightPrefix*float64(len(term))/float64(len(other)))
		}
	}
	if len(found) == 0 {
		ix.expandTypo(term, add)
	}
	for _, synonym := range synonymsOf(term) {
		add(synonym, weightSynonym)
	}
	expansions := make([]expansion, 0, len(found))
	for term, weight := range found {
		expansions = append(expansions, expansion{term, weight})
	}
	slices.SortFunc(expansions, func(x, y expansion) int {
		return cmp.Or(cmp.Compare(y.weight, x.weight), strings.Compare(x.term, y.term))
	})
	return expansions
}

// compound takes a word apart that the index has as two, as vpclink for VPC link.
func (ix *index) compound(term string) (left, right string, ok bool) {
	const shortest = 3
	for at := shortest; at <= len(term)-shortest; at++ {
		left, right = stem(term[:at]), stem(term[at:])
		if len(ix.postings[left]) > 0 && len(ix.postings[right]) > 0 {
			return left, right, true
		}
	}
	return "", "", false
}

func (ix *index) expandTypo(term string, add func(string, float64)) {
	const oneFrom, twoFrom = 4, 8
	allowed := 0
	switch {
	case hasOnlyDigits(term):
	case len(term) >= twoFrom:
		allowed = 2
	case len(term) >= oneFrom:
		allowed = 1
	}
	if allowed == 0 {
		return
	}
	for _, other := range ix.vocabulary {
		if d := distance(term, other, allowed); d <= allowed {
			add(other, weightTypo/float64(d))
		}
		if len(other) > len(term)+allowed { // a typo in the beginning of a longer word
			if d := distance(term, other[:len(term)], allowed); d <= allowed {
				add(other, weightTypo/float64(d)/2)
			}
		}
	}
}

// distance is how many letters have to be added, left out, changed or swapped with the
// next to make one word of the other; above allowed it may be any number above it.
func distance(x, y string, allowed int) int {
	if abs(len(x)-len(y)) > allowed {
		return allowed + 1
	}
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(y)]
}

func abs(n int) int { return max(n, -n) }

// score adds to scores what a term gives each document.
func (ix *index) score(e expansion, scores map[int]float64) {
	postings := ix.postings[e.term]
	n, frequency := float64(len(ix.documents)), float64(len(postings))
	rarity := math.Log(1 + (n-frequency+0.5)/(frequency+0.5))
	for _, p := range postings {
		weighted := 0.0
		for f, count := range p.counts {
			length := float64(ix.documents[p.document].lengths[f]) / ix.average[f]
			weighted += weights[f] * float64(count) / (1 - lengthEffect + lengthEffect*length)
		}
		value := e.weight * rarity * weighted / (weighted + saturation)
		scores[p.document] = max(scores[p.document], value)
	}
}
