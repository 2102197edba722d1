package restapis

import (
	"context"
	"slices"
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigateway"
)

// CreateUsagePlanKey puts an API key into a usage plan. It returns when that is served.
func (s *Service) CreateUsagePlanKey(ctx context.Context, in *apigateway.CreateUsagePlanKeyInput) (*apigateway.UsagePlanKey, error) {
	if in.KeyType != apigw.UsagePlanKeyType {
		return nil, badRequest(messageInvalidKeyType)
	}
	created := apigw.UsagePlanKey{Id: in.KeyId, Type: in.KeyType}
	var key apigw.ApiKey
	err := s.changeKeys(ctx, func(k keys) error {
		if _, err := k.usagePlan(in.UsagePlanId); err != nil {
			return err
		}
		var err error
		if key, err = k.apiKey(in.KeyId); err != nil {
			return err
		}
		if records.UsagePlanKeys.Has(k.r, k.at, in.UsagePlanId, in.KeyId) {
			return conflict(messageUsagePlanKeyExists)
		}
		if err := k.mayJoin(in.UsagePlanId, in.KeyId); err != nil {
			return err
		}
		return records.UsagePlanKeys.Put(k.tx, created, k.at, in.UsagePlanId, in.KeyId)
	})
	if err != nil {
		return nil, err
	}
	return usagePlanKeyOutput(key), nil
}

// mayJoin refuses a key that is in too many plans, or in another plan of the same stage.
// A key that does not exist yet has no id and may join.
func (k keys) mayJoin(planId, keyId string) error {
	if keyId == "" {
		return nil
	}
	joined, err := k.usagePlan(planId)
	if err != nil {
		return err
	}
	plans, err := records.UsagePlansOfKey(k.r, k.scope, keyId)
	if err != nil {
		return err
	}
	if len(plans) >= apigw.UsagePlansPerApiKeyLimit {
		return limitExceeded(messagePlansPerKeyLimit)
	}
	for i := range plans {
		if stage, shared := sharedStage(&plans[i], &joined); shared {
			return keyInTwoPlans(keyId, plans[i].Id, stage)
		}
	}
	return nil
}

// sharedStage finds a stage that two plans have.
func sharedStage(one, other *apigw.UsagePlan) (name string, shared bool) {
	for i := range one.ApiStages {
		if hasApiStage(other, &one.ApiStages[i]) {
			return one.ApiStages[i].Name(), true
		}
	}
	return "", false
}

// GetUsagePlanKey returns a key of a usage plan.
func (s *Service) GetUsagePlanKey(ctx context.Context, in *apigateway.GetUsagePlanKeyInput) (*apigateway.UsagePlanKey, error) {
	key, err := s.viewKeys(ctx).usagePlanKey(in.UsagePlanId, in.KeyId)
	if err != nil {
		return nil, err
	}
	return usagePlanKeyOutput(key), nil
}

// GetUsagePlanKeys lists the keys of a usage plan: those whose names begin with nameQuery.
func (s *Service) GetUsagePlanKeys(ctx context.Context, in *apigateway.GetUsagePlanKeysInput) (*apigateway.UsagePlanKeys, error) {
	k := s.viewKeys(ctx)
	if _, err := k.usagePlan(in.UsagePlanId); err != nil {
		return nil, err
	}
	members, err := k.members(in.UsagePlanId)
	if err != nil {
		return nil, err
	}
	members = slices.DeleteFunc(members, func(key apigw.ApiKey) bool { return !strings.HasPrefix(key.Name, text(in.NameQuery)) })
	found, err := paginate(members, func(key apigw.ApiKey) string { return key.Id }, pageRequest{in.Position, in.Limit})
	if err != nil {
		return nil, err
	}
	return &apigateway.UsagePlanKeys{Items: convert(found.Items, usagePlanKeyOutput), Position: found.Next}, nil
}

// DeleteUsagePlanKey takes a key out of a usage plan.
func (s *Service) DeleteUsagePlanKey(ctx context.Context, in *apigateway.DeleteUsagePlanKeyInput) (*apigateway.DeleteUsagePlanKeyOutput, error) {
	err := s.changeKeys(ctx, func(k keys) error {
		if _, err := k.usagePlanKey(in.UsagePlanId, in.KeyId); err != nil {
			return err
		}
		records.UsagePlanKeys.Delete(k.tx, k.at, in.UsagePlanId, in.KeyId)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &apigateway.DeleteUsagePlanKeyOutput{}, nil
}

// usagePlanKey is the API key of a member of a plan.
func (k keys) usagePlanKey(planId, keyId string) (apigw.ApiKey, error) {
	if _, err := k.usagePlan(planId); err != nil {
		return apigw.ApiKey{}, err
	}
	if !records.UsagePlanKeys.Has(k.r, k.at, planId, keyId) {
		return apigw.ApiKey{}, notFound(messageInvalidUsagePlanKey)
	}
	return k.apiKey(keyId)
}

// members are the API keys of a plan, in order of their ids.
func (k keys) members(planId string) ([]apigw.ApiKey, error) {
	var members []apigw.ApiKey
	for _, id := range records.UsagePlanKeys.IDs(k.r, k.at, planId) {
		key, err := k.apiKey(id[1])
		if err != nil {
			return nil, err
		}
		members = append(members, key)
	}
	return members, nil
}

// usagePlanKeyOutput leaves the value out, as AWS does (public reports).
func usagePlanKeyOutput(key apigw.ApiKey) *apigateway.UsagePlanKey {
	kind := apigw.UsagePlanKeyType
	return &apigateway.UsagePlanKey{Id: &key.Id, Type: &kind, Name: optional(key.Name)}
}
