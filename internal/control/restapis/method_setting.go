package restapis

import (
	"maps"

	"gatehouse/internal/apigw"
	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/control/patch"
)

// methodSettingSlashes is the least number of slashes in a path of a method setting:
// /{resourcePath}/{httpMethod}/throttling/burstLimit.
const methodSettingSlashes = 4

// methodSettingPatches: API reference, "Patch operations", UpdateStage.
var methodSettingPatches = patch.Table[apigw.Stage]{
	{Path: ofMethod("metrics/enabled"), Replace: methodSetting(patch.Bool(func(m *apigw.MethodSetting) *bool { return &m.MetricsEnabled }))},
	{Path: ofMethod("logging/dataTrace"), Replace: methodSetting(patch.Bool(func(m *apigw.MethodSetting) *bool { return &m.DataTraceEnabled }))},
	{Path: ofMethod("logging/loglevel"), Replace: methodSetting(patch.Enum(func(m *apigw.MethodSetting) *string { return &m.LoggingLevel }, "OFF", "ERROR", "INFO"))},
	{Path: ofMethod("throttling/burstLimit"), Replace: methodSetting(replaceBurstLimit)},
	{Path: ofMethod("throttling/rateLimit"), Replace: methodSetting(replaceRateLimit)},
	{Path: ofMethod("caching/ttlInSeconds"), Replace: methodSetting(replaceCacheTtl)},
	{Path: ofMethod("caching/enabled"), Replace: methodSetting(patch.Bool(func(m *apigw.MethodSetting) *bool { return &m.CachingEnabled }))},
	{Path: ofMethod("caching/dataEncrypted"), Replace: methodSetting(patch.Bool(func(m *apigw.MethodSetting) *bool { return &m.CacheDataEncrypted }))},
	{
		Path:    ofMethod("caching/requireAuthorizationForCacheControl"),
		Replace: methodSetting(patch.Bool(func(m *apigw.MethodSetting) *bool { return &m.RequireAuthorizationForCacheControl })),
	},
	{
		Path: ofMethod("caching/unauthorizedCacheControlHeaderStrategy"),
		Replace: methodSetting(patch.Enum(func(m *apigw.MethodSetting) *string { return &m.UnauthorizedCacheControlHeaderStrategy },
			apigw.FailWith403, apigw.SucceedWithResponseHeader, apigw.SucceedWithoutResponseHeader)),
	},
	{Path: "/{resourcePath...}/{httpMethod}", Remove: removeMethodSetting},
}

func ofMethod(setting string) string { return "/{resourcePath...}/{httpMethod}/" + setting }

// methodSetting changes the setting of the method that the path names; the first
// change makes one, of defaults. A key that names the same method in another spelling
// gives way to the new one.
func methodSetting(change patch.Change[apigw.MethodSetting]) patch.Change[apigw.Stage] {
	return func(stage *apigw.Stage, operation patch.Operation) error {
		key := methodSettingKey(operation)
		if _, _, ok := apigw.MethodSettingKey(key); !ok {
			return patch.InvalidPath(operation, nil)
		}
		settings := maps.Clone(stage.MethodSettings)
		if settings == nil {
			settings = map[string]apigw.MethodSetting{}
		}
		setting := apigw.DefaultMethodSetting()
		if before, ok := sameMethod(settings, key); ok {
			setting = settings[before]
			delete(settings, before)
		}
		if err := change(&setting, operation); err != nil {
			return err
		}
		settings[key] = setting
		stage.MethodSettings = settings
		return nil
	}
}

func removeMethodSetting(stage *apigw.Stage, operation patch.Operation) error {
	key := methodSettingKey(operation)
	if _, _, ok := apigw.MethodSettingKey(key); !ok {
		return patch.InvalidPath(operation, nil)
	}
	before, ok := sameMethod(stage.MethodSettings, key)
	if !ok {
		return noMethodSetting(key)
	}
	stage.MethodSettings = maps.Clone(stage.MethodSettings)
	delete(stage.MethodSettings, before)
	return nil
}

func methodSettingKey(operation patch.Operation) string {
	return operation.RawName("resourcePath") + "/" + operation.RawName("httpMethod")
}

// sameMethod finds the key that names the same method as key does.
func sameMethod(settings map[string]apigw.MethodSetting, key string) (string, bool) {
	path, httpMethod, _ := apigw.MethodSettingKey(key)
	for other := range settings {
		if otherPath, otherMethod, _ := apigw.MethodSettingKey(other); otherPath == path && otherMethod == httpMethod {
			return other, true
		}
	}
	return "", false
}

// noLimit is what a client sends to have no limit of its own.
const noLimit = -1

func replaceBurstLimit(m *apigw.MethodSetting, operation patch.Operation) error {
	if err := patch.Int32(func(m *apigw.MethodSetting) *int32 { return &m.ThrottlingBurstLimit })(m, operation); err != nil {
		return err
	}
	if m.ThrottlingBurstLimit < noLimit {
		return badRequest(messageInvalidThrottle)
	}
	return nil
}

func replaceRateLimit(m *apigw.MethodSetting, operation patch.Operation) error {
	if err := patch.Float64(func(m *apigw.MethodSetting) *float64 { return &m.ThrottlingRateLimit })(m, operation); err != nil {
		return err
	}
	if m.ThrottlingRateLimit < 0 && m.ThrottlingRateLimit != noLimit {
		return badRequest(messageInvalidThrottle)
	}
	return nil
}

func replaceCacheTtl(m *apigw.MethodSetting, operation patch.Operation) error {
	if err := patch.Int32(func(m *apigw.MethodSetting) *int32 { return &m.CacheTtlInSeconds })(m, operation); err != nil {
		return err
	}
	if m.CacheTtlInSeconds < 0 || m.CacheTtlInSeconds > apigw.CacheTtlMaximum {
		return badRequest(messageInvalidCacheTtl)
	}
	return nil
}

// methodSettingOutput leaves a logging level out that nobody set, as AWS does.
func methodSettingOutput(m apigw.MethodSetting) *apigateway.MethodSetting {
	return &apigateway.MethodSetting{
		MetricsEnabled: &m.MetricsEnabled, LoggingLevel: optional(m.LoggingLevel), DataTraceEnabled: &m.DataTraceEnabled,
		ThrottlingBurstLimit: &m.ThrottlingBurstLimit, ThrottlingRateLimit: &m.ThrottlingRateLimit,
		CachingEnabled: &m.CachingEnabled, CacheTtlInSeconds: &m.CacheTtlInSeconds, CacheDataEncrypted: &m.CacheDataEncrypted,
		RequireAuthorizationForCacheControl:    &m.RequireAuthorizationForCacheControl,
		UnauthorizedCacheControlHeaderStrategy: apigateway.UnauthorizedCacheControlHeaderStrategy(m.UnauthorizedCacheControlHeaderStrategy),
	}
}
