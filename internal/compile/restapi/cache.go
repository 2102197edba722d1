package restapi

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"gatehouse/internal/apigw"
	"gatehouse/internal/mapping"
	"gatehouse/internal/plan"
)

// compileCacheCluster makes the cache of a stage; nil without one. A canary uses it where
// its settings say so.
func compileCacheCluster(apiId string, stage *apigw.Stage, scope apigw.Scope) *plan.CacheCluster {
	bytes, ok := apigw.CacheClusterBytes(stage.CacheClusterSize)
	if !stage.CacheClusterEnabled || !ok {
		return nil
	}
	return &plan.CacheCluster{
		Name:       scope.Account + "/" + scope.Region + "/" + apiId + "/" + stage.StageName,
		Generation: stage.CacheGeneration, Bytes: bytes,
	}
}

// compileCache resolves how a stage caches the answers to a method; nil where it does
// not. A setting for all methods caches GET alone; other verbs need one of their own
// (guide: api-gateway-caching.md; that one for ANY means every verb is unconfirmed).
func compileCache(stage *apigw.Stage, method *plan.Method, setting *apigw.MethodSetting) *plan.CacheSettings {
	key, overridden := stage.MethodSettingKeyFor(method.ResourcePath, method.HttpMethod)
	hasGet := method.HttpMethod == http.MethodGet || method.HttpMethod == plan.AnyMethod
	if method.Integration == nil || method.Integration.CacheNamespace == "" { // its keys cannot be read
		return nil
	}
	if !stage.CacheClusterEnabled || !setting.CachingEnabled || setting.CacheTtlInSeconds <= 0 || !overridden && !hasGet {
		return nil
	}
	return &plan.CacheSettings{
		SettingKey: key, Ttl: time.Duration(setting.CacheTtlInSeconds) * time.Second, AllVerbs: overridden, DataEncrypted: setting.CacheDataEncrypted,
		RequireAuthorization: setting.RequireAuthorizationForCacheControl, UnauthorizedStrategy: setting.UnauthorizedCacheControlHeaderStrategy,
	}
}

// compileCacheKeys compiles cacheKeyParameters: parameters of the method, or of the
// integration's request, whose mappings give their values.
func (c *compiler) compileCacheKeys(s *subject, compiled *plan.Integration, from *apigw.Integration) {
	compiled.CacheNamespace = from.CacheNamespace
	if compiled.CacheNamespace == "" {
		compiled.CacheNamespace = s.resource.Id
	}
	for _, name := range slices.Compact(slices.Sorted(slices.Values(from.CacheKeyParameters))) {
		key := plan.CacheKey{Name: name}
		if location, parameter, ok := requestParameter(name); ok {
			key.Location, key.Parameter = location, parameter
			compiled.CacheKeys = append(compiled.CacheKeys, key)
			continue
		}
		expression := name
		if mapped, ok := from.RequestParameters[name]; ok {
			expression = mapped
		}
		value, err := mapping.CompileRequestParameter(expression, nil)
		if err != nil {
			c.report(Diagnostic{
				Severity: Warning, ResourcePath: s.resource.Path, HttpMethod: s.plan.HttpMethod,
				Where: "methodIntegration.cacheKeyParameters[" + name + "]", Message: "nothing of the method is cached: " + err.Error(),
			})
			compiled.CacheNamespace, compiled.CacheKeys = "", nil
			return
		}
		key.Value = value
		compiled.CacheKeys = append(compiled.CacheKeys, key)
	}
}

// requestParameter reads method.request.{location}.{name}.
func requestParameter(key string) (location plan.Location, name string, ok bool) {
	rest, ok := strings.CutPrefix(key, "method.request.")
	where, name, named := strings.Cut(rest, ".")
	if !ok || !named || name == "" {
		return "", "", false
	}
	switch where {
	case "path":
		return plan.LocationPath, name, true
	case "querystring", "multivaluequerystring":
		return plan.LocationQueryString, name, true
	case "header", "multivalueheader":
		return plan.LocationHeader, name, true
	}
	return "", "", false
}
