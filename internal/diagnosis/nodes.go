package diagnosis

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
)

// Nodes are the other nodes of a cluster. Each keeps the requests that it served; who
// wants to know of one asks them all.
type Nodes interface {
	// Name is this node's own, for people.
	Name() string
	// AskEach asks all other nodes at once and calls visit with what becomes of each, until
	// it returns false. It is bounded in time. The error says that the nodes are not known.
	AskEach(ctx context.Context, question []byte, visit func(NodeAnswer) bool) error
}

// NodeAnswer is what another node's Answer returned, or, as what the node did, why there is
// none: "did not answer".
type NodeAnswer struct {
	Node string
	Data []byte
	Err  error
}

// Bounds of what nodes send each other, bytes.
const (
	maxNodeAnswer = 1 << 20
	maxRequestId  = 256
)

// Sight is what somebody may see of the recent requests; the zero value is nothing.
type Sight struct {
	All     bool   `json:"all,omitempty"`     // everything, as in developer mode
	Account string `json:"account,omitempty"` // what belongs to the account
	Unowned bool   `json:"unowned,omitempty"` // what belongs to none
}

func (s Sight) sees(r *record.Record) bool {
	if r.AccountId == "" {
		return s.All || s.Unowned
	}
	return s.All || s.Account == r.AccountId
}

// Unanswered is a node that an answer says nothing of, or not all.
type Unanswered struct {
	// Node is empty where nobody knows which nodes there are.
	Node    string `json:"node,omitempty"`
	Because string `json:"because"` // "did not answer"
}

// String is a sentence without a full stop.
func (u Unanswered) String() string {
	if u.Node == "" {
		return "the other nodes " + u.Because
	}
	return "node " + u.Node + " " + u.Because
}

// question is what nodes ask each other: an explanation where RequestId is given, a list
// otherwise. Nodes of different versions may meet: members are added, never changed.
type question struct {
	RequestId string `json:"requestId,omitempty"`
	Filter    filter `json:"filter"`
	Sight     Sight  `json:"sight"`
}

// answer is what they answer.
type answer struct {
	Explanation *Explanation `json:"explanation,omitempty"`
	Requests    []Summary    `json:"requests,omitempty"`
	// Cut says that there were more requests than an answer holds.
	Cut bool `json:"cut,omitempty"`
}

// filter is which requests a list has.
type filter struct {
	Limit   int    `json:"limit"`
	Api     string `json:"api,omitempty"`
	Stage   string `json:"stage,omitempty"`
	Status  string `json:"status,omitempty"` // a code or a class: 404, 5xx
	ErrorId string `json:"errorId,omitempty"`
}

func (f *filter) keeps(r *record.Record) bool {
	code := strconv.Itoa(r.StatusCode)
	return (f.Api == "" || r.ApiId == f.Api) && (f.Stage == "" || r.StageName == f.Stage) &&
		(f.Status == "" || code == f.Status || code[:1]+"xx" == f.Status) &&
		(f.ErrorId == "" || r.Fault != nil && r.Fault.Id() == fault.Id(f.ErrorId))
}

var (
	errSecure   = errors.New("it is in secure mode and tells nothing to a node in developer mode")
	errTooLarge = errors.New("it has the request, and the explanation is larger than nodes send each other; ask that node itself")
)

// Answer answers what another node asks, of the requests that this node served.
func (h *Handler) Answer(encoded []byte) ([]byte, error) {
	var asked question
	if err := json.Unmarshal(encoded, &asked); err != nil {
		return nil, fmt.Errorf("reading a question of another node: %w", err)
	}
	if asked.Sight.All && h.Sight != nil {
		return nil, errSecure
	}
	if asked.RequestId != "" {
		found := h.findHere(asked.RequestId, asked.Sight)
		reply, err := json.Marshal(answer{Explanation: found})
		if len(reply) > maxNodeAnswer {
			return nil, errTooLarge
		}
		return reply, err //nolint:wrapcheck // it cannot fail
	}
	return fitting(h.listHere(asked.Filter, asked.Sight))
}

// fitting encodes as many of the latest requests as an answer holds.
func fitting(list []Summary) ([]byte, error) {
	for cut := false; ; cut = true {
		reply, err := json.Marshal(answer{Requests: list, Cut: cut})
		if err != nil || len(reply) <= maxNodeAnswer {
			return reply, err //nolint:wrapcheck // it cannot fail
		}
		list = list[:len(list)/2]
	}
}

// Found is an explanation, or what is to be said where there is none.
type Found struct {
	Explanation *Explanation // nil without one
	// Unanswered are nodes that may know more.
	Unanswered []Unanswered
}

// Find explains a recent request by its request id or extended request id, or the one
// that Latest means, whichever node served it.
func (h *Handler) Find(ctx context.Context, requestId string) Found {
	sight := h.sight(ctx)
	if sight == (Sight{}) || len(requestId) > maxRequestId {
		return Found{}
	}
	found := Found{Explanation: h.findHere(requestId, sight)}
	if h.Nodes == nil {
		return found
	}
	if found.Explanation != nil {
		found.Explanation.Node = h.Nodes.Name()
		if requestId != Latest {
			return found
		}
	}
	found.Unanswered = h.ask(ctx, question{RequestId: requestId, Sight: sight}, func(node string, given answer) bool {
		theirs := given.Explanation
		if theirs == nil || found.Explanation != nil && !theirs.Received.After(found.Explanation.Received) {
			return true
		}
		theirs.Node, found.Explanation = node, theirs
		return requestId == Latest
	})
	if found.Explanation != nil && requestId != Latest {
		found.Unanswered = nil // there is nothing more to know
	}
	return found
}

// list are the latest requests of all nodes, the newest first.
func (h *Handler) list(ctx context.Context, f filter) (list []Summary, unanswered []Unanswered) {
	sight := h.sight(ctx)
	list = h.listHere(f, sight)
	if h.Nodes == nil {
		return list, nil
	}
	others := false
	var theirs []Summary
	unanswered = h.ask(ctx, question{Filter: f, Sight: sight}, func(node string, given answer) bool {
		others = true
		for i := range given.Requests {
			given.Requests[i].Node = node
		}
		theirs = append(theirs, given.Requests...)
		return true
	})
	if !others && len(unanswered) == 0 {
		return list, nil
	}
	for i := range list {
		list[i].Node = h.Nodes.Name()
	}
	list = append(list, theirs...)
	slices.SortStableFunc(list, func(a, b Summary) int {
		return cmp.Or(receivedAt(b).Compare(receivedAt(a)), cmp.Compare(a.Node, b.Node))
	})
	return list[:min(len(list), f.Limit)], unanswered
}

func receivedAt(s Summary) time.Time {
	at, _ := time.Parse(receivedLayout, s.Received) // what is none sorts last
	return at
}

// ask asks the other nodes, and says of which of them not everything is known.
func (h *Handler) ask(ctx context.Context, asked question, visit func(node string, given answer) bool) (unanswered []Unanswered) {
	encoded, err := json.Marshal(asked)
	if err == nil {
		err = h.Nodes.AskEach(ctx, encoded, func(one NodeAnswer) bool {
			var given answer
			if one.Err == nil {
				one.Err = json.Unmarshal(one.Data, &given)
			}
			switch {
			case one.Err != nil:
				unanswered = append(unanswered, Unanswered{Node: one.Node, Because: one.Err.Error()})
				return true
			case given.Cut:
				unanswered = append(unanswered, Unanswered{Node: one.Node, Because: fmt.Sprintf("sent only its latest %d, as many as fit into an answer", len(given.Requests))})
			}
			return visit(one.Node, given)
		})
	}
	if err != nil {
		unanswered = append(unanswered, Unanswered{Because: "are not known: " + err.Error()})
	}
	slices.SortFunc(unanswered, func(a, b Unanswered) int { return cmp.Compare(a.Node, b.Node) })
	return unanswered
}
