package restapi

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
)

// refusing is a backend that wants another client certificate.
type refusing struct {
	shown *integration.ClientCertificate
}

func (r *refusing) Call(_ context.Context, request *integration.Request) (*integration.Response, error) {
	r.shown = request.ClientCertificate
	return nil, &integration.Failure{Kind: integration.FailureClientCert, Err: context.Canceled}
}

// Source: ours; a certificate that has expired is told apart from one that is not trusted.
func TestClientCertificateFaults(t *testing.T) {
	for want, expires := range map[fault.Id]time.Time{
		fault.ClientCertificateRefused: time.Now().Add(time.Hour), fault.ClientCertificateExpired: time.Now().Add(-time.Hour),
	} {
		backend, p, stage, in := &refusing{}, testPipeline(), testStage(t, proxyApi), testRequest("")
		stage.ClientCertificate = &integration.ClientCertificate{Id: "ndiqef", Expires: expires}
		p.Backends, in.HelpBase = backend, "/kb/"
		w := httptest.NewRecorder()
		p.Serve(w, stage, in)
		if got := w.Header()["x-gatehouse-error"]; w.Code != 500 || len(got) != 1 || got[0] != string(want) || backend.shown != stage.ClientCertificate {
			t.Errorf("got %d %v, want %s", w.Code, got, want)
		}
	}
}
