// Package snapshottest reads an HTTP API from the short JSON that test fixtures have: an
// apigwv2.Snapshot in which each route holds its integration, and ids follow from the
// order of names.
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

// Route is a route and its integration.
type Route struct {
	apigwv2.Route
	Integration *apigwv2.Integration
}

// fixture is an API as fixtures write it.
type fixture struct {
	Api         apigwv2.Api
	Routes      map[string]Route              // by route key
	Authorizers map[string]apigwv2.Authorizer // by id
}

// Parse reads a fixture's API. Members that do not exist are errors.
func Parse(text []byte) (apigwv2.Snapshot, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	var read fixture
	if err := decoder.Decode(&read); err != nil {
		return apigwv2.Snapshot{}, fmt.Errorf("reading a fixture's API: %w", err)
	}
	snapshot := apigwv2.Snapshot{Api: read.Api}
	if snapshot.Api.ApiId == "" {
		snapshot.Api.ApiId = ApiId
	}
	snapshot.Api.ProtocolType = apigwv2.ProtocolTypeHttp
	for i, routeKey := range slices.Sorted(maps.Keys(read.Routes)) {
		route := read.Routes[routeKey]
		route.RouteKey, route.RouteId = routeKey, "route"+strconv.Itoa(i)
		if route.Integration != nil {
			id := "integration" + strconv.Itoa(i)
			route.Integration.IntegrationId, route.Target = id, "integrations/"+id
			snapshot.Integrations = append(snapshot.Integrations, *route.Integration)
		}
		snapshot.Routes = append(snapshot.Routes, route.Route)
	}
	for _, id := range slices.Sorted(maps.Keys(read.Authorizers)) {
		settings := read.Authorizers[id]
		settings.AuthorizerId = id
		snapshot.Authorizers = append(snapshot.Authorizers, settings)
	}
	return snapshot, nil
}
