package restapis

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/control/patch"
)

// usagePlanPatches: API reference, "Patch operations", UpdateUsagePlan; the order of what
// can be removed is that of AWS's error (observed).
var usagePlanPatches = patch.Table[apigw.UsagePlan]{
	{Path: "/name", Replace: patch.String(func(p *apigw.UsagePlan) *string { return &p.Name })},
	{Path: "/description", Replace: patch.String(func(p *apigw.UsagePlan) *string { return &p.Description })},
	{Path: "/apiStages", Add: addApiStage, Remove: removeApiStage},
	{Path: "/quota", Remove: func(p *apigw.UsagePlan, _ patch.Operation) error { p.Quota = nil; return nil }},
	{Path: "/throttle", Remove: func(p *apigw.UsagePlan, _ patch.Operation) error { p.Throttle = nil; return nil }},
	{
		Path: "/productCode", // add: Terraform's provider sends it when it creates a plan
		Add:  patch.String(func(p *apigw.UsagePlan) *string { return &p.ProductCode }), Replace: patch.String(func(p *apigw.UsagePlan) *string { return &p.ProductCode }),
		Remove: func(p *apigw.UsagePlan, _ patch.Operation) error { p.ProductCode = ""; return nil },
	},
	{Path: "/quota/limit", Add: quota(patch.Int32(quotaLimit)), Replace: quota(patch.Int32(quotaLimit))},
	{Path: "/quota/offset", Add: quota(patch.Int32(quotaOffset)), Replace: quota(patch.Int32(quotaOffset))},
	{Path: "/quota/period", Add: quota(quotaPeriod), Replace: quota(quotaPeriod)},
	{Path: "/throttle/burstLimit", Add: planThrottle(burstLimit), Replace: planThrottle(burstLimit)},
	{Path: "/throttle/rateLimit", Add: planThrottle(rateLimit), Replace: planThrottle(rateLimit)},
	{Path: "/apiStages/{stage}/throttle/{method}", Remove: ofApiStage(removeMethodThrottle)},
	{
		Path: "/apiStages/{stage}/throttle", Add: ofApiStage(setMethodThrottles), Replace: ofApiStage(setMethodThrottles),
		Remove: ofApiStage(func(s *apigw.ApiStage, _ patch.Operation) error { s.Throttle = nil; return nil }),
	},
	{Path: "/apiStages/{stage}/throttle/{method}/burstLimit", Add: methodThrottle(burstLimit), Replace: methodThrottle(burstLimit)},
	{Path: "/apiStages/{stage}/throttle/{method}/rateLimit", Add: methodThrottle(rateLimit), Replace: methodThrottle(rateLimit)},
}

func quotaLimit(q *apigw.QuotaSettings) *int32  { return &q.Limit }
func quotaOffset(q *apigw.QuotaSettings) *int32 { return &q.Offset }

// quotaPeriod leaves the check to the plan's, which comes when all is patched.
func quotaPeriod(q *apigw.QuotaSettings, operation patch.Operation) error {
	q.Period = operation.Value
	return nil
}

// quota changes a copy of a plan's quota; the first change makes one.
func quota(change patch.Change[apigw.QuotaSettings]) patch.Change[apigw.UsagePlan] {
	return func(p *apigw.UsagePlan, operation patch.Operation) error {
		var settings apigw.QuotaSettings
		if p.Quota != nil {
			settings = *p.Quota
		}
		if err := change(&settings, operation); err != nil {
			return err
		}
		p.Quota = &settings
		return nil
	}
}

func burstLimit(t *apigw.ThrottleSettings, operation patch.Operation) error {
	var burst int32
	if err := patch.Int32(func(b *int32) *int32 { return b })(&burst, operation); err != nil {
		return err
	}
	t.BurstLimit = &burst
	return nil
}

func rateLimit(t *apigw.ThrottleSettings, operation patch.Operation) error {
	var rate float64
	if err := patch.Float64(func(r *float64) *float64 { return r })(&rate, operation); err != nil {
		return err
	}
	t.RateLimit = &rate
	return nil
}

func planThrottle(change patch.Change[apigw.ThrottleSettings]) patch.Change[apigw.UsagePlan] {
	return func(p *apigw.UsagePlan, operation patch.Operation) error {
		var settings apigw.ThrottleSettings
		if p.Throttle != nil {
			settings = *p.Throttle
		}
		if err := change(&settings, operation); err != nil {
			return err
		}
		p.Throttle = &settings
		return nil
	}
}

// addApiStage takes "apiId:stage".
func addApiStage(p *apigw.UsagePlan, operation patch.Operation) error {
	apiId, stage, ok := strings.Cut(operation.Value, ":")
	if !ok || apiId == "" || stage == "" {
		return badRequest(messageInvalidApiStage)
	}
	p.ApiStages = append(slices.Clone(p.ApiStages), apigw.ApiStage{ApiId: apiId, Stage: stage})
	return nil
}

func removeApiStage(p *apigw.UsagePlan, operation patch.Operation) error {
	kept := slices.DeleteFunc(slices.Clone(p.ApiStages), func(stage apigw.ApiStage) bool { return stage.Name() == operation.Value })
	if len(kept) == len(p.ApiStages) {
		return badRequest(messageInvalidApiStage)
	}
	p.ApiStages = kept
	return nil
}

// ofApiStage changes a copy of the stage that the path names.
func ofApiStage(change patch.Change[apigw.ApiStage]) patch.Change[apigw.UsagePlan] {
	return func(p *apigw.UsagePlan, operation patch.Operation) error {
		at := slices.IndexFunc(p.ApiStages, func(stage apigw.ApiStage) bool { return stage.Name() == operation.Name("stage") })
		if at < 0 {
			return badRequest(messageInvalidApiStage)
		}
		p.ApiStages = slices.Clone(p.ApiStages)
		stage := &p.ApiStages[at]
		stage.Throttle = maps.Clone(stage.Throttle)
		return change(stage, operation)
	}
}

func methodThrottle(change patch.Change[apigw.ThrottleSettings]) patch.Change[apigw.UsagePlan] {
	return ofApiStage(func(stage *apigw.ApiStage, operation patch.Operation) error {
		settings := stage.Throttle[operation.Name("method")]
		if err := change(&settings, operation); err != nil {
			return err
		}
		if stage.Throttle == nil {
			stage.Throttle = map[string]apigw.ThrottleSettings{}
		}
		stage.Throttle[operation.Name("method")] = settings
		return nil
	})
}

func removeMethodThrottle(stage *apigw.ApiStage, operation patch.Operation) error {
	if _, ok := stage.Throttle[operation.Name("method")]; !ok {
		return invalidMethodThrottle(operation.Name("method"))
	}
	delete(stage.Throttle, operation.Name("method"))
	return nil
}

// setMethodThrottles takes all method throttles of a stage as JSON (guide:
// api-gateway-create-usage-plans-with-rest-api.md).
func setMethodThrottles(stage *apigw.ApiStage, operation patch.Operation) error {
	var throttles map[string]struct {
		RateLimit  *float64 `json:"rateLimit"`
		BurstLimit *int32   `json:"burstLimit"`
	}
	if err := json.Unmarshal([]byte(operation.Value), &throttles); err != nil {
		return patch.InvalidValue(operation, "a JSON object of throttle settings by resource path and HTTP method")
	}
	stage.Throttle = map[string]apigw.ThrottleSettings{}
	for key, settings := range throttles {
		stage.Throttle[methodKeyOf(key)] = apigw.ThrottleSettings{RateLimit: settings.RateLimit, BurstLimit: settings.BurstLimit}
	}
	return nil
}

// throttleSegment begins the part of a path that names a method.
const throttleSegment = "/throttle/"

// applyUsagePlanPatch applies patches whose paths may hold the path of a resource, with
// its slashes as they are or as ~1.
func applyUsagePlanPatch(plan *apigw.UsagePlan, operations []apigateway.PatchOperation) error {
	for _, operation := range operations {
		sent := text(operation.Path)
		path := oneSegment(sent)
		operation.Path = &path
		err := applyPatchUnwrapped(usagePlanPatches, plan, []apigateway.PatchOperation{operation})
		var refused *patch.Error
		if errors.As(err, &refused) && refused.Possible != nil {
			err = patch.InvalidPath(patch.Operation{Op: string(operation.Op), Path: sent}, usagePlanPaths(string(operation.Op)))
		}
		if err != nil {
			return badPatch(err)
		}
	}
	return nil
}

// usagePlanPaths are the paths that can be patched, as AWS spells them, apidId included.
func usagePlanPaths(op string) []string {
	paths := usagePlanPatches.Paths(op)
	for i := range paths {
		paths[i] = strings.NewReplacer("{stage}", "<apidId:stageName>", "{method}", "<resourcePath>/<httpMethod>").Replace(paths[i])
	}
	return paths
}

// oneSegment makes the resource's path and method in a path one segment.
func oneSegment(path string) string {
	stage, rest, ok := strings.Cut(path, throttleSegment)
	if !ok || !strings.Contains(stage, "apiStages/") {
		return path
	}
	setting := ""
	for _, name := range []string{"/burstLimit", "/rateLimit"} {
		if before, found := strings.CutSuffix(rest, name); found {
			rest, setting = before, name
		}
	}
	return stage + throttleSegment + strings.NewReplacer("~", "~0", "/", "~1").Replace(methodKeyOf(patch.Unescape(rest))) + setting
}

// methodKeyOf is the key of a method's throttle, which begins with a slash.
func methodKeyOf(text string) string {
	if !strings.HasPrefix(text, "/") {
		return "/" + text
	}
	return text
}
