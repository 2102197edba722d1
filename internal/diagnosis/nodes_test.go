package diagnosis

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/dataplane/record"
)

// Source: ours; AWS has no nodes.

// served are requests of one node, the newest first.
type served []*record.Record

func (s served) Find(requestId string) (*record.Record, bool) {
	for _, one := range s {
		if one.RequestId == requestId {
			return one, true
		}
	}
	return nil, false
}

func (s served) List(limit int, keep func(*record.Record) bool) (list []*record.Record) {
	for _, one := range s {
		if len(list) < limit && keep(one) {
			list = append(list, one)
		}
	}
	return list
}

// neighbour is one other node.
type neighbour struct {
	answer func([]byte) ([]byte, error)
	asked  int
	err    error
}

func (n *neighbour) Name() string { return "here" }

func (n *neighbour) AskEach(_ context.Context, question []byte, visit func(NodeAnswer) bool) error {
	n.asked++
	if n.err != nil {
		return n.err
	}
	data, err := n.answer(question)
	visit(NodeAnswer{Node: "there", Data: data, Err: err})
	return nil
}

func some(count int, account, path string) served {
	var list served
	for i := range count {
		list = append(list, &record.Record{Summary: record.Summary{Method: record.Method{AccountId: account}, Exchange: record.Exchange{
			RequestId: path + strconv.Itoa(i), Path: "/" + path, Received: time.Unix(int64(1000-i), 0), StatusCode: 200,
		}}})
	}
	return list
}

func between(here, there served) (*Handler, *neighbour) {
	other := NewHandler(there, &Explainer{})
	n := &neighbour{answer: other.Answer}
	h := NewHandler(here, &Explainer{})
	h.Nodes = n
	return h, n
}

// An answer has a largest size; what does not fit is said to be missing.
func TestAnswerIsBounded(t *testing.T) {
	long := strings.Repeat("x", record.MaxPath)
	h, _ := between(nil, some(maxListLimit, "1", long))
	list, unanswered := h.list(t.Context(), filter{Limit: maxListLimit})
	if len(list) == 0 || len(list) >= maxListLimit || list[0].RequestId != long+"0" || len(unanswered) != 1 || !strings.HasPrefix(unanswered[0].Because, "sent only its latest ") {
		t.Errorf("%d requests, %v", len(list), unanswered)
	}
	large := some(1, "1", "large")
	large[0].Steps = []record.Step{{Facts: []record.Fact{{Kind: record.RequestBody, Body: make([]byte, 2*maxNodeAnswer)}}}}
	h, _ = between(nil, large)
	if found := h.Find(t.Context(), "large0"); found.Explanation != nil || len(found.Unanswered) != 1 || found.Unanswered[0].Because != errTooLarge.Error() {
		t.Errorf("got %+v", found)
	}
	question, _ := json.Marshal(question{Filter: filter{Limit: 1 << 40}, Sight: Sight{All: true}})
	if reply, err := NewHandler(some(3, "1", "x"), &Explainer{}).Answer(question); err != nil || len(reply) > maxNodeAnswer {
		t.Errorf("a limit without end: %d bytes, %v", len(reply), err)
	}
	if _, err := h.Answer([]byte("{")); err == nil {
		t.Error("what is no question was answered")
	}
}

// Nobody is asked for what who asks may not see, or for what is here.
func TestWhoIsAsked(t *testing.T) {
	h, other := between(some(1, "1", "here"), append(some(1, "2", "there"), some(1, "", "nobodys")...))
	for _, test := range []struct {
		sight Sight
		id    string
		finds bool
		asked int
	}{
		{Sight{Account: "1"}, "here0", true, 0}, {Sight{Account: "1"}, "there0", false, 1}, {Sight{Account: "2"}, "there0", true, 1},
		{Sight{Account: "2"}, "nobodys0", false, 1}, {Sight{Account: "3", Unowned: true}, "nobodys0", true, 1}, {Sight{All: true}, "nobodys0", true, 1},
		{Sight{}, "nobodys0", false, 0}, {Sight{All: true}, strings.Repeat("x", maxRequestId+1), false, 0},
	} {
		other.asked = 0
		h.Sight = func(context.Context) Sight { return test.sight }
		if found := h.Find(t.Context(), test.id); (found.Explanation != nil) != test.finds || other.asked != test.asked {
			t.Errorf("%+v: asked %d times, got %+v", test, other.asked, found)
		}
	}
}

func TestNodesAreNotKnown(t *testing.T) {
	h, other := between(some(1, "1", "here"), nil)
	other.err = errors.New("NATS is away")
	list, unanswered := h.list(t.Context(), filter{Limit: 10})
	if len(list) != 1 || len(unanswered) != 1 || unanswered[0].String() != "the other nodes are not known: NATS is away" {
		t.Errorf("%v %v", list, unanswered)
	}
}
