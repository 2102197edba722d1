package restapi

import (
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/dataplane/stagecache"
	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
)

// writeCache keeps the answer that the integration gave, whatever its status (public
// reports of 429 that AWS cached; other errors are unconfirmed). It runs when the
// response is made: an answer that could not be mapped is not kept, nor is any gateway
// response, nor what is larger than AWS caches.
func writeCache(e *exchange) *fault.Fault {
	size := len(e.answer.body)
	entry := &stagecache.Entry{
		StatusCode: e.answer.statusCode, Body: e.answer.body, Selection: e.answer.selection, InvokeStatusCode: e.answer.invokeStatusCode,
		ErrorMessage: e.answer.errorMessage, Proxy: e.answer.proxy,
	}
	if e.answer.proxy != nil { // it has the body, read
		entry.Body, size = nil, len(e.answer.proxy.Body)
	}
	if size > apigw.CachedResponseSizeLimit {
		return nil
	}
	for _, header := range e.answer.headers { // copied, for they lie in a buffer of the whole head
		entry.Headers = append(entry.Headers, integration.Field{Name: strings.Clone(header.Name), Value: strings.Clone(header.Value)})
	}
	cache := e.settings.Cache
	e.pipeline.StageCaches.Put(e.cacheCluster(), e.caching.key, entry, stagecache.Setting{Ttl: cache.Ttl, Encrypted: cache.DataEncrypted})
	return nil
}

// isToBeCached says that the integration answered a request whose answer is cached.
func isToBeCached(e *exchange) bool { return e.caching.key != "" && e.caching.found == nil }
