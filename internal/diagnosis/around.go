package diagnosis

import (
	"context"
	"time"

	"gatehouse/internal/apigw"
	"gatehouse/internal/dataplane/record"
)

// maxAround is how many of the latest requests a page compares a request with: a few
// milliseconds.
const maxAround = 1000

// around is what the page of a request says of what was there before it and since. It is of
// this node's requests.
type around struct {
	// Same counts the failures of the same API with the same error, among Compared requests,
	// and First is when the first of them came.
	Same, Compared int
	First          time.Time
	// Before and After are the last success before the request and the first after it, of
	// the same method of the same stage; nil without one.
	Before, After *Summary
	// Deployed is when the stage got the deployment that it serves now; zero where that is
	// not known, or where each change is deployed at once. DeploymentId is the deployment.
	Deployed     time.Time
	DeploymentId string
	// Since says that it was deployed after the request.
	Since bool
}

// Whole says that all requests that are remembered were compared.
func (a *around) Whole() bool { return a.Compared < maxAround }

// BeforeAt is when the last success before the request came.
func (a *around) BeforeAt() time.Time { return receivedAt(*a.Before) }

// AfterAt is when the first success after the request came.
func (a *around) AfterAt() time.Time { return receivedAt(*a.After) }

// around compares a request with others that its visitor may see.
func (h *Handler) around(ctx context.Context, e *Explanation) *around {
	if e.ErrorId == "" {
		return nil
	}
	a, sight := &around{}, h.sight(ctx)
	h.Requests.List(1, func(r *record.Record) bool {
		a.Compared++
		if sight.sees(r) {
			a.compare(e, r)
		}
		return a.Compared == maxAround
	})
	a.deployed(h.Explainer.Definitions, e)
	return a
}

// compare takes in one other request; later ones come first.
func (a *around) compare(e *Explanation, r *record.Record) {
	if r.ApiId != e.ApiId {
		return
	}
	if r.Fault != nil {
		if string(r.Fault.Id()) == e.ErrorId {
			a.Same++
			a.First = r.Received.UTC()
		}
		return
	}
	if r.StatusCode >= firstError || !e.isLike(r) {
		return
	}
	one := summaryOf(r)
	if r.Received.After(e.Received) {
		a.After = &one
	} else if a.Before == nil && r.RequestId != e.RequestId {
		a.Before = &one
	}
}

const firstError = 400

// isLike says whether another request went to the same method of the same stage.
func (e *Explanation) isLike(r *record.Record) bool {
	if r.StageName != e.Stage || r.HttpMethod != e.HttpMethod || e.ApiId == "" {
		return false
	}
	if e.ResourcePath == "" {
		return r.Path == e.Path
	}
	return r.ResourcePath == e.ResourcePath
}

func (a *around) deployed(definitions Definitions, e *Explanation) {
	if definitions == nil || e.ApiId == "" {
		return
	}
	definition, ok := definitions.Definition(apigw.Scope{}, e.ApiId)
	if !ok {
		return
	}
	serves, ok := definition.Stages[e.Stage]
	if !ok || serves.AutoDeploy {
		return
	}
	a.Deployed, a.DeploymentId = serves.Created.UTC(), serves.Id
	a.Since = serves.Created.After(e.Received)
}
