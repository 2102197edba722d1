package apigwv2

import "time"

// Limits of HTTP and WebSocket APIs, by AWS's quota names (guide: http-api-quotas.md,
// apigateway-execution-service-websocket-limits-table.md, limits.md).
const (
	// PayloadSizeLimit is "Payload size" of HTTP APIs, bytes.
	PayloadSizeLimit = 10 * 1024 * 1024
	// RequestLineAndHeadersLimit is "Total combined size of request line and header values", bytes.
	RequestLineAndHeadersLimit = 10240
	// IntegrationTimeoutMaximum is "Maximum integration timeout" of HTTP APIs.
	IntegrationTimeoutMaximum = 30 * time.Second
	// WebSocketIntegrationTimeoutMaximum is "Integration timeout" of WebSocket APIs.
	WebSocketIntegrationTimeoutMaximum = 29 * time.Second
	// AuthorizerTimeout is how long an HTTP API waits for a Lambda authorizer.
	AuthorizerTimeout = 10 * time.Second
	// JwksTimeout is how long an HTTP API waits for an issuer's keys.
	JwksTimeout = 1500 * time.Millisecond
	// MessagePayloadLimit is "Message payload size", bytes; above it the connection closes with 1009.
	MessagePayloadLimit = 128 * 1024
	// FramePayloadLimit is "WebSocket frame size", bytes; above it the connection closes with 1009.
	FramePayloadLimit = 32 * 1024
	// IdleConnectionTimeout is "Idle connection timeout".
	IdleConnectionTimeout = 10 * time.Minute
	// ConnectionDuration is "Connection duration for WebSocket API".
	ConnectionDuration = 2 * time.Hour
	// IntegrationTimeoutMinimum is the least that timeoutInMillis can be.
	IntegrationTimeoutMinimum = 50 * time.Millisecond
	// ApiMappingsLimit is "API mappings per domain".
	ApiMappingsLimit = 200
	// RoutingRulePriorityMaximum is the largest priority of a RoutingRule; the least is 1.
	RoutingRulePriorityMaximum = 1_000_000
	// RoutingRulesLimit is "Routing rules per domain" (unconfirmed).
	RoutingRulesLimit = 50
	// RoutesLimit is "Routes per API".
	RoutesLimit = 300
	// IntegrationsLimit is "Integrations per API".
	IntegrationsLimit = 300
	// StagesLimit is "Stages per API".
	StagesLimit = 10
	// AuthorizersLimit is "Authorizers per API".
	AuthorizersLimit = 10
	// AudiencesLimit is "Audiences per authorizer".
	AudiencesLimit = 50
	// ScopesLimit is "Scopes per route".
	ScopesLimit = 10
)
