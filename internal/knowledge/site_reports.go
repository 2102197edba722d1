package knowledge

import (
	"cmp"
	"net/http"
	"slices"
)

// Lengths of the lists on the page.
const (
	maxReportedMissed   = 50
	maxReportedComments = 50
)

// report is the page for editors.
type report struct {
	Searches, Missed int64
	MissedPercent    int64
	MissedSearches   []counted
	Articles         []articleReport
	Errors           []errorReport
	// Counted says that occurrences are known.
	Counted bool
	// Without says which nodes' occurrences are missing.
	Without  []string
	Comments []Feedback
	Problems []Problem
}

type counted struct {
	Text  string
	Count int64
}

type articleReport struct {
	Article                    *Article
	Views, Helpful, NotHelpful int64
	// Percent of answers that are yes; -1 without answers.
	Percent int64
}

type errorReport struct {
	ID                 string
	Article            *Article
	Views, Occurrences int64
}

func (s *site) reports(w http.ResponseWriter, r *http.Request) {
	library, ok := s.withLibrary(w)
	if !ok {
		return
	}
	s.base.flush(r.Context())
	counts, comments, err := s.base.options.Ledger.Read(r.Context())
	if err != nil {
		s.fail(w, err)
		return
	}
	body := report{Searches: counts.Searches, Problems: library.Problems(), Articles: articleReports(library, counts)}
	for _, query := range byCount(counts.Missed) {
		body.Missed += counts.Missed[query]
		if len(body.MissedSearches) < maxReportedMissed {
			body.MissedSearches = append(body.MissedSearches, counted{query, counts.Missed[query]})
		}
	}
	body.MissedPercent = percent(body.Missed, body.Searches)
	for _, comment := range comments {
		if (comment.Reason != "" || comment.Text != "") && len(body.Comments) < maxReportedComments {
			body.Comments = append(body.Comments, comment)
		}
	}
	if s.base.options.Occurrences != nil {
		body.Counted = true
		occurrences, without := s.base.options.Occurrences(r.Context())
		body.Errors, body.Without = errorReports(library, counts, occurrences), without
	}
	s.render(w, "reports", http.StatusOK, page{Title: "Reports for editors", Body: body})
}

func percent(part, whole int64) int64 {
	if whole == 0 {
		return 0
	}
	return (part*100 + whole/2) / whole
}

// articleReports are the articles that were seen or answered, those that helped least
// often first.
func articleReports(library *Library, counts Counts) []articleReport {
	var reports []articleReport
	for _, article := range library.articles {
		one := articleReport{
			Article: article, Views: counts.Views[article.ID], Helpful: counts.Helpful[article.ID], NotHelpful: counts.NotHelpful[article.ID], Percent: -1,
		}
		if answers := one.Helpful + one.NotHelpful; answers > 0 {
			one.Percent = percent(one.Helpful, answers)
		}
		if one.Views > 0 || one.Percent >= 0 {
			reports = append(reports, one)
		}
	}
	slices.SortStableFunc(reports, func(x, y articleReport) int {
		return cmp.Or(cmp.Compare(y.NotHelpful-y.Helpful, x.NotHelpful-x.Helpful), cmp.Compare(y.Views, x.Views))
	})
	return reports
}

// errorReports compare how often an error happened with how often its article was read:
// a frequent error whose article nobody opens is not being found.
func errorReports(library *Library, counts Counts, occurrences map[string]int64) []errorReport {
	var reports []errorReport
	for _, id := range byCount(occurrences) {
		article, ok := library.Find(id)
		if !ok {
			continue
		}
		reports = append(reports, errorReport{ID: id, Article: article, Views: counts.Views[article.ID], Occurrences: occurrences[id]})
	}
	return reports
}
