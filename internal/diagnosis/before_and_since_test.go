package diagnosis_test

import (
	"strings"
	"testing"

	api "gatehouse/internal/awsapi/apigateway"
)

// The page of a failure says how often the same happened, when the method last worked,
// and whether the stage was deployed since.
func TestPageSaysWhatWasBeforeAndSince(t *testing.T) {
	w, _, missing, _ := served(t)
	base := "http://" + w.address + "/_gatehouse/requests/"
	_, body := get(t, base+missing)
	contains(t, body, "The only failure with GH-R101 of API "+w.apiId)
	contains(t, body, "serves the same deployment still")
	again, _ := w.send(request{path: "/prod/pets", method: "PUT"})
	_, body = get(t, base+again.Header.Get("x-amzn-RequestId"))
	contains(t, body, "2 failures with GH-R101</a>")
	contains(t, body, "/_gatehouse/requests/?api="+w.apiId+"&amp;error=GH-R101")

	id := again.Header.Get("x-amzn-RequestId")
	resources, err := w.rest.GetResources(w.ctx, &api.GetResourcesInput{RestApiId: w.apiId})
	w.check(err)
	for _, one := range resources.Items {
		if one.Path != nil && *one.Path == "/pets" {
			w.method(*one.Id, "PUT", mock(), "200")
			w.answer(*one.Id, "PUT", "200", nil)
		}
	}
	w.deploy()
	for range 2 {
		if response, _ := w.send(request{path: "/prod/pets", method: "PUT"}); response.StatusCode != 200 {
			t.Fatal(response.Status)
		}
	}
	_, body = get(t, base+id)
	contains(t, body, "Deployed since:")
	contains(t, body, "Changed by it: PUT /pets (made).")
	explanation := w.explain(id)
	contains(t, strings.Join(explanation.Nearest, "; "), "deployed since: PUT /pets; stage prod serves deployment ")
	contains(t, explanation.Fix.Text, "Send the request again")
	contains(t, w.run(explanation.Fix.Command), "HTTP/1.1 200 OK")
	contains(t, body, "It works again")
	if strings.Count(body, "It works again") != 1 || strings.Contains(body, "It worked before") {
		t.Error("what came after is not told from what came before")
	}
}

// The list offers what is in it to filter by, and says when a filter leaves nothing.
func TestListOffersViews(t *testing.T) {
	w, _, _, _ := served(t)
	base := "http://" + w.address + "/_gatehouse/requests/"
	_, body := get(t, base)
	contains(t, body, `<a href="/_gatehouse/requests/?error=GH-R101">GH-R101 <span class="n">1`)
	contains(t, body, `<a href="/_gatehouse/requests/" aria-current="page">All`)
	_, body = get(t, base+"?status=5xx&api=other")
	contains(t, body, "No recent request is like this")
	contains(t, body, `<a href="/_gatehouse/requests/?api=other&amp;status=5xx" aria-current="page">5xx`)
}

// A method that never worked is said to have not, as far as all that is remembered says.
func TestPageSaysThatNothingWorkedBefore(t *testing.T) {
	w, good, _, _ := served(t)
	_, body := get(t, "http://"+w.address+"/_gatehouse/requests/"+good)
	if strings.Contains(body, "Before and since") {
		t.Error("a success is compared")
	}
	locked := w.resource(w.root, "locked")
	w.authorized(locked, "GET", "AWS_IAM", mock(), "200")
	w.deploy()
	refused, _ := w.send(request{path: "/prod/locked"})
	_, body = get(t, "http://"+w.address+"/_gatehouse/requests/"+refused.Header.Get("x-amzn-RequestId"))
	contains(t, body, "No request like it worked before")
}
