package restapi

import (
	"encoding/binary"
	"net/http"
	"slices"
	"strings"
	"time"

	"gatehouse/internal/apigw"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/dataplane/stagecache"
	"gatehouse/internal/fault"
	"gatehouse/internal/iam"
	"gatehouse/internal/integration"
	"gatehouse/internal/plan"
)

// caching is what checkCache found of a request whose answer may be cached.
type caching struct {
	key string
	// found is the cached answer; nil when the integration has to be called.
	found *stagecache.Found
	// warns says that the client is told that its Cache-Control was ignored.
	warns bool
}

// cacheWarning is the Warning of a response for which Cache-Control was ignored (public
// reports of AWS's answers).
const cacheWarning = "199 Cache-control headers were ignored because the caller was unauthorized."

// Names of headers about caches.
const (
	headerCacheControl = "Cache-Control"
	headerWarning      = "Warning"
)

// checkCache takes the integration's answer from the stage's cache, if it is there. The
// request was authorized, throttled, validated and mapped before, so that nobody gets
// from the cache what the integration would not have been asked for (where AWS looks is
// unconfirmed; that it keeps "the endpoint response" is the guide's, api-gateway-caching.md).
//
// Requests that miss at the same time all call the integration: AWS promises nothing
// else. Identities are no part of the key unless a cacheKeyParameter names them, as on AWS.
func checkCache(e *exchange) *fault.Fault {
	key, f := e.cacheKey()
	if f != nil {
		return f
	}
	e.caching.key = key
	fresh := asksForFreshAnswer(e.in.Headers)
	if fresh && e.settings.Cache.RequireAuthorization {
		decision, explanation := e.decideInvalidateCache()
		if fresh = decision; !fresh {
			if f := e.cacheControlRefused(explanation); f != nil {
				return f
			}
		}
	}
	if !fresh {
		e.caching.found, _ = e.pipeline.StageCaches.Get(e.cacheCluster(), key)
	}
	e.noteCache(fresh)
	if found := e.caching.found; found != nil {
		e.answer = answer{
			statusCode: found.StatusCode, headers: found.Headers, body: found.Body, selection: found.Selection, proxy: found.Proxy,
			invokeStatusCode: found.InvokeStatusCode, errorMessage: found.ErrorMessage,
		}
	}
	return nil
}

// isCached says whether the answer to the request may be cached.
func isCached(e *exchange) bool {
	cache := e.settings.Cache
	return cache != nil && (cache.AllVerbs || e.httpMethod == http.MethodGet) && e.stage.CacheCluster != nil && e.pipeline.StageCaches != nil
}

// isUnanswered says that the integration has to be called.
func isUnanswered(e *exchange) bool { return e.caching.found == nil }

func (e *exchange) cacheCluster() *stagecache.Cluster {
	cluster := e.stage.CacheCluster
	return &stagecache.Cluster{Name: cluster.Name, Generation: cluster.Generation, Bytes: cluster.Bytes}
}

// keyRoom is the length of a usual key, bytes.
const keyRoom = 128

// cacheKey is the deployment, the cache namespace, the verb and all values of the cache
// keys. Another deployment's answers are kept apart (guide: canary-release.md); that the
// verb counts is unconfirmed.
func (e *exchange) cacheKey() (string, *fault.Fault) {
	var room [keyRoom]byte
	key := appendKeyPart(room[:0], e.stage.DeploymentId)
	key = appendKeyPart(key, e.method.Integration.CacheNamespace)
	key = appendKeyPart(key, e.httpMethod)
	keys := e.method.Integration.CacheKeys
	for i := range keys {
		var f *fault.Fault
		if key, f = e.appendCacheKey(key, &keys[i]); f != nil {
			return "", f
		}
	}
	return string(key), nil
}

// appendCacheKey appends a key's name, the number of its values, and each of them.
func (e *exchange) appendCacheKey(key []byte, cacheKey *plan.CacheKey) ([]byte, *fault.Fault) {
	key = appendKeyPart(key, cacheKey.Name)
	if cacheKey.Value != nil {
		values, f := e.evaluate(&plan.ParameterMapping{Compiled: cacheKey.Value}, e.mappingInput())
		if f != nil {
			return nil, f
		}
		key = binary.AppendUvarint(key, uint64(len(values)))
		for _, value := range values {
			key = appendKeyPart(key, value)
		}
		return key, nil
	}
	fields := e.fieldsAt(cacheKey.Location)
	count := uint64(0)
	for i := range fields {
		if fields[i].Name == cacheKey.Parameter {
			count++
		}
	}
	key = binary.AppendUvarint(key, count)
	for i := range fields {
		if fields[i].Name == cacheKey.Parameter {
			key = appendKeyPart(key, fields[i].Value)
		}
	}
	return key, nil
}

func (e *exchange) fieldsAt(location plan.Location) []integration.Field {
	switch location {
	case plan.LocationHeader:
		return e.in.Headers
	case plan.LocationPath:
		return e.pathParameters
	default:
		return e.in.Query
	}
}

func appendKeyPart(key []byte, part string) []byte {
	return append(binary.AppendUvarint(key, uint64(len(part))), part...)
}

// asksForFreshAnswer finds the only directive that API Gateway heeds (guide:
// api-gateway-caching.md).
func asksForFreshAnswer(headers []integration.Field) bool {
	for i := range headers {
		if !equalNames(headers[i].Name, headerCacheControl) {
			continue
		}
		for directive := range strings.SplitSeq(headers[i].Value, ",") {
			if strings.EqualFold(strings.TrimSpace(directive), "max-age=0") {
				return true
			}
		}
	}
	return false
}

// decideInvalidateCache asks the policies that authorized the request, now about
// execute-api:InvalidateCache. A client whom no policy speaks of may not.
func (e *exchange) decideInvalidateCache() (allowed bool, explanation string) {
	policies := &iam.InvokePolicies{Authorization: iam.AuthorizationNone, Api: e.stage.Api.Policy, Private: e.stage.Api.Private}
	switch e.method.AuthorizationType {
	case plan.AuthorizationIam:
		policies.Authorization, policies.Principal = iam.AuthorizationIAM, e.signer.Policies
	case plan.AuthorizationCustom:
		policies.Authorization = iam.AuthorizationLambda
		if e.grant != nil {
			policies.Authorizer = e.grant.Policy
		}
	case plan.AuthorizationCognito:
		policies.Authorization = iam.AuthorizationCognito
	}
	request := e.invokeRequest(e.signer.Principal)
	request.Action = iam.ActionInvalidateCache
	decision := iam.EvaluateInvalidateCache(request, policies)
	if decision.Allowed() {
		return true, ""
	}
	return false, iam.InvokeDeniedMessage(request, decision)
}

// cacheControlRefused does what the method's strategy says of a client that may not ask
// for a fresh answer; a fault ends the request.
func (e *exchange) cacheControlRefused(explanation string) *fault.Fault {
	if e.record.Enabled() {
		e.record.Note(record.CacheControl, explanation+record.DecidedBySetting+e.settings.Cache.SettingKey)
	}
	switch e.settings.Cache.UnauthorizedStrategy {
	case apigw.FailWith403:
		f := fault.New(fault.CacheControlDenied)
		f.Message = explanation // unconfirmed: the guide says "403 Unauthorized response"
		f.Checked = "Cache-Control: max-age=0 of a method that asks for authorization of it (FAIL_WITH_403)"
		f.Found, f.Wanted = explanation, "a policy that allows "+iam.ActionInvalidateCache
		return f
	case apigw.SucceedWithoutResponseHeader:
	default:
		e.caching.warns = true
	}
	return nil
}

// noteCache says what was found, under which key, and what the client sent that is no
// part of the key: the usual reason of a wrong answer.
func (e *exchange) noteCache(fresh bool) {
	if e.record == nil {
		return
	}
	found := e.caching.found
	e.record.Cache = record.CacheMiss
	if found != nil {
		e.record.Cache = record.CacheHit
	}
	if !e.record.Enabled() {
		return
	}
	var b strings.Builder
	switch {
	case found != nil:
		b.WriteString("HIT, " + seconds(found.Age) + " old of " + seconds(found.Ttl))
	case fresh:
		b.WriteString("MISS, a fresh answer was asked for")
	default:
		b.WriteString("MISS")
	}
	b.WriteString("; key " + e.httpMethod + " of namespace " + e.method.Integration.CacheNamespace)
	for _, name := range e.method.Integration.CacheKeyNames() {
		b.WriteString(", " + name)
	}
	for i, name := range e.outsideCacheKey() {
		if i == 0 {
			b.WriteString("; not in the key: ")
		} else {
			b.WriteString(", ")
		}
		b.WriteString(name)
	}
	e.record.Note(record.Cache, b.String())
}

// seconds is a time of a cache, which counts whole seconds.
func seconds(d time.Duration) string { return itoa(int(d/time.Second)) + "s" }

// outsideCacheKey names the parameters of the path and the query string that the request
// has and the key has not, as cacheKeyParameters would name them.
func (e *exchange) outsideCacheKey() []string {
	names := e.method.Integration.CacheKeyNames()
	var outside []string
	for _, part := range [...]struct {
		prefix string
		fields []integration.Field
	}{{"method.request.path.", e.pathParameters}, {"method.request.querystring.", e.in.Query}} {
		for i := range part.fields {
			name := part.prefix + part.fields[i].Name
			if !slices.Contains(names, name) && !slices.Contains(outside, name) {
				outside = append(outside, name)
			}
		}
	}
	return outside
}
