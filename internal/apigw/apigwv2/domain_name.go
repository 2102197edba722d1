package apigwv2

import (
	"regexp"
	"time"
)

// domainNameLimit is the length of the longest host name, characters.
const domainNameLimit = 253

// domainNamePattern is a host name of at least two labels, the first of which may be a star.
var domainNamePattern = regexp.MustCompile(`^(\*\.)?([a-z0-9_]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// ValidDomainName says whether a text, in lower case, can be a custom domain name.
func ValidDomainName(name string) bool {
	return len(name) <= domainNameLimit && domainNamePattern.MatchString(name)
}

// The modes of DomainName.RoutingMode. REST APIs' operations say BASE_PATH_MAPPING for
// API_MAPPING.
const (
	RoutingModeMappingOnly  = "API_MAPPING_ONLY"
	RoutingModeRuleOnly     = "ROUTING_RULE_ONLY"
	RoutingModeRuleThenPath = "ROUTING_RULE_THEN_API_MAPPING"
)

// What AWS gives a DomainName.
const (
	DomainNameAvailable    = "AVAILABLE"
	ApiMappingSelection    = "$request.basepath"
	RegionalHostedZoneId   = "Z1UJRXOUMOOFQ8" // in us-east-1; aliases in Route 53 name it
	CloudFrontHostedZoneId = "Z2FDTNDATAQYW2" // guide: how-to-edge-optimized-custom-domain-name.md
)

// DomainName is a custom domain; its mappings and routing rules lead to stages.
type DomainName struct {
	DomainName                    string
	DomainNameConfigurations      []DomainNameConfiguration
	MutualTlsAuthentication       *MutualTlsAuthentication
	ApiMappingSelectionExpression string
	RoutingMode                   string // API_MAPPING_ONLY, ROUTING_RULE_ONLY or ROUTING_RULE_THEN_API_MAPPING
	Tags                          map[string]string
}

// DomainNameConfiguration is one endpoint of a DomainName.
type DomainNameConfiguration struct {
	ApiGatewayDomainName                string
	CertificateArn                      string
	CertificateName                     string
	CertificateUploadDate               *time.Time
	DomainNameStatus                    string
	EndpointType                        string
	HostedZoneId                        string
	IpAddressType                       string
	SecurityPolicy                      string
	OwnershipVerificationCertificateArn string
}

// MutualTlsAuthentication names the authorities whose client certificates are accepted.
type MutualTlsAuthentication struct {
	TruststoreUri     string
	TruststoreVersion string
}

// ApiMapping maps a base path of a DomainName to a stage.
type ApiMapping struct {
	ApiMappingId  string
	ApiMappingKey string // empty is the catch-all
	ApiId         string
	Stage         string
}

// RoutingRule sends requests that meet its conditions to a stage.
type RoutingRule struct {
	RoutingRuleId string
	Priority      int32 // 1 to 1,000,000, lowest first, unique
	Conditions    []RoutingRuleCondition
	Actions       []RoutingRuleAction
}

// RoutingRuleCondition holds when any of its alternatives does.
type RoutingRuleCondition struct {
	MatchBasePaths []string
	MatchHeaders   []RoutingRuleMatchHeader
}

// RoutingRuleMatchHeader is a header name (no case) and a glob of its value (with case).
type RoutingRuleMatchHeader struct {
	Header    string
	ValueGlob string
}

// RoutingRuleAction says which stage is called.
type RoutingRuleAction struct {
	ApiId         string
	Stage         string
	StripBasePath bool
}
