package records

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/store"
)

// connectionVpcLink is the connection type of integrations that use a VpcLink.
const connectionVpcLink = "VPC_LINK"

// VpcLinkReference is a use of a VpcLink.
type VpcLinkReference struct {
	ApiId      string
	HttpMethod string
	// Resource is the id of the resource, of an HTTP or WebSocket API that of the route, or
	// that of an integration without routes (unconfirmed).
	Resource string
	// IntegrationId belongs to HTTP and WebSocket APIs; it is empty for a REST API.
	IntegrationId string
	// Uri is the integration's: a URL, or the ARN of a listener.
	Uri string
	// AutoDeploy says that the stage deploys by itself.
	AutoDeploy bool
	// StageName is set for a use by what a stage serves, StageVariable where a variable of
	// the stage names the link.
	StageName, StageVariable string
}

// String is the reference as AWS writes it when it refuses to delete a link:
// "Method:Resource", or "Method:Resource:Stage".
func (v VpcLinkReference) String() string {
	text := v.HttpMethod + ":" + v.Resource
	if v.StageName != "" {
		text += ":" + v.StageName
	}
	return text
}

// VpcLinkReferences lists who uses a VpcLink, of either version: live are the
// integrations as they are edited, deployed those of snapshots that stages serve. Both are
// in a fixed order, and each reference is there once.
func VpcLinkReferences(r store.Reader, scope apigw.Scope, vpcLinkId string) (live, deployed []VpcLinkReference, err error) {
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
	live      map[VpcLinkReference]bool
	deployed  map[VpcLinkReference]bool
	err       error
}

func (f *linkFinder) restApis() {
	for _, id := range Resources.IDs(f.r, f.at) {
		f.resource(get(f, Resources, id...), nil, func(reference VpcLinkReference) {
			reference.ApiId = id[0]
			add(&f.live, reference)
		})
	}
	for _, id := range Stages.IDs(f.r, f.at) {
		stage := get(f, Stages, id[0], id[1])
		if stage.DeploymentId == "" || f.err != nil {
			continue
		}
		for _, resource := range get(f, Snapshots, id[0], stage.DeploymentId).Resources {
			f.resource(resource, stage.Variables, func(reference VpcLinkReference) {
				reference.ApiId, reference.StageName = id[0], stage.StageName
				add(&f.deployed, reference)
			})
		}
	}
}

func (f *linkFinder) resource(resource apigw.Resource, variables map[string]string, found func(VpcLinkReference)) {
	for httpMethod, method := range resource.Methods {
		integration := method.MethodIntegration
		if integration != nil && f.uses(integration.ConnectionType, integration.ConnectionId, variables) {
			found(VpcLinkReference{HttpMethod: httpMethod, Resource: resource.Id, Uri: integration.Uri, StageVariable: stageVariableOf(integration.ConnectionId)})
		}
	}
}

func (f *linkFinder) apis() {
	for _, id := range Apis.IDs(f.r, f.at) {
		routes := list(f, Routes, id[0])
		for _, integration := range list(f, Integrations, id[0]) {
			f.integration(integration, routes, nil, func(reference VpcLinkReference) {
				reference.ApiId = id[0]
				add(&f.live, reference)
			})
		}
	}
	for _, id := range ApiStages.IDs(f.r, f.at) {
		stage := get(f, ApiStages, id[0], id[1])
		if stage.DeploymentId == "" || f.err != nil {
			continue
		}
		snapshot := get(f, ApiSnapshots, id[0], stage.DeploymentId)
		for _, integration := range snapshot.Integrations {
			f.integration(integration, snapshot.Routes, stage.StageVariables, func(reference VpcLinkReference) {
				reference.ApiId, reference.StageName, reference.AutoDeploy = id[0], stage.StageName, stage.AutoDeploy
				add(&f.deployed, reference)
			})
		}
	}
}

func (f *linkFinder) integration(integration apigwv2.Integration, routes []apigwv2.Route, variables map[string]string, found func(VpcLinkReference)) {
	if !f.uses(integration.ConnectionType, integration.ConnectionId, variables) {
		return
	}
	httpMethod, alone := integration.IntegrationMethod, true
	if httpMethod == "" {
		httpMethod = "ANY"
	}
	for _, route := range routes {
		if route.Target == apigwv2.TargetOf(integration.IntegrationId) {
			found(VpcLinkReference{HttpMethod: httpMethod, Resource: route.RouteId, IntegrationId: integration.IntegrationId, Uri: integration.IntegrationUri, StageVariable: stageVariableOf(integration.ConnectionId)})
			alone = false
		}
	}
	if alone {
		found(VpcLinkReference{HttpMethod: httpMethod, Resource: integration.IntegrationId, IntegrationId: integration.IntegrationId, Uri: integration.IntegrationUri, StageVariable: stageVariableOf(integration.ConnectionId)})
	}
}

// uses says whether an integration is connected by the link; its id may be that of a
// stage variable.
func (f *linkFinder) uses(connectionType, connectionId string, variables map[string]string) bool {
	if connectionType != connectionVpcLink {
		return false
	}
	if name := stageVariableOf(connectionId); name != "" {
		connectionId = variables[name]
	}
	return connectionId == f.vpcLinkId
}

// stageVariableOf is the stage variable that the connection id of an integration names;
// empty for the id of a link.
func stageVariableOf(connectionId string) string {
	name, ok := strings.CutPrefix(connectionId, "${stageVariables.")
	if !ok || !strings.HasSuffix(name, "}") {
		return ""
	}
	return strings.TrimSuffix(name, "}")
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

func add(set *map[VpcLinkReference]bool, reference VpcLinkReference) {
	if *set == nil {
		*set = map[VpcLinkReference]bool{}
	}
	(*set)[reference] = true
}

func sorted(set map[VpcLinkReference]bool) []VpcLinkReference {
	return slices.SortedFunc(maps.Keys(set), func(a, b VpcLinkReference) int {
		return cmp.Or(strings.Compare(a.String(), b.String()), strings.Compare(a.ApiId, b.ApiId))
	})
}
