package apigw

import "time"

// Limits of REST APIs. Each carries the name that AWS's quota tables use (guide:
// limits.md, api-gateway-known-issues.md, api-gateway-execution-service-websocket-limits-table.md).
const (
	// PayloadSizeLimit is "Payload size", bytes.
	PayloadSizeLimit = 10 * 1024 * 1024
	// HeaderSizeLimit is "Total combined size of all header values", bytes, names included.
	HeaderSizeLimit = 10240
	// UriSizeLimit is the length of path and query string, bytes: "Length of URL for a
	// regional API". Edge-optimized ones take 8192.
	UriSizeLimit = 10240
	// MethodArnSizeLimit is "Method ARN length", bytes.
	MethodArnSizeLimit = 1600
	// IntegrationTimeoutMinimum and IntegrationTimeoutMaximum bound "Integration timeout".
	IntegrationTimeoutMinimum = 50 * time.Millisecond
	IntegrationTimeoutMaximum = 29 * time.Second
	// IntegrationTimeoutRaised is the most that AWS grants to regional and private APIs.
	IntegrationTimeoutRaised = 300 * time.Second
	// StageVariableKeyLimit and StageVariableValueLimit are "Stage variable key/value length", characters.
	StageVariableKeyLimit   = 64
	StageVariableValueLimit = 512
	// MappingTemplateSizeLimit is "API mapping template size", bytes.
	MappingTemplateSizeLimit = 300 * 1024
	// ForeachIterationLimit is "Number of iterations in a #foreach ... #end loop in mapping templates".
	ForeachIterationLimit = 1000
	// ResourcesLimit is "Resources per API".
	ResourcesLimit = 300
	// StagesLimit is "Stages per API".
	StagesLimit = 10
	// DocumentationPartsLimit is "Documentation parts per API".
	DocumentationPartsLimit = 2000
	// AuthorizersLimit is "AWS Lambda authorizers per API" and "Authorizers per API".
	AuthorizersLimit = 10
	// AccountThrottleRateLimit is "Throttle quota per account, per Region", requests per second.
	AccountThrottleRateLimit = 10000
	// AccountThrottleBurstLimit is the burst that goes with it, requests.
	AccountThrottleBurstLimit = 5000
	// AuthorizerResultTtlDefault and AuthorizerResultTtlMaximum are in seconds.
	AuthorizerResultTtlDefault = 300
	AuthorizerResultTtlMaximum = 3600
	// ResourcePolicySizeLimit is "API Gateway resource policy size", bytes.
	ResourcePolicySizeLimit = 8192
	// ExecutionLogEventLimit is "Size of a log event of an execution log", bytes; the rest is
	// cut (guide: limits.md, api-gateway-known-issues.md).
	ExecutionLogEventLimit = 1024
	// StageVariablesLimit is "Stage variables per stage".
	StageVariablesLimit = 100
	// CacheTtlDefault is the time a response stays in a stage's cache, seconds.
	CacheTtlDefault = 300
	// CacheTtlMaximum is the longest that it may stay, seconds (guide: api-gateway-caching.md).
	CacheTtlMaximum = 3600
	// CachedResponseSizeLimit is the largest response that is cached, bytes (same page).
	CachedResponseSizeLimit = 1048576
	// MinimumCompressionSizeLimit is the largest minimumCompressionSize, bytes.
	MinimumCompressionSizeLimit = 10 * 1024 * 1024
	// TagKeyLimit and TagValueLimit are in characters.
	TagKeyLimit   = 128
	TagValueLimit = 256
	// PageLimitDefault and PageLimitMaximum bound "limit" of the Get operations of lists.
	PageLimitDefault = 25
	PageLimitMaximum = 500
	// TagsLimit is the number of tags a resource can carry.
	TagsLimit = 50
	// ApiKeysLimit is "API keys per account per Region".
	ApiKeysLimit = 10000
	// ClientCertificatesLimit is "Client certificates per account per Region".
	ClientCertificatesLimit = 60
	// UsagePlansLimit is "Usage plans per account per Region".
	UsagePlansLimit = 300
	// UsagePlansPerApiKeyLimit is "Usage plans per API key".
	UsagePlansPerApiKeyLimit = 10
	// MethodThrottlesLimit is "Method-level throttling settings for a stage in a usage plan".
	MethodThrottlesLimit = 20
	// ApiKeyValueMinimum and ApiKeyValueMaximum bound the length of an API key's value, characters.
	ApiKeyValueMinimum = 20
	ApiKeyValueMaximum = 128
	// ApiKeyValueLength is the length of a value that API Gateway makes (observed on AWS).
	ApiKeyValueLength = 40
	// ApiKeyNameLimit is the length of an API key's name, characters.
	ApiKeyNameLimit = 1024
	// UsageDaysKept is how long usage can be asked for (API reference, GetUsage).
	UsageDaysKept = 90
)
