package usageplan

import (
	"fmt"
	"strings"

	"gatehouse/internal/apikey"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/plan"
)

// refuse says which link between a request and a plan of its stage is missing. A key's
// value is never in what it says, but for the end of it that AWS's log shows.
func refuse(call *Call, plans *plan.UsagePlans, key *plan.ApiKey, notes *record.Notes) *fault.Fault {
	f := fault.New(fault.ApiKeyRefused)
	stage := call.ApiId + "/" + call.StageName
	f.Checked = "the API key in " + sourceText(call.Source) + ", for " + call.HttpMethod + " " + call.ResourcePath + " of stage " + stage
	ofStage := plans.OfStage(call.ApiId, call.StageName)
	f.Wanted = "an enabled key of a usage plan that has the stage " + stage
	if len(ofStage) > 0 {
		f.Wanted = "an enabled key of " + describePlans(ofStage)
	}
	reason, log := ReasonUnknown, "No Usage Plan found for key and API Stage"
	switch {
	case call.Value == "":
		reason, log = ReasonNoKey, "No API Key in request"
		f.Found = "no API key"
		if call.Request != nil {
			f.Nearest = call.Request.SimilarToApiKey()
		}
	case key == nil:
		f.Found = fmt.Sprintf("a value of %d characters that no API key has", len(call.Value))
		if named := plans.ApiKeyById(call.Value); named != nil {
			f.Nearest = "it is the id of key " + describeKey(named) + ", which is not its value"
		}
	case !key.Enabled:
		reason = ReasonDisabled
		f.Found = "key " + describeKey(key) + ", which is disabled"
	case len(key.Subscriptions) == 0:
		reason = ReasonNoPlan
		f.Found = "key " + describeKey(key) + ", enabled, in no usage plan"
	default:
		reason = ReasonNoStage
		f.Found = "key " + describeKey(key) + ", enabled, in " + describePlans(plansOf(plans, key)) + ", without stage " + stage
		f.Nearest = nearestStages(plans, key, call)
	}
	if len(ofStage) == 0 {
		log = "API Stage is not in a Usage Plan"
	}
	f.LogLine = "API Key " + apikey.Mask(call.Value) + " not authorized because method '" + call.HttpMethod + " " + call.ResourcePath +
		"' requires API Key and API Key is not associated with a Usage Plan for API Stage " + stage + ": " + log
	notes.Note(record.ApiKeyReason, reason)
	if key != nil {
		notes.Note(record.ApiKeyId, key.Id)
		if len(key.Subscriptions) > 0 {
			notes.Note(record.UsagePlanId, key.Subscriptions[0].Usage.UsagePlanId)
		}
	}
	if reason == ReasonNoPlan && len(ofStage) > 0 {
		f.Nearest = "stage " + stage + " is in " + describePlans(ofStage)
	}
	return f
}

func sourceText(source string) string {
	if source == plan.ApiKeySourceAuthorizer {
		return "the authorizer's usageIdentifierKey (the API's key source is AUTHORIZER)"
	}
	return "the header x-api-key"
}

func plansOf(plans *plan.UsagePlans, key *plan.ApiKey) []*plan.UsagePlan {
	var found []*plan.UsagePlan
	for _, subscription := range key.Subscriptions {
		if usagePlan := plans.UsagePlan(subscription.Usage.UsagePlanId); usagePlan != nil {
			found = append(found, usagePlan)
		}
	}
	return found
}

// nearestStages are the stages that the key opens, those of the same API first.
func nearestStages(plans *plan.UsagePlans, key *plan.ApiKey, call *Call) string {
	const shown = 5
	var same, others []string
	for _, usagePlan := range plansOf(plans, key) {
		for i := range usagePlan.Stages {
			stage := &usagePlan.Stages[i]
			text := stage.ApiId + "/" + stage.StageName + " in plan " + describePlan(usagePlan)
			if stage.ApiId == call.ApiId {
				same = append(same, text)
			} else {
				others = append(others, text)
			}
		}
	}
	all := append(same, others...)
	if len(all) == 0 {
		return "the plan has no stage at all"
	}
	return "the key opens " + strings.Join(all[:min(len(all), shown)], ", ")
}

func describeKey(key *plan.ApiKey) string { return describe(key.Name, key.Id) }

func describePlan(usagePlan *plan.UsagePlan) string { return describe(usagePlan.Name, usagePlan.Id) }

func describePlans(plans []*plan.UsagePlan) string {
	texts := make([]string, 0, len(plans))
	for _, usagePlan := range plans {
		texts = append(texts, describePlan(usagePlan))
	}
	if len(texts) == 1 {
		return "plan " + texts[0]
	}
	return "plans " + strings.Join(texts, ", ")
}

func describe(name, id string) string {
	if name == "" {
		return id
	}
	return `"` + name + `" (id ` + id + `)`
}

// headerApiKey is the header that clients show their key in; its case does not count.
const headerApiKey = "x-api-key"

// Value finds a key in the headers of a request: the last x-api-key.
func Value(headers []integration.Field) string {
	for i := len(headers) - 1; i >= 0; i-- {
		if strings.EqualFold(headers[i].Name, headerApiKey) {
			return headers[i].Value
		}
	}
	return ""
}

// Similar finds what looks like a key in the wrong place: a header or query parameter
// whose name has "api" and "key" in it, or credentials of a scheme that names a key.
func Similar(headers, query []integration.Field) string {
	for _, header := range headers {
		if looksLikeKey(header.Name) {
			return "the header " + header.Name + " was sent; keys are read from " + headerApiKey
		}
		scheme, _, _ := strings.Cut(header.Value, " ")
		if strings.EqualFold(header.Name, "Authorization") && looksLikeKey(scheme) {
			return "the header Authorization: " + scheme + " was sent; keys are read from " + headerApiKey
		}
	}
	for _, parameter := range query {
		if looksLikeKey(parameter.Name) {
			return "the query parameter " + parameter.Name + " was sent; keys are read from the header " + headerApiKey
		}
	}
	return ""
}

func looksLikeKey(name string) bool {
	name = strings.ToLower(strings.NewReplacer("-", "", "_", "").Replace(name))
	return strings.HasSuffix(name, "apikey") || strings.HasPrefix(name, "apikey") || name == "xapi"
}
