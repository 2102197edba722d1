package publish

import (
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/dataplane"
	"gatehouse/internal/store"
	"gatehouse/internal/store/memory"
)

// 403 for REST APIs and WebSocket APIs, as for an unknown stage (that AWS does so without
// any stage is unconfirmed), 404 for HTTP APIs (guide: http-api-develop-routes.md). An id that is nobody's is
// answered by us: there, AWS's host name leads nowhere in particular.
func TestApiWithoutStage(t *testing.T) {
	f := start(t, memory.New())
	handler := &dataplane.Handler{Published: f.Table, Now: time.Now, Random: rand.Uint64, HelpBase: "http://localhost/kb/"}
	get := func(apiId string) (int, string) {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://"+apiId+".execute-api.localhost/prod/pets", http.NoBody))
		return w.Code, w.Body.String()
	}
	put := map[string]func(tx *store.Tx) error{
		"rest": func(tx *store.Tx) error {
			return records.RestApis.Put(tx, apigw.RestApi{Id: "rest"}, scope, "rest")
		},
		"http": func(tx *store.Tx) error {
			return records.Apis.Put(tx, apigwv2.Api{ApiId: "http", ProtocolType: apigwv2.ProtocolTypeHttp}, scope, "http")
		},
		"socket": func(tx *store.Tx) error {
			return records.Apis.Put(tx, apigwv2.Api{ApiId: "socket", ProtocolType: apigwv2.ProtocolTypeWebSocket}, scope, "socket")
		},
	}
	for _, row := range []struct {
		apiId string
		code  int
		body  string
	}{
		{"rest", http.StatusForbidden, `{"message":"Forbidden"}`},
		{"http", http.StatusNotFound, `{"message":"Not Found"}`},
		{"socket", http.StatusForbidden, `{"message":"Forbidden"}`},
	} {
		if code, body := get(row.apiId); code != http.StatusNotFound || !strings.Contains(body, "GH-R104") {
			t.Errorf("%s before it exists: %d %s", row.apiId, code, body)
		}
		f.update(t, put[row.apiId])
		if code, body := get(row.apiId); code != row.code || body != row.body {
			t.Errorf("%s: %d %s, want %d %s", row.apiId, code, body, row.code, row.body)
		}
	}
}

func TestApiStaysWhenItsLastStageGoes(t *testing.T) {
	f := start(t, memory.New())
	f.update(t, func(tx *store.Tx) error {
		if err := records.RestApis.Put(tx, apigw.RestApi{Id: "api1"}, scope, "api1"); err != nil {
			return err
		}
		return deploy(tx, parse(t, "api1", "/a"), "d1", apigw.Stage{StageName: "prod"})
	})
	if !serves(stageAt(t, f.Table(), "api1", "prod"), "/a") {
		t.Fatal("the stage is not served")
	}
	f.update(t, func(tx *store.Tx) error { records.Stages.Delete(tx, scope, "api1", "prod"); return nil })
	if api, ok := f.Table().Api("api1"); !ok || len(api.Stages) != 0 {
		t.Errorf("without its stage the API is %v", api)
	}
	f.update(t, func(tx *store.Tx) error { records.DeleteRestApi(tx, apigw.Scope(scope), "api1"); return nil })
	if _, ok := f.Table().Api("api1"); ok {
		t.Error("a deleted API is served")
	}
}
