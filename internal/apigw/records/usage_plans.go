package records

import (
	"slices"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/store"
)

// API keys and usage plans.
var (
	// ApiKeys is keyed by apiKeyId.
	ApiKeys = store.NewCollection[apigw.ApiKey]("ApiKey")
	// ApiKeyValues is keyed by the digest of a value, and holds the id of its key: no two
	// keys have one value.
	ApiKeyValues = store.NewCollection[string]("ApiKey.Value")
	// UsagePlans is keyed by usagePlanId.
	UsagePlans = store.NewCollection[apigw.UsagePlan]("UsagePlan")
	// UsagePlanKeys is keyed by usagePlanId, apiKeyId.
	UsagePlanKeys = store.NewCollection[apigw.UsagePlanKey]("UsagePlan.Key")
	// UsageExtensions is keyed by usagePlanId, apiKeyId.
	UsageExtensions = store.NewCollection[apigw.UsageExtension]("UsagePlan.Extension")
)

// UsagePlansOfKey lists the plans that a key is in, in order of their ids.
func UsagePlansOfKey(r store.Reader, scope apigw.Scope, apiKeyId string) ([]apigw.UsagePlan, error) {
	at := Scope(scope)
	var found []apigw.UsagePlan
	for _, id := range UsagePlans.IDs(r, at) {
		if !UsagePlanKeys.Has(r, at, id[0], apiKeyId) {
			continue
		}
		plan, err := UsagePlans.Get(r, at, id[0])
		if err != nil {
			return nil, err
		}
		found = append(found, plan)
	}
	return found, nil
}

// HasApiStage says whether there is such a stage of a REST API or WebSocket API: HTTP
// APIs know no usage plans.
func HasApiStage(r store.Reader, scope apigw.Scope, apiId, stageName string) bool {
	return Stages.Has(r, Scope(scope), apiId, stageName) || IsWebSocketStage(r, scope, apiId, stageName)
}

// IsWebSocketStage says whether there is such a stage of a WebSocket API.
func IsWebSocketStage(r store.Reader, scope apigw.Scope, apiId, stageName string) bool {
	at := Scope(scope)
	if !ApiStages.Has(r, at, apiId, stageName) {
		return false
	}
	api, err := Apis.Get(r, at, apiId)
	return err == nil && api.ProtocolType == apigwv2.ProtocolTypeWebSocket
}

// RemoveApiStages takes the stage of an API that is being deleted, or all its stages when
// stageName is empty, out of the usage plans that have them, as AWS does (observed by
// users of Terraform, whose plans lost stages that were made anew).
func RemoveApiStages(tx *store.Tx, scope apigw.Scope, apiId, stageName string) error {
	at := Scope(scope)
	plans, err := UsagePlans.List(tx, at)
	if err != nil {
		return err
	}
	for i := range plans {
		kept := slices.DeleteFunc(slices.Clone(plans[i].ApiStages), func(stage apigw.ApiStage) bool {
			return stage.ApiId == apiId && (stageName == "" || stage.Stage == stageName)
		})
		if len(kept) == len(plans[i].ApiStages) {
			continue
		}
		plans[i].ApiStages = kept
		if err := UsagePlans.Put(tx, plans[i], at, plans[i].Id); err != nil {
			return err
		}
	}
	return nil
}
