package apigw

// CacheClusterSizeDefault is the size of a stage's cache that nobody sized (unconfirmed:
// AWS's console proposes it).
const CacheClusterSizeDefault = "0.5"

// gigabyte is what AWS's sizes of caches count in, bytes.
const gigabyte = 1 << 30

// cacheClusterSizes are the sizes of AWS's service model, bytes each.
var cacheClusterSizes = map[string]float64{
	"0.5": 0.5 * gigabyte, "1.6": 1.6 * gigabyte, "6.1": 6.1 * gigabyte, "13.5": 13.5 * gigabyte,
	"28.4": 28.4 * gigabyte, "58.2": 58.2 * gigabyte, "118": 118 * gigabyte, "237": 237 * gigabyte,
}

// CacheClusterBytes is how much a cache of a size may hold, bytes; ok is false for a
// size that AWS has not.
func CacheClusterBytes(size string) (bytes uint64, ok bool) {
	found, ok := cacheClusterSizes[size]
	return uint64(found), ok
}

// What becomes of a client that asks for a fresh answer (Cache-Control: max-age=0) and
// may not (guide: api-gateway-caching.md).
const (
	FailWith403                  = "FAIL_WITH_403"
	SucceedWithResponseHeader    = "SUCCEED_WITH_RESPONSE_HEADER"
	SucceedWithoutResponseHeader = "SUCCEED_WITHOUT_RESPONSE_HEADER"
)
