// Package snapshottest reads a WebSocket API from the short JSON that test fixtures
// have: an apigwv2.Snapshot in which each route holds its integration, and ids follow
// from the order of names.
//
// It is for tests alone. Begin at Parse.
package snapshottest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"gatehouse/internal/apigw/apigwv2"
)

// ApiId is the id of an API whose fixture names none.
const ApiId = "a1b2c3d4e5"

// Route is a route, its integration and its responses.
type Route struct {
	apigwv2.Route
	Integration          *apigwv2.Integration
	IntegrationResponses map[string]apigwv2.IntegrationResponse // by key
	// Answers adds the $default route response.
	Answers bool
}

// fixture is an API as fixtures write it.
type fixture struct {
	Api         apigwv2.Api
	Routes      map[string]Route              // by route key
	Models      map[string]string             // schemas by name
	Authorizers map[string]apigwv2.Authorizer // by id
}

// Parse reads a fixture's API. Members that do not exist are errors. Routes are selected
// by $request.body.action unless the fixture says otherwise.
func Parse(text []byte) (apigwv2.Snapshot, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	var read fixture
	if err := decoder.Decode(&read); err != nil {
		return apigwv2.Snapshot{}, fmt.Errorf("reading a fixture's API: %w", err)
	}
	snapshot := apigwv2.Snapshot{
		Api: read.Api, RouteResponses: map[string][]apigwv2.RouteResponse{}, IntegrationResponses: map[string][]apigwv2.IntegrationResponse{},
	}
	snapshot.Api.ProtocolType = apigwv2.ProtocolTypeWebSocket
	if snapshot.Api.ApiId == "" {
		snapshot.Api.ApiId = ApiId
	}
	if snapshot.Api.RouteSelectionExpression == "" {
		snapshot.Api.RouteSelectionExpression = "$request.body.action"
	}
	for i, routeKey := range slices.Sorted(maps.Keys(read.Routes)) {
		add(&snapshot, read.Routes[routeKey], routeKey, strconv.Itoa(i))
	}
	for _, name := range slices.Sorted(maps.Keys(read.Models)) {
		snapshot.Models = append(snapshot.Models, apigwv2.Model{Name: name, Schema: read.Models[name]})
	}
	for _, id := range slices.Sorted(maps.Keys(read.Authorizers)) {
		settings := read.Authorizers[id]
		settings.AuthorizerId = id
		snapshot.Authorizers = append(snapshot.Authorizers, settings)
	}
	return snapshot, nil
}

func add(snapshot *apigwv2.Snapshot, route Route, routeKey, number string) {
	route.RouteKey, route.RouteId = routeKey, "route"+number
	if route.Integration != nil {
		id := "integration" + number
		route.Integration.IntegrationId, route.Target = id, "integrations/"+id
		snapshot.Integrations = append(snapshot.Integrations, *route.Integration)
		for _, key := range slices.Sorted(maps.Keys(route.IntegrationResponses)) {
			response := route.IntegrationResponses[key]
			response.IntegrationResponseKey = key
			snapshot.IntegrationResponses[id] = append(snapshot.IntegrationResponses[id], response)
		}
	}
	if route.Answers {
		route.RouteResponseSelectionExpression = "$default"
		snapshot.RouteResponses[route.RouteId] = []apigwv2.RouteResponse{{RouteResponseKey: "$default"}}
	}
	snapshot.Routes = append(snapshot.Routes, route.Route)
}
