package restapis

import (
	"cmp"
	"context"
	"slices"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/store"
	usagerecords "gatehouse/internal/usage/records"
)

// CreateUsagePlan makes a usage plan. It returns when the plan is served.
func (s *Service) CreateUsagePlan(ctx context.Context, in *apigateway.CreateUsagePlanInput) (*apigateway.UsagePlan, error) {
	created := apigw.UsagePlan{
		Name: in.Name, Description: text(in.Description), Throttle: throttleSettings(in.Throttle), Tags: in.Tags,
	}
	if in.Quota != nil {
		created.Quota = &apigw.QuotaSettings{Limit: given(in.Quota.Limit, 0), Offset: given(in.Quota.Offset, 0), Period: string(in.Quota.Period)}
	}
	for _, stage := range in.ApiStages {
		converted := apigw.ApiStage{ApiId: text(stage.ApiId), Stage: text(stage.Stage)}
		for key, settings := range stage.Throttle {
			if converted.Throttle == nil {
				converted.Throttle = map[string]apigw.ThrottleSettings{}
			}
			converted.Throttle[key] = *throttleSettings(&settings)
		}
		created.ApiStages = append(created.ApiStages, converted)
	}
	if err := validateTags(in.Tags); err != nil {
		return nil, err
	}
	err := s.changeKeys(ctx, func(k keys) error {
		if len(records.UsagePlans.IDs(k.r, k.at)) >= apigw.UsagePlansLimit {
			return limitExceeded(messageUsagePlansLimit)
		}
		var err error
		if created.Id, err = k.newUsagePlanId(); err != nil {
			return err
		}
		return k.putUsagePlan(&created, nil)
	})
	if err != nil {
		return nil, err
	}
	return usagePlanOutput(created), nil
}

// GetUsagePlan returns a usage plan.
func (s *Service) GetUsagePlan(ctx context.Context, in *apigateway.GetUsagePlanInput) (*apigateway.UsagePlan, error) {
	found, err := s.viewKeys(ctx).usagePlan(in.UsagePlanId)
	if err != nil {
		return nil, err
	}
	return usagePlanOutput(found), nil
}

// GetUsagePlans lists the usage plans, or those that one key is in.
func (s *Service) GetUsagePlans(ctx context.Context, in *apigateway.GetUsagePlansInput) (*apigateway.UsagePlans, error) {
	k := s.viewKeys(ctx)
	var all []apigw.UsagePlan
	var err error
	if keyId := text(in.KeyId); keyId != "" {
		if _, err := k.apiKey(keyId); err != nil {
			return nil, err
		}
		all, err = records.UsagePlansOfKey(k.r, k.scope, keyId)
	} else {
		all, err = records.UsagePlans.List(k.r, k.at)
	}
	if err != nil {
		return nil, err
	}
	found, err := paginate(all, func(p apigw.UsagePlan) string { return p.Id }, pageRequest{in.Position, in.Limit})
	if err != nil {
		return nil, err
	}
	return &apigateway.UsagePlans{Items: convert(found.Items, usagePlanOutput), Position: found.Next}, nil
}

// UpdateUsagePlan patches a usage plan. It returns when the change is served.
func (s *Service) UpdateUsagePlan(ctx context.Context, in *apigateway.UpdateUsagePlanInput) (*apigateway.UsagePlan, error) {
	var updated apigw.UsagePlan
	err := s.changeKeys(ctx, func(k keys) error {
		before, err := k.usagePlan(in.UsagePlanId)
		if err != nil {
			return err
		}
		updated = before
		if err := applyUsagePlanPatch(&updated, in.PatchOperations); err != nil {
			return err
		}
		return k.putUsagePlan(&updated, before.ApiStages)
	})
	if err != nil {
		return nil, err
	}
	return usagePlanOutput(updated), nil
}

// DeleteUsagePlan deletes a usage plan without stages, with its keys' memberships and usage.
func (s *Service) DeleteUsagePlan(ctx context.Context, in *apigateway.DeleteUsagePlanInput) (*apigateway.DeleteUsagePlanOutput, error) {
	err := s.changeKeys(ctx, func(k keys) error {
		found, err := k.usagePlan(in.UsagePlanId)
		if err != nil {
			return err
		}
		if len(found.ApiStages) > 0 {
			return usagePlanInUse(found.Id, found.ApiStages[0].Name())
		}
		records.UsagePlans.Delete(k.tx, k.at, found.Id)
		records.UsagePlanKeys.Delete(k.tx, k.at, found.Id)
		records.UsageExtensions.Delete(k.tx, k.at, found.Id)
		usagerecords.DeleteUsagePlan(k.tx, k.scope, found.Id)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &apigateway.DeleteUsagePlanOutput{}, nil
}

func (k keys) usagePlan(id string) (apigw.UsagePlan, error) { return findUsagePlan(k.r, k.at, id) }

func findUsagePlan(r store.Reader, at store.Scope, id string) (apigw.UsagePlan, error) {
	if !records.UsagePlans.Has(r, at, id) {
		return apigw.UsagePlan{}, notFound(messageInvalidUsagePlan)
	}
	return records.UsagePlans.Get(r, at, id)
}

func (k keys) newUsagePlanId() (string, error) {
	for {
		id, err := k.service.Ids.Resource()
		if err != nil || !records.UsagePlans.Has(k.r, k.at, id) {
			return id, err
		}
	}
}

// putUsagePlan checks a plan and puts it. before are the stages that it had.
func (k keys) putUsagePlan(plan *apigw.UsagePlan, before []apigw.ApiStage) error {
	if plan.Name == "" {
		return badRequest(messageInvalidName)
	}
	if err := cmp.Or(validateThrottle(plan.Throttle), validateQuota(plan.Quota)); err != nil {
		return err
	}
	for i := range plan.ApiStages {
		stage := &plan.ApiStages[i]
		if slices.ContainsFunc(plan.ApiStages[:i], func(other apigw.ApiStage) bool { return other.Name() == stage.Name() }) {
			return conflict(messageApiStageTwice + stage.Name())
		}
		if err := k.validateApiStage(stage); err != nil {
			return err
		}
		had := slices.ContainsFunc(before, func(other apigw.ApiStage) bool { return other.Name() == stage.Name() })
		if err := k.mayOpen(plan.Id, stage); !had && err != nil {
			return err
		}
	}
	return records.UsagePlans.Put(k.tx, *plan, k.at, plan.Id)
}

func (k keys) validateApiStage(stage *apigw.ApiStage) error {
	if stage.ApiId == "" || stage.Stage == "" {
		return badRequest(messageInvalidApiStage)
	}
	if !records.HasApiStage(k.r, k.scope, stage.ApiId, stage.Stage) {
		return notFound("API Stage not found: " + stage.Name())
	}
	if len(stage.Throttle) > apigw.MethodThrottlesLimit {
		return limitExceeded(messageMethodThrottlesLimit)
	}
	if len(stage.Throttle) > 0 && records.IsWebSocketStage(k.r, k.scope, stage.ApiId, stage.Stage) {
		return badRequest(unsupportedRouteThrottle.Message())
	}
	for key, settings := range stage.Throttle {
		if _, _, ok := apigw.SplitMethodThrottleKey(key); !ok {
			return invalidMethodThrottle(key)
		}
		if err := validateThrottle(&settings); err != nil {
			return err
		}
	}
	return nil
}

// mayOpen refuses a stage that another plan already opens for one of the plan's keys: a
// key is in one plan of a stage (guide: api-gateway-api-usage-plans.md).
func (k keys) mayOpen(planId string, stage *apigw.ApiStage) error {
	members := records.UsagePlanKeys.IDs(k.r, k.at, planId)
	if len(members) == 0 {
		return nil
	}
	plans, err := records.UsagePlans.List(k.r, k.at)
	if err != nil {
		return err
	}
	for i := range plans {
		if plans[i].Id == planId || !hasApiStage(&plans[i], stage) {
			continue
		}
		for _, member := range members {
			if keyId := member[1]; records.UsagePlanKeys.Has(k.r, k.at, plans[i].Id, keyId) {
				return keyInTwoPlans(keyId, plans[i].Id, stage.Name())
			}
		}
	}
	return nil
}

func hasApiStage(plan *apigw.UsagePlan, stage *apigw.ApiStage) bool {
	return slices.ContainsFunc(plan.ApiStages, func(other apigw.ApiStage) bool { return other.Name() == stage.Name() })
}

func validateThrottle(settings *apigw.ThrottleSettings) error {
	switch {
	case settings == nil:
	case settings.RateLimit != nil && *settings.RateLimit < 0, settings.BurstLimit != nil && *settings.BurstLimit < 0:
		return badRequest(messageInvalidPlanThrottle)
	}
	return nil
}

// largestOffsets are the days on which a period can begin (Terraform's provider knows them).
var largestOffsets = map[string]int32{apigw.QuotaPeriodDay: 0, apigw.QuotaPeriodWeek: 6, apigw.QuotaPeriodMonth: 27}

func validateQuota(quota *apigw.QuotaSettings) error {
	if quota == nil {
		return nil
	}
	largest, ok := largestOffsets[quota.Period]
	switch {
	case !ok:
		return badRequest(messageInvalidQuotaPeriod)
	case quota.Limit <= 0:
		return badRequest(messageInvalidQuotaLimit)
	case quota.Offset < 0 || quota.Offset > largest:
		return invalidQuotaOffset(quota.Period, largest)
	}
	return nil
}

func throttleSettings(in *apigateway.ThrottleSettings) *apigw.ThrottleSettings {
	if in == nil {
		return nil
	}
	return &apigw.ThrottleSettings{BurstLimit: in.BurstLimit, RateLimit: in.RateLimit}
}

func usagePlanOutput(p apigw.UsagePlan) *apigateway.UsagePlan {
	out := &apigateway.UsagePlan{
		Id: &p.Id, Name: &p.Name, Description: optional(p.Description), ProductCode: optional(p.ProductCode),
		ApiStages: []apigateway.ApiStage{}, Throttle: throttleOutput(p.Throttle), Tags: p.Tags,
	}
	for _, stage := range p.ApiStages {
		converted := apigateway.ApiStage{ApiId: &stage.ApiId, Stage: &stage.Stage}
		for key, settings := range stage.Throttle {
			if converted.Throttle == nil {
				converted.Throttle = map[string]apigateway.ThrottleSettings{}
			}
			converted.Throttle[key] = *throttleOutput(&settings)
		}
		out.ApiStages = append(out.ApiStages, converted)
	}
	if quota := p.Quota; quota != nil {
		out.Quota = &apigateway.QuotaSettings{Limit: &quota.Limit, Offset: &quota.Offset, Period: apigateway.QuotaPeriodType(quota.Period)}
	}
	return out
}

func throttleOutput(settings *apigw.ThrottleSettings) *apigateway.ThrottleSettings {
	if settings == nil {
		return nil
	}
	return &apigateway.ThrottleSettings{BurstLimit: settings.BurstLimit, RateLimit: settings.RateLimit}
}
