package restapis

import (
	"context"
	"fmt"
	"strconv"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/usage"
	usagerecords "gatehouse/internal/usage/records"
)

// UsageCounters count the requests of keys.
type UsageCounters interface {
	// Flush stores what was counted so far.
	Flush(ctx context.Context) error
}

// GetUsage returns what the keys of a usage plan used, day by day: how much, and how much
// was left of the quota at the day's end.
func (s *Service) GetUsage(ctx context.Context, in *apigateway.GetUsageInput) (*apigateway.Usage, error) {
	first, last, err := usageDays(in.StartDate, in.EndDate)
	if err != nil {
		return nil, err
	}
	if err := s.flushUsage(ctx); err != nil {
		return nil, err
	}
	k := s.viewKeys(ctx)
	plan, err := k.usagePlan(in.UsagePlanId)
	if err != nil {
		return nil, err
	}
	var members []apigw.ApiKey
	if keyId := text(in.KeyId); keyId != "" {
		key, err := k.usagePlanKey(plan.Id, keyId)
		if err != nil {
			return nil, err
		}
		members = append(members, key)
	} else if members, err = k.members(plan.Id); err != nil {
		return nil, err
	}
	found, err := paginate(members, func(key apigw.ApiKey) string { return key.Id }, pageRequest{in.Position, in.Limit})
	if err != nil {
		return nil, err
	}
	out := &apigateway.Usage{UsagePlanId: &plan.Id, StartDate: &in.StartDate, EndDate: &in.EndDate, Position: found.Next, Items: map[string][][]int64{}}
	for _, key := range found.Items {
		out.Items[key.Id] = k.usageOf(&plan, key.Id, first, last)
	}
	return out, nil
}

// usageDays reads the days that usage is asked for.
func usageDays(start, end string) (first, last usage.Day, err error) {
	first, startErr := usage.ParseDay(start)
	last, endErr := usage.ParseDay(end)
	if startErr != nil || endErr != nil {
		return 0, 0, badRequest(messageInvalidUsageDate)
	}
	if last < first || last-first >= apigw.UsageDaysKept {
		return 0, 0, badRequest(fmt.Sprintf(messageInvalidUsageRange, apigw.UsageDaysKept))
	}
	return first, last, nil
}

func (s *Service) flushUsage(ctx context.Context) error {
	if s.Usage == nil {
		return nil
	}
	return s.Usage.Flush(ctx)
}

// usageOf is [used, remaining] for each day. Without a quota nothing remains to be told: 0
// (unconfirmed).
func (k keys) usageOf(plan *apigw.UsagePlan, keyId string, first, last usage.Day) [][]int64 {
	id := k.usageId(plan.Id, keyId)
	quota, from := quotaOf(plan), first
	if quota != nil {
		from = quota.Start(first)
	}
	used := usagerecords.UsedByDay(k.r, id, from, last)
	extension, _ := records.UsageExtensions.Get(k.r, k.at, plan.Id, keyId)
	list := make([][]int64, 0, last-first+1)
	var inPeriod int64
	for day := from; day <= last; day++ {
		var left int64
		if quota != nil {
			if quota.Start(day) == day {
				inPeriod = 0
			}
			inPeriod += used[day-from]
			left = max(0, quotaLimitIn(quota, extension, day)-inPeriod)
		}
		if day >= first {
			list = append(list, []int64{used[day-from], left})
		}
	}
	return list
}

func (k keys) usageId(planId, keyId string) usage.Id {
	return usage.Id{AccountId: k.scope.Account, Region: k.scope.Region, UsagePlanId: planId, KeyId: keyId}
}

func quotaOf(plan *apigw.UsagePlan) *usage.Quota {
	if plan.Quota == nil {
		return nil
	}
	return &usage.Quota{Limit: int64(plan.Quota.Limit), Period: usage.Period(plan.Quota.Period), Offset: int(plan.Quota.Offset)}
}

// quotaLimitIn is the limit of the period that a day is in, its extension included.
func quotaLimitIn(quota *usage.Quota, extension apigw.UsageExtension, day usage.Day) int64 {
	if extension.PeriodStart == quota.Start(day).String() {
		return quota.Limit + extension.Requests
	}
	return quota.Limit
}

// pathRemaining is the one path of UpdateUsage (API reference).
const pathRemaining = "/remaining"

// UpdateUsage sets what remains of a key's quota in the period that runs. It returns when
// that is served.
func (s *Service) UpdateUsage(ctx context.Context, in *apigateway.UpdateUsageInput) (*apigateway.Usage, error) {
	remaining, err := remainingOf(in.PatchOperations)
	if err != nil {
		return nil, err
	}
	if err := s.flushUsage(ctx); err != nil {
		return nil, err
	}
	today := usage.DayOf(s.Now())
	err = s.changeKeys(ctx, func(k keys) error {
		if _, err := k.usagePlanKey(in.UsagePlanId, in.KeyId); err != nil {
			return err
		}
		plan, err := k.usagePlan(in.UsagePlanId)
		if err != nil {
			return err
		}
		quota := quotaOf(&plan)
		if quota == nil {
			return badRequest(messageNoQuota)
		}
		if remaining == nil {
			return nil
		}
		start := quota.Start(today)
		var used int64
		for _, requests := range usagerecords.UsedByDay(k.r, k.usageId(plan.Id, in.KeyId), start, today) {
			used += requests
		}
		extension := apigw.UsageExtension{PeriodStart: start.String(), Requests: *remaining + used - quota.Limit}
		return records.UsageExtensions.Put(k.tx, extension, k.at, plan.Id, in.KeyId)
	})
	if err != nil {
		return nil, err
	}
	date := today.String()
	return s.GetUsage(ctx, &apigateway.GetUsageInput{UsagePlanId: in.UsagePlanId, KeyId: &in.KeyId, StartDate: date, EndDate: date})
}

// remainingOf reads the patches of UpdateUsage; AWS's error names nothing for other
// operations than replace (observed).
func remainingOf(operations []apigateway.PatchOperation) (*int64, error) {
	var remaining *int64
	for _, operation := range operations {
		path, op := text(operation.Path), string(operation.Op)
		if op != "replace" {
			return nil, badRequest(fmt.Sprintf("Invalid patch path  '%s' specified for op '%s'. Must be one of: []", path, op))
		}
		if path != pathRemaining {
			return nil, badRequest(fmt.Sprintf("Invalid patch path  '%s' specified for op '%s'. Must be one of: [%s]", path, op, pathRemaining))
		}
		number, err := strconv.ParseInt(text(operation.Value), 10, 32)
		if err != nil || number < 0 {
			return nil, badRequest(messageInvalidRemaining)
		}
		remaining = &number
	}
	return remaining, nil
}
