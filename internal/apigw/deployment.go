package apigw

import "time"

// Deployment is a RestApi as it stood at one moment; its frozen content is a
// deployment.Snapshot kept beside it.
type Deployment struct {
	Id          string
	Description string `json:",omitempty"`
	CreatedDate time.Time
}

// Stage names a Deployment and says how it is served.
type Stage struct {
	StageName            string
	DeploymentId         string
	Description          string            `json:",omitempty"`
	Variables            map[string]string `json:",omitempty"`
	DocumentationVersion string            `json:",omitempty"`
	ClientCertificateId  string            `json:",omitempty"`
	CacheClusterEnabled  bool              `json:",omitempty"`
	CacheClusterSize     string            `json:",omitempty"`
	// CacheGeneration grows when the stage's cache is made, resized or flushed: what was
	// cached before is never found again, on any node.
	CacheGeneration int64 `json:",omitempty"`
	// MethodSettings is keyed as the client wrote it; read keys with MethodSettingKey
	// and find the setting of a method with MethodSettingFor.
	MethodSettings    map[string]MethodSetting `json:",omitempty"`
	AccessLogSettings *AccessLogSettings       `json:",omitempty"`
	CanarySettings    *CanarySettings          `json:",omitempty"`
	TracingEnabled    bool                     `json:",omitempty"`
	WebAclArn         string                   `json:",omitempty"`
	Tags              map[string]string        `json:",omitempty"`
	CreatedDate       time.Time
	LastUpdatedDate   time.Time
}

// MethodSetting is what a Stage sets for one method or for all of them.
type MethodSetting struct {
	MetricsEnabled                         bool
	LoggingLevel                           string // OFF, ERROR or INFO
	DataTraceEnabled                       bool
	ThrottlingBurstLimit                   int32   // requests; -1 is none
	ThrottlingRateLimit                    float64 // requests per second; -1 is none
	CachingEnabled                         bool
	CacheTtlInSeconds                      int32
	CacheDataEncrypted                     bool
	RequireAuthorizationForCacheControl    bool
	UnauthorizedCacheControlHeaderStrategy string
}

// AccessLogSettings says where and in which format a Stage logs each request.
type AccessLogSettings struct {
	Format         string
	DestinationArn string
}

// CanarySettings sends a part of a Stage's traffic to another Deployment.
type CanarySettings struct {
	PercentTraffic         float64
	DeploymentId           string
	StageVariableOverrides map[string]string `json:",omitempty"`
	UseStageCache          bool
}

// Account is what holds for all APIs of an account in a region.
type Account struct {
	CloudwatchRoleArn string `json:",omitempty"`
}
