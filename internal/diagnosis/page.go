package diagnosis

import (
	"cmp"
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"gatehouse/internal/look"
)

var (
	//go:embed pages/*.html
	pages embed.FS
	//go:embed pages/style.css
	styleSheet string
)

var templates = template.Must(look.Templates("requests").Funcs(template.FuncMap{
	"next":  func(i int) int { return i + 1 },
	"words": func(kind string) string { return strings.ReplaceAll(kind, "-", " ") },
	"alternative": func(f findingOf, nearest string) alternative {
		return alternativeOf(f.Of.HttpMethod, f.Of.Path, nearest, f.Found)
	},
	"sides":        sidesOf,
	"severity":     severity,
	"milliseconds": shortMilliseconds,
	"of":           func(e *Explanation, f Finding) findingOf { return findingOf{Finding: f, Of: e} },
}).ParseFS(pages, "pages/*.html"))

// findingOf is a finding with its request, for a template.
type findingOf struct {
	Finding
	Of *Explanation
}

// sides are the two lines of a signature that differ.
type sides struct{ Client, Server []part }

func sidesOf(s *Signature) sides {
	client, server := markBetween(s.Client, s.Server)
	return sides{client, server}
}

func style(w http.ResponseWriter, _ *http.Request) { look.WriteStyle(w, styleSheet) }

func script(w http.ResponseWriter, _ *http.Request) { look.WriteScript(w, "") }

// severity is the class of a status code: whose mistake it is.
func severity(statusCode int) string {
	switch {
	case statusCode >= firstServerError:
		return "bad"
	case statusCode >= firstError:
		return "doubt"
	}
	return "good"
}

// shortMilliseconds is a time with no more digits than say something.
func shortMilliseconds(took float64) string {
	const oneDigit, noDigit = 10, 1000
	switch {
	case took >= noDigit:
		return strconv.FormatFloat(took, 'f', 0, 64)
	case took >= oneDigit:
		return strconv.FormatFloat(took, 'f', 1, 64)
	}
	return strconv.FormatFloat(took, 'f', 2, 64)
}

// listPage is what the template of the list gets.
type listPage struct {
	Requests   []listed
	Unanswered []Unanswered
	// Nodes says that requests of several nodes are shown.
	Nodes bool
	// Api, Stage, Status and Error are the filter, and Filtered whether there is one.
	Api, Stage, Status, Error string
	Filtered                  bool
	// Views are lists that are one step away.
	Views   []view
	Visitor string
}

// listed is a request in the list, with its time for people.
type listed struct {
	Summary
	Day, Time string
	// NewDay says that the request before it is of another day.
	NewDay bool
}

// view is a list with another filter.
type view struct {
	Name    string
	Count   int // 0 for none to show
	URL     string
	Current bool
}

// maxViews bounds the errors that a list offers to filter by.
const maxViews = 6

func (h *Handler) listPage(w http.ResponseWriter, r *http.Request) {
	f := filterOf(r)
	list, unanswered := h.list(r.Context(), f)
	page := listPage{
		Unanswered: unanswered, Nodes: len(list) > 0 && list[0].Node != "", Api: f.Api, Stage: f.Stage, Status: f.Status, Error: f.ErrorId,
		Filtered: f.Api+f.Stage+f.Status+f.ErrorId != "", Views: viewsOf(list, f), Visitor: h.visitor(r.Context()),
	}
	day := ""
	for _, one := range list {
		at := receivedAt(one)
		shown := listed{Summary: one, Day: at.Format("Monday, 2 January 2006"), Time: at.Format("15:04:05.000")}
		shown.NewDay, day = shown.Day != day, shown.Day
		page.Requests = append(page.Requests, shown)
	}
	writePage(w, http.StatusOK, "list.html", page)
}

// viewsOf are all requests, those that failed, and those with each error of a list, the
// most frequent first.
func viewsOf(list []Summary, f filter) []view {
	counts := map[string]int{}
	for i := range list {
		if id := list[i].ErrorId; id != "" {
			counts[id]++
		}
	}
	ids := make([]string, 0, len(counts))
	for id := range counts {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b string) int { return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b)) })
	views := []view{
		{Name: "All", URL: listUrl(filter{Api: f.Api, Stage: f.Stage}), Current: f.Status == "" && f.ErrorId == ""},
		{Name: "4xx", URL: listUrl(filter{Api: f.Api, Stage: f.Stage, Status: "4xx"}), Current: f.Status == "4xx"},
		{Name: "5xx", URL: listUrl(filter{Api: f.Api, Stage: f.Stage, Status: "5xx"}), Current: f.Status == "5xx"},
	}
	for _, id := range ids[:min(len(ids), maxViews)] {
		views = append(views, view{Name: id, Count: counts[id], URL: listUrl(filter{Api: f.Api, Stage: f.Stage, ErrorId: id}), Current: f.ErrorId == id})
	}
	return views
}

// listUrl is where the list with a filter is.
func listUrl(f filter) string {
	query := url.Values{}
	for _, one := range [][2]string{{"api", f.Api}, {"stage", f.Stage}, {"status", f.Status}, {"error", f.ErrorId}} {
		if one[1] != "" {
			query.Set(one[0], one[1])
		}
	}
	address := url.URL{Path: pagesPath + "/", RawQuery: query.Encode()}
	return address.String()
}

// explanationPage is what the template of an explanation gets.
type explanationPage struct {
	*Explanation
	Bars    []bar
	Visitor string
	// SameUrl is where requests that failed with the same error are listed.
	SameUrl string
}

// bar is a step on the line of time; Start and Width are parts of a hundred.
type bar struct {
	*Step
	Start, Width float64
}

// leastWidth is that of a bar that can still be seen.
const leastWidth = 0.8

// bars lays the timed steps out one after another.
func bars(e *Explanation) []bar {
	total := 0.0
	for i := range e.Steps {
		if took := e.Steps[i].Milliseconds; took != nil {
			total += *took
		}
	}
	total = max(total, e.Milliseconds)
	const whole = 100
	laid, begun := make([]bar, len(e.Steps)), 0.0
	for i := range e.Steps {
		laid[i] = bar{Step: &e.Steps[i]}
		if took := e.Steps[i].Milliseconds; took != nil && total > 0 {
			laid[i].Width = max(whole**took/total, leastWidth)
			laid[i].Start = min(whole*begun/total, whole-laid[i].Width)
			begun += *took
		}
	}
	return laid
}

func (h *Handler) page(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("requestId")
	found := h.Find(r.Context(), id)
	if found.Explanation == nil {
		missing := h.forgotten(found.Unanswered)
		writePage(w, http.StatusNotFound, "missing.html", map[string]any{
			"RequestId": id, "Latest": id == Latest, "Message": missing.Message, "Unanswered": missing.Unanswered, "Visitor": h.visitor(r.Context()),
		})
		return
	}
	e := found.Explanation
	e.Unanswered = found.Unanswered
	writePage(w, http.StatusOK, "explanation.html", explanationPage{
		Explanation: e, Bars: bars(e), Visitor: h.visitor(r.Context()),
		SameUrl: listUrl(filter{Api: e.ApiId, ErrorId: e.ErrorId}),
	})
}

func writePage(w http.ResponseWriter, statusCode int, name string, data any) {
	look.WriteScripted(w, statusCode, templates.Lookup(name), data)
}
