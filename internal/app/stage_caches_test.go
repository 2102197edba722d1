package app

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// What a stage's cache does is counted; a flush, another size and a deployment empty it.
func TestStageCaches(t *testing.T) {
	server := start(t)
	api := call(t, server, "POST", "/restapis", map[string]any{"name": "cached"})
	path := "/restapis/" + api["id"].(string)
	method := path + "/resources/" + api["rootResourceId"].(string) + "/methods/GET"
	call(t, server, "PUT", method, map[string]any{"authorizationType": "NONE"})
	call(t, server, "PUT", method+"/responses/200", map[string]any{})
	call(t, server, "PUT", method+"/integration", map[string]any{"type": "MOCK", "requestTemplates": map[string]string{"application/json": `{"statusCode": 200}`}})
	call(t, server, "PUT", method+"/integration/responses/200", map[string]any{})
	deploy := func() { call(t, server, "POST", path+"/deployments", map[string]any{"stageName": "prod"}) }
	patch := func(at, value string) {
		call(t, server, "PATCH", path+"/stages/prod", map[string]any{"patchOperations": []map[string]any{{"op": "replace", "path": at, "value": value}}})
	}
	deploy()
	patch("/cacheClusterEnabled", "true")
	patch("/*/*/caching/enabled", "true")
	hits, misses := 0, 0
	see := func(when string, isHit bool) {
		t.Helper()
		if isHit {
			hits++
		} else {
			misses++
		}
		if status, text, _ := send(t, "GET", server.URL()+"/_aws/execute-api/"+api["id"].(string)+"/prod/", "", ""); status != http.StatusOK {
			t.Fatalf("%s: %d %s", when, status, text)
		}
		_, metrics, _ := send(t, "GET", server.URL()+"/metrics", "", "")
		for name, count := range map[string]int{"gatehouse_cachehitcount_total": hits, "gatehouse_cachemisscount_total": misses} {
			if line := sampleOf(metrics, name); !strings.HasSuffix(line, " "+strconv.Itoa(count)) {
				t.Errorf("%s: %s, want %d", when, line, count)
			}
		}
	}
	see("the first request", false)
	see("the second", true)
	if status, text, _ := send(t, "DELETE", server.URL()+path+"/stages/prod/cache/data", "", ""); status != http.StatusAccepted {
		t.Fatalf("flushing: %d %s", status, text)
	}
	see("flushed", false)
	see("filled again", true)
	patch("/cacheClusterSize", "1.6")
	see("resized", false)
	deploy()
	see("deployed", false)
	see("filled again", true)
	patch("/variables/a", "b")
	see("a setting that is not the cache's", true)
	patch("/*/*/caching/ttlInSeconds", "0")
	if status, _, _ := send(t, "GET", server.URL()+"/_aws/execute-api/"+api["id"].(string)+"/prod/", "", ""); status != http.StatusOK {
		t.Error("without a cache")
	}
	patch("/*/*/caching/ttlInSeconds", "300")
	see("switched on again", true)
}

// sampleOf is the first line of a metric that has labels.
func sampleOf(metrics, name string) string {
	for line := range strings.Lines(metrics) {
		if strings.HasPrefix(line, name+"{") {
			return strings.TrimSpace(line)
		}
	}
	return name + " has no sample"
}
