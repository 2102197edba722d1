package restapis

import "fmt"

// AWS's texts about API keys and usage plans. "Observed": seen in answers that the public
// has reported.
const (
	// Observed.
	messageInvalidApiKey    = "Invalid API Key identifier specified"
	messageApiKeyExists     = "API Key already exists"
	messageApiKeyShort      = "API Key value should be at least %d characters"
	messageApiKeyLong       = "API Key value exceeds maximum size of %d characters"
	messageImportColumn     = "Missing required column '%s'"
	messageInvalidUsagePlan = "Invalid Usage Plan ID specified"
	messageInvalidApiStage  = "Invalid API Stage specified"

	// Unconfirmed.
	messageApiKeysLimit         = "Maximum number of API Keys for this account has been reached. Please contact AWS if you need additional API Keys."
	messageUsagePlansLimit      = "Maximum number of Usage Plans for this account has been reached. Please contact AWS if you need additional Usage Plans."
	messagePlansPerKeyLimit     = "Maximum number of Usage Plans for this API Key has been reached. Please contact AWS if you need additional Usage Plans."
	messageMethodThrottlesLimit = "Maximum number of method throttle settings for this API Stage has been reached"
	messageApiKeyName           = "API Key name can have at most 1024 characters"
	messageApiKeyCharacters     = "API Key value must consist of printable ASCII characters without blanks"
	messageImportFormat         = "Invalid API keys format specified. Must be csv"
	messageApiStageTwice        = "API Stage is already in the Usage Plan: "
	messageInvalidPlanThrottle  = "Usage Plan throttle limits must not be negative"
	messageInvalidQuotaPeriod   = "Usage Plan quota period must be one of: [DAY, WEEK, MONTH]"
	messageInvalidQuotaLimit    = "Usage Plan quota limit must be greater than 0"
	messageInvalidKeyType       = "Invalid key type specified. Must be API_KEY"
	messageUsagePlanKeyExists   = "API Key is already in the Usage Plan"
	messageInvalidUsagePlanKey  = "Invalid Usage Plan Key identifier specified"
	messageInvalidUsageDate     = "Invalid date specified. Must be yyyy-MM-dd"
	messageInvalidUsageRange    = "Invalid date range specified. The start must not be after the end, and at most %d days can be asked for"
	messageNoQuota              = "Usage Plan has no quota"
	messageInvalidRemaining     = "Remaining quota must be a number and not negative"
)

// usagePlanInUse is observed.
func usagePlanInUse(id, stage string) error {
	return badRequest("Cannot delete Usage Plan " + id + " because there are API Stages associated with it, including " + stage)
}

// keyInTwoPlans is unconfirmed; that AWS refuses it is documented.
func keyInTwoPlans(keyId, planId, stage string) error {
	if keyId == "" {
		return conflict(fmt.Sprintf("Usage Plan %s has the API Stage %s too: a key can be in one Usage Plan of a stage", planId, stage))
	}
	return conflict(fmt.Sprintf("API Key %s is in Usage Plan %s already, which has the API Stage %s: a key can be in one Usage Plan of a stage", keyId, planId, stage))
}

// invalidMethodThrottle is unconfirmed.
func invalidMethodThrottle(key string) error {
	return badRequest("Invalid method throttle specified: " + key + ". Must be <resourcePath>/<httpMethod>")
}

// invalidQuotaOffset is unconfirmed.
func invalidQuotaOffset(period string, largest int32) error {
	if largest == 0 {
		return badRequest("Usage Plan quota offset must be zero in the " + period + " period")
	}
	return badRequest(fmt.Sprintf("Usage Plan quota offset must be between 0 and %d inclusive in the %s period", largest, period))
}
