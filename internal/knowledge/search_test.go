package knowledge

import (
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func found(library *Library, query Query) []string {
	var ids []string
	for _, hit := range library.Search(query) {
		ids = append(ids, hit.Article.ID)
	}
	return ids
}

// Whatever people paste, the article about it comes first. The lines are of the forms
// that public threads and AWS's pages show; ids and values in them are made up.
func TestPastedErrorsFindTheirArticle(t *testing.T) {
	library := load(t)
	for _, c := range []struct{ pasted, want string }{
		{`{"message":"Missing Authentication Token"}`, "GH-R101"},
		{`curl: {"message": "Missing Authentication Token"}`, "GH-R101"},
		{`< x-amzn-ErrorType: MissingAuthenticationTokenException`, "GH-R101"},
		{`(c6af9ac6-7b61-11e6-9a41-93e8deadbeef) Execution failed due to configuration error: Malformed Lambda proxy response`, "GH-L201"},
		{"2026-09-01T10:02:11.123Z (c6af9ac6-7b61-11e6-9a41-93e8deadbeef) Execution failed due to configuration error: Malformed Lambda proxy response\n" +
			"2026-09-01T10:02:11.130Z (c6af9ac6-7b61-11e6-9a41-93e8deadbeef) Method completed with status: 502", "GH-L201"},
		{"Execution failed due to configuration error: Invalid permissions on Lambda function", "GH-L101"},
		{`"{\"message\": \"Endpoint request timed out\"}"`, "GH-I301"},
		{"Execution failed due to a timeout error", "GH-I301"},
		{"Access to fetch at 'https://a1b2c3.execute-api.eu-west-1.amazonaws.com/prod/items' from origin 'https://app.example.com' has been blocked by CORS policy: " +
			"No 'Access-Control-Allow-Origin' header is present on the requested resource.", "GH-R401"},
		{`{"Message":"User is not authorized to access this resource with an explicit deny"}`, "GH-A201"},
		{"Unauthorized request: c6af9ac6-7b61-11e6-9a41-93e8deadbeef", "GH-A101"},
		{`{"message":null}`, "GH-A301"},
		{`www-authenticate: Bearer scope="" error="invalid_token" error_description="the token has expired"`, "GH-A111"},
		{"API Key ****gE96dR not authorized because method 'GET /' requires API Key and API Key is not associated with a Usage Plan for API Stage i01t0vftre/staging: " +
			"API Stage is not in a Usage Plan", "GH-T101"},
		{`{"message":"Too Many Requests"}`, "GH-T201"},
		{`{"message":"Limit Exceeded"}`, "GH-T301"},
		{"Execution failed due to configuration error: Output mapping refers to an invalid method response: 422", "GH-M301"},
		{`{"Type":"User","message":"Could not parse request body into json. Unexpected character (',' (code 44))"}`, "GH-M201"},
		{`{"message": "Unsupported Media Type"}`, "GH-M102"},
		{"Execution failed due to configuration error: statusCode should be an integer which defined in request template", "GH-M101"},
		{"The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.", "GH-A401"},
		{`{"Message":"User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********0000:a1b2c3/prod/GET/"}`, "GH-A501"},
		{`{"Message":"User: arn:aws:iam::111122223333:user/dana is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:111122223333:a1b2c3/prod/GET/"}`, "GH-A406"},
		{"There was an internal error while executing your request", "GH-I201"},
		{"Host name 'domain.com' does not match the certificate subject provided by the peer (CN=*.example.com)", "GH-I211"},
		{"Execution failed due to configuration error: General SSLEngine problem", "GH-I211"},
		{"BadRequestException: Cannot delete vpc link. Vpc link 'l4er5c', is referenced in [ANY:qtfgl2b] in format of [Method:Resource].", "GH-C201"},
		{"Error: deleting API Gateway VPC Link (l4er5c): Vpc link 'l4er5c', is referenced in [POST:25xdid:prod] in format of [Method:Resource:Stage]", "GH-C201"},
		{"BadRequestException: Active stages pointing to this deployment must be moved or deleted", "GH-C101"},
		{"botocore.errorfactory.GoneException: An error occurred (GoneException) when calling the PostToConnection operation: ", "GH-W101"},
		{`{"message": "Internal server error", "connectionId":"PxWP8abcIAMCJrw=", "requestId":"PxWQ8HX7oAMFxyz="}`, "GH-W201"},
		{`{"message": "Invalid request body"}`, "GH-V201"},
		{`{"message": "Missing required request parameters: [q, tenant]"}`, "GH-V101"},
		{"CloudWatch Logs role ARN must be set in account settings to enable logging", "logs-role-arn"},
		{"BadRequestException: Execution logs are not supported on protocolType HTTP", "logs-http-api"},
		{"The final policy size (20749) is bigger than the limit (20480).", "final-policy-size"},
		{"Error: The API id 'qwertyuiop' does not correspond to a deployed API Gateway API", "GH-R104"},
		{"Method completed with status: 200", "read-execution-logs"},
		{"(…) Diagnosis GH-L111 cross-account: API in 111122223333, function in 999988887777. Malformed Lambda proxy response", "GH-L111"},
		{"gh-a203", "GH-A201"},
		{"R101", "GH-R101"},
		{"vpc-link-headers", "vpc-link-headers"},
	} {
		if ids := found(library, Query{Text: c.pasted}); len(ids) == 0 || ids[0] != c.want {
			t.Errorf("%s\n  got %v, want %s first", c.pasted, ids[:min(3, len(ids))], c.want)
		}
	}
}

func TestWordsFindArticles(t *testing.T) {
	library := load(t)
	for _, c := range []struct{ words, want string }{
		{"missing authentication token", "GH-R101"},
		{"mising autentication tokn", "GH-R101"}, // typing errors
		{"malformd lamda proxy", "GH-L201"},
		{"cors", "GH-R401"},
		{"preflight", "GH-R401"},
		{"delete vpc link", "delete-vpc-link"},
		{"removing a vpclink", "delete-vpc-link"},
		{"connectionId header vpc link", "vpc-link-headers"},
		{"status codes http api", "map-status-codes-http-api"},
		{"status codes rest api", "map-status-codes-rest-api"},
		{"cross account", "access-from-another-account"},
		{"call api from another account", "access-from-another-account"},
		{"execution logs", "read-execution-logs"},
		{"timeout", "GH-I301"},
		{"time out 504", "GH-I301"},
		{"websocket disconnects", "GH-W201"},
		{"410", "GH-W101"},
		{"api key forbidden", "GH-T101"},
		{"413 upload too large", "GH-V301"},
		{"payload format 2.0", "payload-formats"},
		{"binary image base64", "GH-B101"},
		{"passthroughBehavior", "GH-M102"},
		{"throttling", "GH-T201"},
		{"lambda 500", "500-errors-lambda"},
		{"remapped header", "headers-remapped"},
		{"malform", "GH-L201"}, // a beginning
		{"self-signed certificate", "GH-I211"},
	} {
		ids := found(library, Query{Text: c.words})
		if place := slices.Index(ids, c.want); place < 0 || place > 2 {
			t.Errorf("%q: got %v, want %s among the first three", c.words, ids[:min(4, len(ids))], c.want)
		}
	}
}

// A few words that are a symptom of one article do not hide what else a question says.
func TestMentionedSymptomsDoNotDecide(t *testing.T) {
	library := load(t)
	for text, want := range map[string]string{
		"api gateway throttled": "GH-T201", "throttled": "GH-T201", "Rate exceeded": "control-plane-throttling", "Rate exceeded while the authorizer function is called": "",
	} {
		hits := library.Search(Query{Text: text})
		if len(hits) == 0 || (want != "" && hits[0].Article.ID != want) || (want == "" && hits[0].Exact) {
			t.Errorf("%q finds %v", text, found(library, Query{Text: text}))
		}
	}
}

func TestNonsenseFindsNothing(t *testing.T) {
	library := load(t)
	for _, query := range []string{"qqqqzzzz", "xylophone brzmk", "   ", "…", "!!!"} {
		if ids := found(library, Query{Text: query}); len(ids) > 0 {
			t.Errorf("%q found %v", query, ids)
		}
	}
}

func TestFiltersLeaveOthersOut(t *testing.T) {
	library := load(t)
	for _, hit := range library.Search(Query{Text: "error", Category: "websocket"}) {
		if hit.Article.Category != "websocket" {
			t.Errorf("%s is in %s", hit.Article.ID, hit.Article.Category)
		}
	}
	hits := library.Search(Query{Text: "status codes", APIType: "HTTP", Limit: 3})
	if len(hits) != 3 || hits[0].Article.ID != "map-status-codes-http-api" {
		t.Errorf("got %v", hits)
	}
}

// Of a text that is longer than a log anybody reads, the beginning is looked for.
func TestLongTextsAreCut(t *testing.T) {
	library := load(t)
	text := "Malformed Lambda proxy response " + strings.Repeat("Ω", MaxQueryBytes) + " Vpc link is referenced in"
	if ids := found(library, Query{Text: text}); len(ids) == 0 || ids[0] != "GH-L201" || slices.Contains(ids, "GH-C201") {
		t.Errorf("got %v", ids)
	}
}

func TestExcerptMarksWhatWasLookedFor(t *testing.T) {
	hits := load(t).Search(Query{Text: "selection pattern"})
	var marked []string
	for _, fragment := range hits[0].Excerpt {
		if fragment.Marked {
			marked = append(marked, strings.ToLower(fragment.Text))
		}
	}
	if !slices.Contains(marked, "selection") || !slices.ContainsFunc(marked, func(m string) bool { return strings.HasPrefix(m, "pattern") }) {
		t.Errorf("marked %q in %q", marked, hits[0].ExcerptText())
	}
}

func TestNormalise(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`{"message":"Missing Authentication Token"}`, "message missing authentication token"},
		{`"{\"message\": \"Forbidden\"}\n"`, "message forbidden"},
		{"2026-09-01T10:02:11.123Z (c6af9ac6-7b61-11e6-9a41-93e8deadbeef) Method completed with status: 502", "method completed with status 502"},
		{"arn:aws:lambda:eu-west-1:111122223333:function:orders failed after 29001 ms", "failed after ms"},
		{"Limit: 5.00 Burst: 10", "limit burst"},
		{"token eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxIn0 refused", "token refused"},
	} {
		if diff := cmp.Diff(c.want, normalise(c.text)); diff != "" {
			t.Errorf("%s: %s", c.text, diff)
		}
	}
}

func TestStem(t *testing.T) {
	for _, group := range [][]string{
		{"map", "maps", "mapped", "mapping", "mappings"}, {"delete", "deleted", "deleting", "deletes"}, {"authorization", "authorizations"},
		{"policy", "policies"}, {"throttle", "throttled", "throttling"}, {"access", "access"}, {"status", "status"},
	} {
		for _, other := range group[1:] {
			if stem(group[0]) != stem(other) {
				t.Errorf("%s gives %s, %s gives %s", group[0], stem(group[0]), other, stem(other))
			}
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		x, y string
		want int
	}{{"token", "token", 0}, {"tokn", "token", 1}, {"tokne", "token", 1}, {"lamda", "lambda", 1}, {"abc", "xyz", 3}} {
		if got := distance(c.x, c.y, 3); got != c.want {
			t.Errorf("%s, %s: got %d, want %d", c.x, c.y, got, c.want)
		}
	}
}

func TestMissedWordsKeepNoSecrets(t *testing.T) {
	got := missedWords("wombat failed for AKIAIOSFODNN7EXAMPLE with password=hunter2 at 10.1.2.3 and 404")
	if strings.Contains(got, "akia") || strings.Contains(got, "hunter2") || !strings.Contains(got, "wombat") || !strings.Contains(got, "404") {
		t.Errorf("kept %q", got)
	}
}

func FuzzSearch(f *testing.F) {
	library := load(f)
	for _, seed := range []string{"cors", `{"message":null}`, "GH-R101", "\xff\xfe", strings.Repeat("a ", 9000), "ſtraße İstanbul", "ﬀ…\u0000"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		last := 0.0
		for i, hit := range library.Search(Query{Text: text}) {
			if i > 0 && hit.Score > last {
				t.Fatalf("%q: hit %d is better than the one before", text, i)
			}
			last = hit.Score
			for _, fragment := range hit.Excerpt {
				if fragment.Text == "" || !utf8.ValidString(fragment.Text) {
					t.Fatalf("%q: fragment %q of %s", text, fragment.Text, hit.Article.ID)
				}
			}
		}
	})
}

func FuzzNormalise(f *testing.F) {
	f.Add(`{"message":"Missing Authentication Token"}`)
	f.Add("2026-09-01T10:02:11Z arn:aws:iam::1:user/x \\n \\u0041")
	f.Fuzz(func(t *testing.T, text string) {
		once := normalise(text)
		if strings.Contains(once, "  ") || strings.HasPrefix(once, " ") || strings.HasSuffix(once, " ") {
			t.Fatalf("%q gives %q", text, once)
		}
		for _, w := range splitWords(text) {
			if w.start < 0 || w.end > len(text) || w.start >= w.end {
				t.Fatalf("%q: word %v is outside", text, w)
			}
		}
	})
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Load(nil); err != nil {
			b.Fatal(err)
		}
	}
}

// The first search pays for the index; the number says what it keeps.
func BenchmarkIndex(b *testing.B) {
	library := load(b)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var ix *index
	for b.Loop() {
		ix = newIndex(library.articles)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1024, "KB-kept")
	runtime.KeepAlive(ix)
}

// The longest query there is, of words that nobody wrote: what a stranger can cost.
func BenchmarkSearchWorst(b *testing.B) {
	library := load(b)
	var query strings.Builder
	for i := 0; query.Len() < MaxQueryBytes; i++ {
		query.WriteString("zqxwvk" + string(rune('a'+i%26)) + string(rune('a'+i/26%26)) + "jqzx ")
	}
	for b.Loop() {
		library.Search(Query{Text: query.String()})
	}
}

func BenchmarkSearch(b *testing.B) {
	library := load(b)
	for b.Loop() {
		library.Search(Query{Text: "mising autentication token lambda"})
	}
}
