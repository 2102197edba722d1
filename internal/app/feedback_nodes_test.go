package app

import (
	"context"
	"net/http"
	"strings"
	"testing"
)

// Source: ours; AWS has no nodes.

// Readers answer at any node; the report of each has the answers of all.
func TestFeedbackOfAllNodes(t *testing.T) {
	nats := startNats(t)
	nodes := []*App{startNode(t, nats), startNode(t, nats)}
	for _, node := range nodes {
		t.Cleanup(func() { _ = node.Stop(context.Background()) })
		header := http.Header{"Content-Type": {"application/json"}}
		status, text := at(t, node.Addr(), "POST", "http://node/_gatehouse/api/kb/articles/GH-R101/feedback", `{"helpful":true,"text":"at `+node.nodeName()+`"}`, header, nil)
		if status != http.StatusCreated {
			t.Fatalf("%d %s", status, text)
		}
	}
	for _, node := range nodes {
		eventually(t, func() bool {
			_, report := at(t, node.Addr(), "GET", "http://node/_gatehouse/kb/reports", "", nil, nil)
			return strings.Contains(report, `data-label="Yes">2<`) && strings.Contains(report, "at "+nodes[0].nodeName()) && strings.Contains(report, "at "+nodes[1].nodeName())
		})
	}
}
