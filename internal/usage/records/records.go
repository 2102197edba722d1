// Package records says where the usage of API keys is kept: one record for each key of a
// usage plan and month. Its Keeper is what package usage adds to.
//
// It does not count and does not decide. Begin at Keeper.
package records

import (
	"context"
	"fmt"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/store"
	"gatehouse/internal/usage"
)

// Month is what a key of a usage plan used in a month.
type Month struct {
	// Used are requests by day of the month, the first day first; days after the last
	// that was used are missing.
	Used []int64
}

// Months is keyed by usagePlanId, keyId, "2006-01".
var Months = store.NewCollection[Month]("UsagePlan.Usage")

const monthLayout = "2006-01"

// monthsKept covers apigw.UsageDaysKept days, and the month that has begun.
const monthsKept = 4

// Keeper keeps counts in a store.
type Keeper struct{ Store store.Store }

var _ usage.Keeper = Keeper{}

// Counted implements usage.Keeper.
func (k Keeper) Counted(id usage.Id, first, last usage.Day) int64 {
	var total int64
	for _, used := range UsedByDay(k.Store.View(), id, first, last) {
		total += used
	}
	return total
}

// UsedByDay is what a key of a plan used on each day from first to last. What cannot be
// read counts as unused.
func UsedByDay(r store.Reader, id usage.Id, first, last usage.Day) []int64 {
	if last < first {
		return nil
	}
	days := make([]int64, last-first+1)
	month, at := Month{}, ""
	for day := first; day <= last; day++ {
		moment := day.Time()
		if name := moment.Format(monthLayout); name != at {
			at = name
			month, _ = Months.Get(r, scopeOf(id), id.UsagePlanId, id.KeyId, name)
		}
		if index := moment.Day() - 1; index < len(month.Used) {
			days[day-first] = month.Used[index]
		}
	}
	return days
}

// Add implements usage.Keeper. Counts of keys and plans that are gone are dropped.
func (k Keeper) Add(ctx context.Context, counts []usage.Count) error {
	err := k.Store.Update(ctx, func(tx *store.Tx) error {
		for i := range counts {
			if err := add(tx, &counts[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("storing usage: %w", err)
	}
	return nil
}

func add(tx *store.Tx, count *usage.Count) error {
	at, id := scopeOf(count.Id), count.Id
	if !records.UsagePlans.Has(tx, at, id.UsagePlanId) || !records.ApiKeys.Has(tx, at, id.KeyId) {
		return nil
	}
	moment := count.Day.Time()
	name := moment.Format(monthLayout)
	var month Month
	if Months.Has(tx, at, id.UsagePlanId, id.KeyId, name) {
		var err error
		if month, err = Months.Get(tx, at, id.UsagePlanId, id.KeyId, name); err != nil {
			return err
		}
	} else {
		forget(tx, id, moment.AddDate(0, -monthsKept, 1-moment.Day()).Format(monthLayout))
	}
	for len(month.Used) < moment.Day() {
		month.Used = append(month.Used, 0)
	}
	month.Used[moment.Day()-1] += count.Requests
	return Months.Put(tx, month, at, id.UsagePlanId, id.KeyId, name)
}

// forget deletes the months up to one.
func forget(tx *store.Tx, id usage.Id, until string) {
	at := scopeOf(id)
	for _, segments := range Months.IDs(tx, at, id.UsagePlanId, id.KeyId) {
		if name := segments[len(segments)-1]; name <= until {
			Months.Delete(tx, at, id.UsagePlanId, id.KeyId, name)
		}
	}
}

// DeleteUsagePlan deletes what was used of a plan.
func DeleteUsagePlan(tx *store.Tx, scope apigw.Scope, usagePlanId string) {
	Months.Delete(tx, records.Scope(scope), usagePlanId)
}

// DeleteApiKey deletes what a key used of the plans named.
func DeleteApiKey(tx *store.Tx, scope apigw.Scope, keyId string, usagePlanIds []string) {
	for _, usagePlanId := range usagePlanIds {
		Months.Delete(tx, records.Scope(scope), usagePlanId, keyId)
	}
}

func scopeOf(id usage.Id) store.Scope { return store.Scope{Account: id.AccountId, Region: id.Region} }
