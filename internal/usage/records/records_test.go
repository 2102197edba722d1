package records

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/store"
	"gatehouse/internal/store/memory"
	"gatehouse/internal/usage"
)

var (
	scope = apigw.Scope{Account: "000000000000", Region: "us-east-1"}
	key1  = usage.Id{AccountId: scope.Account, Region: scope.Region, UsagePlanId: "p1", KeyId: "k1"}
)

func day(t *testing.T, text string) usage.Day {
	t.Helper()
	read, err := usage.ParseDay(text)
	if err != nil {
		t.Fatal(err)
	}
	return read
}

func keeper(t *testing.T) Keeper {
	t.Helper()
	s := memory.New()
	t.Cleanup(func() { _ = s.Close() })
	at := records.Scope(scope)
	err := s.Update(t.Context(), func(tx *store.Tx) error {
		return errors.Join(records.UsagePlans.Put(tx, apigw.UsagePlan{Id: "p1"}, at, "p1"), records.ApiKeys.Put(tx, apigw.ApiKey{Id: "k1"}, at, "k1"))
	})
	if err != nil {
		t.Fatal(err)
	}
	return Keeper{Store: s}
}

func count(t *testing.T, k Keeper, id usage.Id, requests int64, days ...string) {
	t.Helper()
	var counts []usage.Count
	for _, text := range days {
		counts = append(counts, usage.Count{Id: id, Day: day(t, text), Requests: requests})
	}
	if err := k.Add(context.Background(), counts); err != nil {
		t.Fatal(err)
	}
}

func TestCountsAreAddedByDay(t *testing.T) {
	k := keeper(t)
	count(t, k, key1, 3, "2026-10-31", "2026-11-01", "2026-11-01", "2026-11-30")
	count(t, k, key1, 1, "2026-11-01")
	got := UsedByDay(k.Store.View(), key1, day(t, "2026-10-30"), day(t, "2026-11-02"))
	if diff := cmp.Diff([]int64{0, 3, 7, 0}, got); diff != "" {
		t.Error(diff)
	}
	if total := k.Counted(key1, day(t, "2026-10-01"), day(t, "2026-12-31")); total != 13 {
		t.Errorf("%d in all", total)
	}
	if n := len(UsedByDay(k.Store.View(), key1, 5, 4)); n != 0 {
		t.Errorf("%d days between a day and the day before", n)
	}
}

// Counts of what was deleted meanwhile leave no record behind.
func TestCountsOfWhatIsGoneAreDropped(t *testing.T) {
	k := keeper(t)
	before := k.Store.View().Len()
	count(t, k, usage.Id{AccountId: scope.Account, Region: scope.Region, UsagePlanId: "p1", KeyId: "gone"}, 1, "2026-11-01")
	count(t, k, usage.Id{AccountId: scope.Account, Region: scope.Region, UsagePlanId: "gone", KeyId: "k1"}, 1, "2026-11-01")
	if after := k.Store.View().Len(); after != before {
		t.Errorf("%d records, want %d", after, before)
	}
}

// Four months cover the 90 days that can be asked for; older ones go.
func TestOldMonthsAreForgotten(t *testing.T) {
	k := keeper(t)
	count(t, k, key1, 1, "2026-06-30", "2026-07-31", "2026-08-31", "2026-09-30", "2026-10-31", "2026-11-01")
	var months []string
	for _, id := range Months.IDs(k.Store.View(), records.Scope(scope), "p1", "k1") {
		months = append(months, id[2])
	}
	if diff := cmp.Diff([]string{"2026-08", "2026-09", "2026-10", "2026-11"}, months); diff != "" {
		t.Error(diff)
	}
}

func TestDelete(t *testing.T) {
	k := keeper(t)
	count(t, k, key1, 1, "2026-11-01")
	err := k.Store.Update(t.Context(), func(tx *store.Tx) error { DeleteApiKey(tx, scope, "k1", []string{"p1", "p2"}); return nil })
	if err != nil || k.Counted(key1, day(t, "2026-11-01"), day(t, "2026-11-01")) != 0 {
		t.Errorf("the usage of a deleted key is there, %v", err)
	}
	count(t, k, key1, 1, "2026-11-01")
	err = k.Store.Update(t.Context(), func(tx *store.Tx) error { DeleteUsagePlan(tx, scope, "p1"); return nil })
	if err != nil || k.Counted(key1, day(t, "2026-11-01"), day(t, "2026-11-01")) != 0 {
		t.Errorf("the usage of a deleted plan is there, %v", err)
	}
}

// BenchmarkCounted is what the first request of a key in a second pays for knowing what
// was used of a month.
func BenchmarkCounted(b *testing.B) {
	s := memory.New()
	b.Cleanup(func() { _ = s.Close() })
	month := Month{Used: make([]int64, 31)}
	for i := range month.Used {
		month.Used[i] = int64(i) * 1000
	}
	if err := s.Update(b.Context(), func(tx *store.Tx) error {
		return Months.Put(tx, month, records.Scope(scope), "p1", "k1", "2026-10")
	}); err != nil {
		b.Fatal(err)
	}
	first, err := usage.ParseDay("2026-10-01")
	if err != nil {
		b.Fatal(err)
	}
	k := Keeper{Store: s}
	b.ReportAllocs()
	for b.Loop() {
		if k.Counted(key1, first, first+30) == 0 {
			b.Fatal("nothing is kept")
		}
	}
}
