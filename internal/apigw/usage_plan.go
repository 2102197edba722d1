package apigw

import (
	"strings"
	"time"
)

// ApiKey identifies a client that usage plans count and limit. Its value is a secret:
// the record holds it sealed, and by a digest, never as it is.
type ApiKey struct {
	Id              string
	Name            string `json:",omitempty"`
	Description     string `json:",omitempty"`
	CustomerId      string `json:",omitempty"`
	Enabled         bool
	CreatedDate     time.Time
	LastUpdatedDate time.Time
	// StageKeys are "restApiId/stageName". They open nothing since there are usage plans.
	StageKeys []string          `json:",omitempty"`
	Tags      map[string]string `json:",omitempty"`
	// SealedValue is the value, encrypted; ValueDigest is what it is found by, hexadecimal.
	SealedValue string
	ValueDigest string
}

// UsagePlan says how much the clients of its keys may ask of its stages.
type UsagePlan struct {
	Id          string
	Name        string
	Description string            `json:",omitempty"`
	ProductCode string            `json:",omitempty"`
	ApiStages   []ApiStage        `json:",omitempty"`
	Throttle    *ThrottleSettings `json:",omitempty"`
	Quota       *QuotaSettings    `json:",omitempty"`
	Tags        map[string]string `json:",omitempty"`
}

// ApiStage is a stage that a usage plan opens.
type ApiStage struct {
	ApiId string
	Stage string
	// Throttle limits single methods; its keys are those that SplitMethodThrottleKey reads.
	Throttle map[string]ThrottleSettings `json:",omitempty"`
}

// Name is the stage as patch operations and messages write it, "apiId:stage".
func (s ApiStage) Name() string { return s.ApiId + ":" + s.Stage }

// ThrottleSettings are a token bucket; a member that is nil is the account's.
type ThrottleSettings struct {
	BurstLimit *int32   `json:",omitempty"` // requests
	RateLimit  *float64 `json:",omitempty"` // requests a second
}

// QuotaSettings are how many requests a key has in a period.
type QuotaSettings struct {
	Limit int32
	// Offset is the day on which a period begins: of a WEEK counted from Sunday, of a
	// MONTH from its first day.
	Offset int32  `json:",omitempty"`
	Period string // DAY, WEEK or MONTH
}

// The periods of quotas; days are those of UTC.
const (
	QuotaPeriodDay   = "DAY"
	QuotaPeriodWeek  = "WEEK"
	QuotaPeriodMonth = "MONTH"
)

// UsagePlanKey puts an ApiKey into a UsagePlan.
type UsagePlanKey struct {
	Id   string // the ApiKey's
	Type string // UsagePlanKeyType
}

// UsagePlanKeyType is the one type of a UsagePlanKey.
const UsagePlanKeyType = "API_KEY"

// UsageExtension is what UpdateUsage added to a key's quota in one period.
type UsageExtension struct {
	PeriodStart string // the first day, 2006-01-02
	Requests    int64  // may be negative
}

// SplitMethodThrottleKey reads the name of a method in the throttle of an ApiStage:
// "/pets/GET", the root's "//GET". False when it is none.
func SplitMethodThrottleKey(key string) (resourcePath, httpMethod string, ok bool) {
	slash := strings.LastIndexByte(key, '/')
	if slash < 1 || key[0] != '/' || !ValidHttpMethod(key[slash+1:]) {
		return "", "", false
	}
	return key[:slash], key[slash+1:], true
}
