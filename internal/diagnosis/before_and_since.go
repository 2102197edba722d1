package diagnosis

import (
	"fmt"
	"time"

	"gatehouse/internal/dataplane/record"
)

// maxComparedRequests bounds with how many of the latest requests one is compared: a few
// milliseconds.
const maxComparedRequests = 1000

// BeforeAndSince is what was there before a request that failed, and since. The node that
// served the request compares it with its own.
type BeforeAndSince struct {
	// ComparedRequests is with how many of the latest requests it was compared, and
	// AllCompared that they are all that the node remembers.
	ComparedRequests int  `json:"comparedRequests"`
	AllCompared      bool `json:"allCompared"`
	// SameErrorCount counts, among them, the failures of the same API with the same error, this
	// one included; FirstSameErrorDate is when the first of them came, absent where there is none.
	SameErrorCount     int        `json:"sameErrorCount"`
	FirstSameErrorDate *time.Time `json:"firstSameErrorDate,omitempty"`
	// LastSuccessBefore and FirstSuccessSince are of the same method of the same stage; absent
	// without one.
	LastSuccessBefore *Summary `json:"lastSuccessBefore,omitempty"`
	FirstSuccessSince *Summary `json:"firstSuccessSince,omitempty"`
	// Deployment is what the stage serves now; absent for a request that reached no stage.
	Deployment *ServedDeployment `json:"deployment,omitempty"`
}

// ServedDeployment is the deployment that a stage serves now, beside the one that a request
// met.
type ServedDeployment struct {
	DeploymentId string    `json:"deploymentId"`
	CreatedDate  time.Time `json:"createdDate"`
	// MetDeploymentId is the deployment that served the request, and DeployedSince that the
	// stage serves another one now.
	MetDeploymentId string `json:"metDeploymentId,omitempty"`
	DeployedSince   bool   `json:"deployedSince"`
	// Changes are what of all that the request met differs between the two.
	Changes []Change `json:"changes,omitempty"`
}

// beforeAndSince compares a request with others that its visitor may see; nil for one in
// which nothing is wrong.
func (h *Handler) beforeAndSince(e *Explanation, r *record.Record, sight Sight) *BeforeAndSince {
	if e.ErrorId == "" {
		return nil
	}
	b := &BeforeAndSince{}
	h.Requests.List(1, func(other *record.Record) bool {
		b.ComparedRequests++
		if sight.sees(other) {
			b.compare(e, other)
		}
		return b.ComparedRequests == maxComparedRequests
	})
	b.AllCompared = b.ComparedRequests < maxComparedRequests
	b.Deployment = newCase(h.Explainer, r).servedNow()
	return b
}

// compare takes in one other request; later ones come first.
func (b *BeforeAndSince) compare(e *Explanation, r *record.Record) {
	if r.ApiId != e.ApiId {
		return
	}
	if r.Fault != nil {
		if string(r.Fault.Id()) == e.ErrorId {
			b.SameErrorCount++
			b.FirstSameErrorDate = new(r.Received.UTC())
		}
		return
	}
	if r.StatusCode >= firstError || !e.isLike(r) {
		return
	}
	if r.Received.After(e.Received) {
		b.FirstSuccessSince = new(summaryOf(r))
	} else if b.LastSuccessBefore == nil && r.RequestId != e.RequestId {
		b.LastSuccessBefore = new(summaryOf(r))
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

// servedNow compares what the stage serves now with what the request met; nil where one of
// them is not known.
func (c *diagnosed) servedNow() *ServedDeployment {
	if c.definition == nil {
		return nil
	}
	serves, ok := c.definition.Stages[c.record.StageName]
	if !ok || serves.Created.IsZero() {
		return nil
	}
	now := &ServedDeployment{DeploymentId: serves.Id, CreatedDate: serves.Created.UTC(), MetDeploymentId: c.record.DeploymentId}
	if now.DeployedSince = c.deployedSince(); now.DeployedSince {
		now.Changes = c.differences(c.met(), c.deployed())
	}
	return now
}

// deployedSince says that the stage serves another deployment than the request met. A canary
// is served beside the stage's own.
func (c *diagnosed) deployedSince() bool {
	if c.definition == nil {
		return false
	}
	serves, ok := c.definition.Stages[c.record.StageName]
	met := c.record.DeploymentId
	return ok && met != "" && met != serves.Id && met != serves.CanaryId
}

// met is the API as it served the request; nil when that is not known any more.
func (c *diagnosed) met() *Definition {
	if c.definition == nil {
		return nil
	}
	return c.definition.snapshot(c.record.DeploymentId)
}

// remark is a sentence for people on what was before and since: Linked, where it is given,
// stands between Begin and End and leads to Url.
type remark struct {
	Begin, Linked, Url, End string
	// RequestId is of the request that Linked is; a terminal has no links.
	RequestId  string
	Good, Soft bool
}

// Remarks say for people what BeforeAndSince has.
func (e *Explanation) Remarks() []remark { //nolint:revive // for the template and the terminal alone
	b := e.BeforeAndSince
	if b == nil {
		return nil
	}
	list := b.compared(e)
	if b.Deployment != nil {
		list = append(list, remark{Begin: b.Deployment.says(e)})
	}
	if after := b.FirstSuccessSince; after != nil {
		list = append(list, remark{Begin: "It works again: ", Linked: e.statusAt(after), Url: pageOf(after.RequestId), RequestId: after.RequestId, End: ".", Good: true})
	}
	if e.Node != "" {
		list = append(list, remark{Begin: "Requests of node " + e.Node + " alone were compared.", Soft: true})
	}
	return list
}

func (b *BeforeAndSince) compared(e *Explanation) (list []remark) {
	of := ""
	if e.ApiId != "" {
		of = " of API " + e.ApiId
	}
	of += fmt.Sprintf(" in the latest %d requests", b.ComparedRequests)
	switch {
	case b.SameErrorCount == 1 && b.ComparedRequests > 1:
		list = append(list, remark{Begin: "The only failure with " + e.ErrorId + of + "."})
	case b.SameErrorCount > 1 && b.FirstSameErrorDate != nil:
		list = append(list, remark{
			Linked: fmt.Sprintf("%d failures with %s", b.SameErrorCount, e.ErrorId), Url: listUrl(filter{Api: e.ApiId, ErrorId: e.ErrorId}),
			End: of + ", the first at " + e.clock(*b.FirstSameErrorDate) + ".",
		})
	}
	if before := b.LastSuccessBefore; before != nil {
		return append(list, remark{Begin: "It worked before: ", Linked: e.statusAt(before), Url: pageOf(before.RequestId), RequestId: before.RequestId, End: "."})
	}
	if e.ResourcePath != "" && b.AllCompared {
		list = append(list, remark{Begin: "No request like it worked before, as far as remembered."})
	}
	return list
}

func (d *ServedDeployment) says(e *Explanation) string {
	served := d.DeploymentId + " of " + e.clock(d.CreatedDate)
	if !d.DeployedSince {
		return "Stage " + e.Stage + " serves the same deployment still: " + served + "."
	}
	text := "Deployed since: stage " + e.Stage + " serves deployment " + served + "; this request met " + d.MetDeploymentId + "."
	if len(d.Changes) > 0 {
		text += " Changed by it: " + named(d.Changes) + "."
	}
	return text
}

// statusAt is another request in short.
func (e *Explanation) statusAt(other *Summary) string {
	return itoa(other.Status) + " at " + e.clock(receivedAt(*other))
}

// clock is a time for people, with its day where that is not the request's.
func (e *Explanation) clock(at time.Time) string {
	at = at.UTC()
	if at.Format(time.DateOnly) == e.Received.Format(time.DateOnly) {
		return at.Format(time.TimeOnly)
	}
	return at.Format(dateTime)
}

func pageOf(requestId string) string { return pagesPath + "/" + requestId }
