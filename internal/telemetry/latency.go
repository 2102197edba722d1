package telemetry

import (
	"time"

	"gatehouse/internal/dataplane/record"
)

// IntegrationLatency is what the given share of calls of the backend of a record's method
// took at most, and by how many calls; 0 of none. It is interpolated within a bucket of
// the histogram, so that it may be wrong by as much as a bucket is wide.
func (m *Metrics) IntegrationLatency(r *record.Record, share float64) (latency time.Duration, count uint64) {
	m.mu.RLock()
	series := m.methods[keyOf(&r.Method, r.HttpMethod)]
	m.mu.RUnlock()
	if series == nil {
		return 0, 0
	}
	return series.integrationLatency.quantile(share)
}

// quantile is the duration that the given share of observations does not exceed. What is
// over the last bound counts as that bound.
func (h *histogram) quantile(share float64) (quantile time.Duration, count uint64) {
	var counts [len(latencyBuckets) + 1]uint64
	for i := range h.buckets {
		counts[i] = h.buckets[i].Load()
		count += counts[i]
	}
	rank, below, lower := share*float64(count), 0.0, int64(0)
	for i, bound := range latencyBuckets {
		inBucket := float64(counts[i])
		if inBucket > 0 && below+inBucket >= rank {
			within := float64(bound-lower) * (rank - below) / inBucket
			return time.Duration(lower)*time.Microsecond + time.Duration(within*float64(time.Microsecond)), count
		}
		below, lower = below+inBucket, bound
	}
	if count == 0 {
		return 0, 0
	}
	return time.Duration(lower) * time.Microsecond, count
}
