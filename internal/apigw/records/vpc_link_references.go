package records

import (
	"maps"
	"slices"
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/store"
)

// connectionVpcLink is the connection type of integrations that use a VpcLink.
const connectionVpcLink = "VPC_LINK"

// VpcLinkReferences lists who uses a VpcLink, of either version, as AWS writes it when
// it refuses to delete one. Live is "Method:Resource" of each
// integration; deployed is "Method:Resource:Stage" of each integration of a snapshot that
// a stage serves. Both are in a fixed order, and each reference is there once. The
// Resource of an HTTP or WebSocket API is the id of the route, or that of an
// integration without routes (unconfirmed).
func VpcLinkReferences(r store.Reader, scope apigw.Scope, vpcLinkId string) (live, deployed []string, err error) {
	f := linkFinder{r: r, at: Scope(scope), vpcLinkId: vpcLinkId}
	f.restApis()
	f.apis()
	return sorted(f.live), sorted(f.deployed), f.err
}

// linkFinder walks all APIs of a scope, and keeps the first error.
type linkFinder struct {
	r         store.Reader
	at        store.Scope
	vpcLinkId string
	live      map[string]bool
	deployed  map[string]bool
	err       error
}

func (f *linkFinder) restApis() {
	for _, resource := range list(f, Resources) {
		f.resource(resource, nil, func(reference string) { add(&f.live, reference) })
	}
	for _, id := range Stages.IDs(f.r, f.at) {
		stage := get(f, Stages, id[0], id[1])
		if stage.DeploymentId == "" || f.err != nil {
			continue
		}
		for _, resource := range get(f, Snapshots, id[0], stage.DeploymentId).Resources {
			f.resource(resource, stage.Variables, func(reference string) { add(&f.deployed, reference+":"+stage.StageName) })
		}
	}
}

func (f *linkFinder) resource(resource apigw.Resource, variables map[string]string, found func(string)) {
	for httpMethod, method := range resource.Methods {
		integration := method.MethodIntegration
		if integration != nil && f.uses(integration.ConnectionType, integration.ConnectionId, variables) {
			found(httpMethod + ":" + resource.Id)
		}
	}
}

func (f *linkFinder) apis() {
	for _, id := range Apis.IDs(f.r, f.at) {
		routes := list(f, Routes, id[0])
		for _, integration := range list(f, Integrations, id[0]) {
			f.integration(integration, routes, nil, func(reference string) { add(&f.live, reference) })
		}
	}
	for _, id := range ApiStages.IDs(f.r, f.at) {
		stage := get(f, ApiStages, id[0], id[1])
		if stage.DeploymentId == "" || f.err != nil {
			continue
		}
		snapshot := get(f, ApiSnapshots, id[0], stage.DeploymentId)
		for _, integration := range snapshot.Integrations {
			f.integration(integration, snapshot.Routes, stage.StageVariables, func(reference string) { add(&f.deployed, reference+":"+stage.StageName) })
		}
	}
}

func (f *linkFinder) integration(integration apigwv2.Integration, routes []apigwv2.Route, variables map[string]string, found func(string)) {
	if !f.uses(integration.ConnectionType, integration.ConnectionId, variables) {
		return
	}
	httpMethod, alone := integration.IntegrationMethod, true
	if httpMethod == "" {
		httpMethod = "ANY"
	}
	for _, route := range routes {
		if route.Target == apigwv2.TargetOf(integration.IntegrationId) {
			found(httpMethod + ":" + route.RouteId)
			alone = false
		}
	}
	if alone {
		found(httpMethod + ":" + integration.IntegrationId)
	}
}

// uses says whether an integration is connected by the link; its id may be that of a
// stage variable.
func (f *linkFinder) uses(connectionType, connectionId string, variables map[string]string) bool {
	if connectionType != connectionVpcLink {
		return false
	}
	name, ok := strings.CutPrefix(connectionId, "${stageVariables.")
	if ok && strings.HasSuffix(name, "}") {
		connectionId = variables[strings.TrimSuffix(name, "}")]
	}
	return connectionId == f.vpcLinkId
}

func list[T any](f *linkFinder, collection store.Collection[T], id ...string) []T {
	if f.err != nil {
		return nil
	}
	var all []T
	all, f.err = collection.List(f.r, f.at, id...)
	return all
}

func get[T any](f *linkFinder, collection store.Collection[T], id ...string) T {
	var one T
	if f.err == nil {
		one, f.err = collection.Get(f.r, f.at, id...)
	}
	return one
}

func add(set *map[string]bool, item string) {
	if *set == nil {
		*set = map[string]bool{}
	}
	(*set)[item] = true
}

func sorted(set map[string]bool) []string { return slices.Sorted(maps.Keys(set)) }
