package diagnosis

import "strings"

// part is a piece of a route, marked where the other route has something else.
type part struct {
	Text   string
	Marked bool
}

// alternative is one of the nearest things to what was sent: a text, or a route that is
// compared with the request's.
type alternative struct {
	Text string
	// Label says what the route is; Sent and Route are empty for a text.
	Label       string
	Sent, Route []part
}

// maxCompared bounds the parts of paths that are compared, since time is their product.
const maxCompared = 64

// alternativeOf takes "closest deployed: GET /pets/{id}" apart, against what was sent: the
// request's path, or what a finding quotes, such as a message's route key.
func alternativeOf(httpMethod, path, nearest, found string) alternative {
	if quoted, ok := quotedIn(found); ok && nearest != "" && !strings.ContainsAny(nearest, " \"") {
		sent, wanted := markBetween(quoted, nearest)
		return alternative{Label: "exists", Sent: sent, Route: wanted}
	}
	label, route, ok := strings.Cut(nearest, ": ")
	method, template, isRoute := strings.Cut(route, " ")
	if !ok || !isRoute || !isVerb(method) || !strings.HasPrefix(template, "/") || strings.ContainsAny(template, " ,") {
		return alternative{Text: nearest}
	}
	sent, wanted := comparePaths(path, template)
	differs := method != httpMethod && method != "ANY"
	return alternative{
		Label: label,
		Sent:  append([]part{{httpMethod, differs}, {" ", false}}, sent...),
		Route: append([]part{{method, differs}, {" ", false}}, wanted...),
	}
}

// quotedIn is the only text between quotation marks.
func quotedIn(text string) (quoted string, ok bool) {
	_, rest, opened := strings.Cut(text, `"`)
	quoted, rest, closed := strings.Cut(rest, `"`)
	return quoted, opened && closed && quoted != "" && !strings.Contains(rest, `"`)
}

func isVerb(text string) bool {
	return text != "" && strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// comparePaths marks what differs between a path and the template of a resource. A path
// parameter stands for any part, {proxy+} for all that follow.
func comparePaths(path, template string) (sent, wanted []part) {
	have, want := strings.Split(path, "/")[1:], strings.Split(template, "/")[1:]
	if len(have) > maxCompared || len(want) > maxCompared || len(have) == 0 {
		return []part{{path, false}}, []part{{template, false}}
	}
	costs := alignment(have, want)
	i, j := 0, 0
	for i < len(have) || j < len(want) {
		switch {
		case j < len(want) && isGreedy(want[j]) && i < len(have):
			sent = append(sent, part{"/" + strings.Join(have[i:], "/"), false})
			wanted = append(wanted, part{"/" + want[j], false})
			return sent, wanted
		case i < len(have) && j < len(want) && costs[i][j] == costs[i+1][j+1]+distance(have[i], want[j]):
			one, other := differing(have[i], want[j])
			sent, wanted = append(sent, one...), append(wanted, other...)
			i, j = i+1, j+1
		case i < len(have) && costs[i][j] == costs[i+1][j]+1:
			sent = append(sent, part{"/" + have[i], true})
			i++
		default:
			wanted = append(wanted, part{"/" + want[j], true})
			j++
		}
	}
	return sent, wanted
}

// alignment is the least number of changes that make the rest of one list that of another.
func alignment(have, want []string) [][]int {
	costs := make([][]int, len(have)+1)
	for i := len(have); i >= 0; i-- {
		costs[i] = make([]int, len(want)+1)
		for j := len(want); j >= 0; j-- {
			switch {
			case i == len(have):
				costs[i][j] = len(want) - j
			case j == len(want):
				costs[i][j] = len(have) - i
			default:
				costs[i][j] = min(costs[i+1][j+1]+distance(have[i], want[j]), costs[i+1][j]+1, costs[i][j+1]+1)
			}
		}
	}
	return costs
}

func distance(have, want string) int {
	if have == want || isParameter(want) && have != "" {
		return 0
	}
	return 1
}

func isParameter(text string) bool {
	return strings.HasPrefix(text, "{") && strings.HasSuffix(text, "}")
}

func isGreedy(text string) bool { return isParameter(text) && strings.HasSuffix(text, "+}") }

// differing marks the middle of two parts of a path, between what they begin and end with.
func differing(have, want string) (one, other []part) {
	if distance(have, want) == 0 {
		return []part{{"/" + have, false}}, []part{{"/" + want, false}}
	}
	one, other = markBetween(have, want)
	return append([]part{{"/", false}}, one...), append([]part{{"/", false}}, other...)
}

// markBetween marks what stands between the common beginning and the common end of two texts.
func markBetween(have, want string) (one, other []part) {
	a, b := []rune(have), []rune(want)
	first := 0
	for first < len(a) && first < len(b) && a[first] == b[first] {
		first++
	}
	last := 0
	for last < len(a)-first && last < len(b)-first && a[len(a)-1-last] == b[len(b)-1-last] {
		last++
	}
	return middle(a, first, last), middle(b, first, last)
}

func middle(text []rune, first, last int) []part {
	var parts []part
	for _, one := range []part{{string(text[:first]), false}, {string(text[first : len(text)-last]), true}, {string(text[len(text)-last:]), false}} {
		if one.Text != "" {
			parts = append(parts, one)
		}
	}
	return parts
}
