package apigw

import "strings"

const (
	everyPart      = "*"
	escapedSlash   = "~1"
	pathSeparator  = "/"
	settingKeyRoot = "/"
)

// MethodSettingKey reads a key of Stage.MethodSettings. Clients write the resource
// path with its slashes escaped ("~1pets~1{id}/GET", the command line and
// CloudFormation) or without its first slash ("pets/{id}/GET", Terraform), and read
// back the key they wrote; both mean path "/pets/{id}" and httpMethod "GET". "*/*" is
// path "*" and httpMethod "*". ok is false for a key without an httpMethod.
func MethodSettingKey(key string) (path, httpMethod string, ok bool) {
	cut := strings.LastIndex(key, pathSeparator)
	if cut < 0 {
		return "", "", false
	}
	path, httpMethod = strings.ReplaceAll(key[:cut], escapedSlash, pathSeparator), key[cut+1:]
	if httpMethod != everyPart && !ValidHttpMethod(httpMethod) {
		return "", "", false
	}
	if path == everyPart {
		return path, httpMethod, true
	}
	return settingKeyRoot + strings.TrimPrefix(path, pathSeparator), httpMethod, true
}

// MethodSettingFor returns what a Stage sets for a method: its own setting, that of
// ANY on the same resource, that of all methods, or none.
func (s Stage) MethodSettingFor(path, httpMethod string) (MethodSetting, bool) {
	best, rank := MethodSetting{}, 0
	for key, setting := range s.MethodSettings {
		keyPath, keyMethod, ok := MethodSettingKey(key)
		if found := settingRank(keyPath, keyMethod, path, httpMethod); ok && found > rank {
			best, rank = setting, found
		}
	}
	return best, rank > 0
}

// MethodSettingKeyFor returns the key, as the client wrote it, of the setting that
// MethodSettingFor returns; overrides says that it goes before that of all methods.
func (s Stage) MethodSettingKeyFor(path, httpMethod string) (key string, overrides bool) {
	best := 0
	for candidate := range s.MethodSettings {
		keyPath, keyMethod, ok := MethodSettingKey(candidate)
		if found := settingRank(keyPath, keyMethod, path, httpMethod); ok && found > best {
			key, best = candidate, found
		}
	}
	return key, best > 1
}

func settingRank(keyPath, keyMethod, path, httpMethod string) int {
	switch {
	case keyPath == path && keyMethod == httpMethod:
		return 4
	case keyPath == path && (keyMethod == AnyHttpMethod || keyMethod == everyPart):
		return 3
	case keyPath == everyPart && keyMethod == httpMethod:
		return 2
	case keyPath == everyPart && keyMethod == everyPart:
		return 1
	default:
		return 0
	}
}

// DefaultMethodSetting is what a MethodSetting has that nobody set (AWS command line's
// update-stage example): the account's throttle, no logging, no cache.
func DefaultMethodSetting() MethodSetting {
	return MethodSetting{
		ThrottlingBurstLimit:                   AccountThrottleBurstLimit,
		ThrottlingRateLimit:                    AccountThrottleRateLimit,
		CacheTtlInSeconds:                      CacheTtlDefault,
		RequireAuthorizationForCacheControl:    true,
		UnauthorizedCacheControlHeaderStrategy: SucceedWithResponseHeader,
	}
}
