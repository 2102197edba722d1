package publish

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"gatehouse/internal/apigw"
	"gatehouse/internal/dataplane"
	"gatehouse/internal/dataplane/restapi"
	"gatehouse/internal/deployment/deploymenttest"
	"gatehouse/internal/store"
	"gatehouse/internal/store/memory"
	"gatehouse/internal/throttle"
)

// TestServeWhilePublishing redeploys under requests: every answer comes from one
// deployment with its own variables, and from one that was current. Run with -race.
func TestServeWhilePublishing(t *testing.T) {
	f := start(t, memory.New())
	deployVersion := func(version int) {
		snapshot, err := deploymenttest.Parse([]byte(fmt.Sprintf(`{"RestApi": {"Id": "api1"}, "Methods": {"GET /pets/{id}": {"MethodIntegration": {"Type": "MOCK",
			"RequestTemplates": {"application/json": "{\"statusCode\": 200}"},
			"IntegrationResponses": {"200": {"ResponseTemplates": {"application/json": "%d $stageVariables.version $input.params('id')"}}}}}}}`, version)))
		if err != nil {
			t.Error(err)
			return
		}
		f.update(t, func(tx *store.Tx) error {
			return deploy(tx, snapshot, fmt.Sprint("d", version), apigw.Stage{StageName: "prod", Variables: map[string]string{"version": fmt.Sprint(version)}})
		})
	}
	deployVersion(0)
	handler := &dataplane.Handler{
		Published: f.Table, Now: time.Now, Random: rand.Uint64,
		Rest: &restapi.Pipeline{Throttles: throttle.New(time.Now), Now: time.Now, Random: rand.Uint64},
	}
	stop := make(chan struct{})
	var clients sync.WaitGroup
	for client := range 4 {
		clients.Go(func() { readVersions(t, handler, client, stop) })
	}
	for version := 1; version <= 40; version++ {
		deployVersion(version)
	}
	close(stop)
	clients.Wait()
}

func readVersions(t *testing.T, handler http.Handler, client int, stop <-chan struct{}) {
	last := 0
	for {
		select {
		case <-stop:
			return
		default:
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, fmt.Sprintf("http://api1.execute-api.localhost/prod/pets/%d", client), http.NoBody))
		var template, variable, id int
		if n, err := fmt.Sscan(w.Body.String(), &template, &variable, &id); n != 3 || err != nil || w.Code != http.StatusOK {
			t.Errorf("client %d got %d %s", client, w.Code, w.Body)
			return
		}
		if template != variable || id != client || template < last {
			t.Errorf("client %d got template %d, variable %d, id %d after version %d", client, template, variable, id, last)
			return
		}
		last = template
	}
}
