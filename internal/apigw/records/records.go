// Package records says where the nouns of APIs are kept: one typed
// store.Collection for each, under the account and region. The control plane writes
// them, the publisher reads them; both through this package alone.
//
// It does not validate and does not watch. Begin at the list of collections, then
// Content, which gathers what a deployment freezes.
package records

import (
	"fmt"

	"gatehouse/internal/apigw"
	"gatehouse/internal/deployment"
	"gatehouse/internal/store"
)

// The collections, and what the segments of their ids are.
var (
	// RestApis is keyed by restApiId.
	RestApis = store.NewCollection[apigw.RestApi]("RestApi")
	// Resources is keyed by restApiId, resourceId; the methods are inside.
	Resources = store.NewCollection[apigw.Resource]("RestApi.Resource")
	// Models is keyed by restApiId, name.
	Models = store.NewCollection[apigw.Model]("RestApi.Model")
	// RequestValidators is keyed by restApiId, requestValidatorId.
	RequestValidators = store.NewCollection[apigw.RequestValidator]("RestApi.RequestValidator")
	// Authorizers is keyed by restApiId, authorizerId.
	Authorizers = store.NewCollection[apigw.Authorizer]("RestApi.Authorizer")
	// GatewayResponses is keyed by restApiId, responseType; only those a user set.
	GatewayResponses = store.NewCollection[apigw.GatewayResponse]("RestApi.GatewayResponse")
	// Deployments is keyed by restApiId, deploymentId.
	Deployments = store.NewCollection[apigw.Deployment]("RestApi.Deployment")
	// Snapshots is keyed by restApiId, deploymentId.
	Snapshots = store.NewCollection[deployment.Snapshot]("RestApi.Snapshot")
	// Stages is keyed by restApiId, stageName.
	Stages = store.NewCollection[apigw.Stage]("RestApi.Stage")
	// DocumentationParts is keyed by restApiId, documentationPartId.
	DocumentationParts = store.NewCollection[apigw.DocumentationPart]("RestApi.DocumentationPart")
	// DocumentationVersions is keyed by restApiId, version.
	DocumentationVersions = store.NewCollection[apigw.DocumentationVersion]("RestApi.DocumentationVersion")
	// Accounts has one record, AccountId.
	Accounts = store.NewCollection[apigw.Account]("Account")
)

// AccountId is the id of the one record of Accounts.
const AccountId = "account"

// Scope is where the records of an account in a region are.
func Scope(scope apigw.Scope) store.Scope {
	return store.Scope{Account: scope.Account, Region: scope.Region}
}

// Content gathers everything of a RestApi that a deployment freezes. Errors:
// store.ErrNotFound when there is no such RestApi.
func Content(r store.Reader, scope apigw.Scope, restApiId string) (deployment.Snapshot, error) {
	var content deployment.Snapshot
	g := gatherer{r: r, at: Scope(scope), restApiId: restApiId}
	if content.RestApi, g.err = RestApis.Get(r, g.at, restApiId); g.err != nil {
		return content, g.err
	}
	gather(&g, Resources, &content.Resources)
	gather(&g, Models, &content.Models)
	gather(&g, RequestValidators, &content.RequestValidators)
	gather(&g, Authorizers, &content.Authorizers)
	gather(&g, GatewayResponses, &content.GatewayResponses)
	if g.err != nil {
		return content, fmt.Errorf("gathering API %s: %w", restApiId, g.err)
	}
	return content, nil
}

// gatherer lists what one RestApi has, and keeps the first error.
type gatherer struct {
	r         store.Reader
	at        store.Scope
	restApiId string
	err       error
}

func gather[T any](g *gatherer, collection store.Collection[T], into *[]T) {
	if g.err == nil {
		*into, g.err = collection.List(g.r, g.at, g.restApiId)
	}
}

// DeleteRestApi deletes a RestApi and everything it has.
func DeleteRestApi(tx *store.Tx, scope apigw.Scope, restApiId string) {
	at := Scope(scope)
	RestApis.Delete(tx, at, restApiId)
	Resources.Delete(tx, at, restApiId)
	Models.Delete(tx, at, restApiId)
	RequestValidators.Delete(tx, at, restApiId)
	Authorizers.Delete(tx, at, restApiId)
	GatewayResponses.Delete(tx, at, restApiId)
	Deployments.Delete(tx, at, restApiId)
	Snapshots.Delete(tx, at, restApiId)
	Stages.Delete(tx, at, restApiId)
	DocumentationParts.Delete(tx, at, restApiId)
	DocumentationVersions.Delete(tx, at, restApiId)
}
