package dataplane

import (
	"net/http"

	"gatehouse/internal/dataplane/inbound"
	"gatehouse/internal/plan"
)

// WebSocketApis serves handshakes and then connections of WebSocket APIs;
// *websocketapi.Pipeline does.
type WebSocketApis interface {
	Serve(w http.ResponseWriter, stage *plan.WebSocketStage, in *inbound.Request)
}

// serveWebSocket serves a handshake at a WebSocket API's own endpoint.
func (h *Handler) serveWebSocket(w http.ResponseWriter, r *http.Request, api *plan.Api, target Target) {
	stage, ok := api.WebSocketStages[target.StageName]
	if !ok {
		h.forbid(w, r, target)
		return
	}
	if h.otherRegion(w, r, target, stage.Region) {
		return
	}
	target.Traced = true
	h.WebSocket.Serve(w, stage, h.receive(r, target))
}

// WebSocketStage finds what a stage of a WebSocket API serves now, for the messages of
// connections that were made before.
func (h *Handler) WebSocketStage(apiId, stageName string) (*plan.WebSocketStage, bool) {
	api, ok := h.Published().Api(apiId)
	if !ok {
		return nil, false
	}
	stage, ok := api.WebSocketStages[stageName]
	return stage, ok
}
