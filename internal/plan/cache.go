package plan

import (
	"time"

	"gatehouse/internal/mapping"
)

// CacheCluster is the cache of a stage. A canary that uses the stage's cache has the same.
type CacheCluster struct {
	Name string // account/region/api/stage
	// Generation grows when the cache is made, resized or flushed: what an earlier one kept
	// is never found again.
	Generation int64
	Bytes      uint64 // that it may hold
}

// CacheSettings is what a stage sets for the cached answers of one method.
type CacheSettings struct {
	// SettingKey is which of the stage's method settings they are, "*/*" or "~1pets/GET".
	SettingKey string
	Ttl        time.Duration // above 0
	// AllVerbs caches every verb of the method; else GET alone.
	AllVerbs      bool
	DataEncrypted bool
	// RequireAuthorization lets only clients that may execute-api:InvalidateCache ask for a
	// fresh answer; UnauthorizedStrategy says what becomes of others: apigw.FailWith403 and so on.
	RequireAuthorization bool
	UnauthorizedStrategy string
}

// CacheKey is one of an integration's cacheKeyParameters.
type CacheKey struct {
	Name string // as it was written: method.request.querystring.page
	// Location and Parameter name a parameter of the client's request, all of whose values
	// count; of any other key they are empty, and Value gives it.
	Location  Location
	Parameter string
	Value     *mapping.Parameter
}

// CacheKeyNames are the names of the cache keys.
func (i *Integration) CacheKeyNames() []string {
	names := make([]string, len(i.CacheKeys))
	for at := range i.CacheKeys {
		names[at] = i.CacheKeys[at].Name
	}
	return names
}
