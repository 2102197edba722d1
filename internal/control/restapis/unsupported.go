package restapis

import (
	"slices"
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/integration/services"
)

// This file is the one list of settings that AWS takes and Gatehouse refuses, because
// nothing would come of them yet. A row goes when what it names is built; the parity
// page is generated from the list (see Unsupported).

// UnsupportedSetting is a setting that an operation refuses with a BadRequestException.
type UnsupportedSetting struct {
	// Noun is AWS's, such as Stage; Setting is the member or the member and its value.
	Noun, Setting string
	// Reason completes "Gatehouse does not support this yet: ".
	Reason string
}

// Message is what the client is told.
func (u UnsupportedSetting) Message() string {
	return "Gatehouse does not support " + u.Setting + " of " + u.Noun + " yet: " + u.Reason
}

// refusal is the error of an operation that is given the setting.
func (u UnsupportedSetting) refusal() error {
	return fault.RefuseSetting(badRequest(u.Message()), u.Noun+" "+u.Setting, u.Reason)
}

// refusal is a row: uses says whether a record has the setting.
type refusal[T any] struct {
	setting, reason string
	uses            func(*T) bool
}

var unsupportedOfRestApi = []refusal[apigw.RestApi]{
	{"securityPolicy", "TLS policies of the default endpoint are not built", func(a *apigw.RestApi) bool { return a.SecurityPolicy != "" }},
	{"endpointAccessMode", "TLS policies of the default endpoint are not built", func(a *apigw.RestApi) bool { return a.EndpointAccessMode != "" }},
}

// postman is a parameter of GetExport alone; no record has it.
var unsupportedPostman = UnsupportedSetting{"RestApi", "extensions postman of an export", "what AWS writes for Postman is not published"}

// These are parameters of the tests of methods and authorizers alone.
var (
	unsupportedTest        = UnsupportedSetting{"RestApi", "tests", "this server has no data plane"}
	unsupportedTestContext = UnsupportedSetting{"Authorizer", "additionalContext of a test", "what AWS does with it is not published"}
)

// locationStatus is a parameter of GetDocumentationParts alone.
var unsupportedUndocumented = UnsupportedSetting{"DocumentationPart", "locationStatus UNDOCUMENTED", "entities without documentation are not listed"}

// unsupportedTracing holds while the server was told of no collector.
var unsupportedTracing = UnsupportedSetting{"Stage", "tracingEnabled true", "traces go to an OpenTelemetry collector, and the server was started without --otlp-endpoint"}

// Settings of API keys and usage plans that no record keeps.
var (
	unsupportedSameId        = UnsupportedSetting{"ApiKey", "generateDistinctId false", "an id that is the value would show a secret in ARNs and logs"}
	unsupportedRouteThrottle = UnsupportedSetting{"UsagePlan", "apiStages throttle of a WebSocket API", "a plan limits the connections of a key by its own throttle"}
)

var unsupportedOfIntegration = []refusal[apigw.Integration]{
	{"connectionType VPC_LINK with an AWS or MOCK integration", "VPC links lead to HTTP backends", func(i *apigw.Integration) bool {
		return i.ConnectionType == connectionVpcLink && !isHttpType(i.Type)
	}},
	{"credentials of an HTTP or MOCK integration", "only functions and AWS services are called as a role or as the caller", func(i *apigw.Integration) bool {
		return i.Credentials != "" && !isAwsType(i.Type)
	}},
	{"responseTransferMode STREAM", "response streaming is not built", func(i *apigw.Integration) bool { return i.ResponseTransferMode == "STREAM" }},
	{"uri of AWS_PROXY that names Firehose", "proxies call Lambda functions alone", func(i *apigw.Integration) bool {
		return i.Type == typeAwsProxy && !integration.IsFunctionUri(i.Uri)
	}},
	{"uri with the action of a service whose operations have paths", "name the operation's path (path/…) in place of its name (action/…)", namesActionOfPaths},
}

var unsupportedOfStage = []refusal[apigw.Stage]{
	{"webAclArn", "web ACLs are not built", func(s *apigw.Stage) bool { return s.WebAclArn != "" }},
	{"accessLogSettings destinationArn of Firehose", "access logs go to CloudWatch Logs alone", func(s *apigw.Stage) bool {
		return s.AccessLogSettings != nil && strings.Contains(s.AccessLogSettings.DestinationArn, ":firehose:")
	}},
}

var unsupportedOfDomainName = []refusal[domainName]{
	{"endpointConfiguration types PRIVATE", "private custom domain names are not built", func(d *domainName) bool { return slices.Contains(d.types, endpointPrivate) }},
	{"certificateBody, certificatePrivateKey and certificateChain", "the server's configuration holds the certificates of its listener", func(d *domainName) bool {
		return d.uploadsCertificate
	}},
	{"mutualTlsAuthentication", "mutual TLS is not built", func(d *domainName) bool { return d.truststoreUri != "" || d.truststoreVersion != "" }},
	{"ownershipVerificationCertificateArn", "mutual TLS is not built", func(d *domainName) bool { return d.ownershipVerificationCertificateArn != "" }},
	{"securityPolicy other than TLS_1_2", "the listener offers TLS 1.2 and 1.3", func(d *domainName) bool { return d.securityPolicy != securityTls12 }},
	{"endpointAccessMode", "TLS policies of domain names are not built", func(d *domainName) bool { return d.endpointAccessMode != "" }},
	{"policy and managementPolicy", "private custom domain names are not built", func(d *domainName) bool { return d.policy != "" || d.managementPolicy != "" }},
}

// unsupportedDomainNameId and unsupportedResourceOwner are parameters of operations.
var (
	unsupportedDomainNameId  = UnsupportedSetting{"DomainName", "domainNameId", "private custom domain names are not built"}
	unsupportedResourceOwner = UnsupportedSetting{"DomainName", "resourceOwner OTHER_ACCOUNTS", "private custom domain names are not built"}
)

// namesActionOfPaths: AWS takes s3:action/GetObject too, and reads the parameters from the body.
func namesActionOfPaths(i *apigw.Integration) bool {
	uri, ok := services.ParseUri(i.Uri)
	return i.Type == typeAws && ok && uri.NeedsPath()
}

// Unsupported lists every setting that is refused, by noun.
func Unsupported() []UnsupportedSetting {
	return slices.Concat(
		settingsOf("RestApi", unsupportedOfRestApi),
		[]UnsupportedSetting{unsupportedPostman, unsupportedUndocumented, unsupportedTestContext},
		settingsOf("Integration", unsupportedOfIntegration),
		settingsOf("Stage", unsupportedOfStage),
		settingsOf("DomainName", unsupportedOfDomainName),
		[]UnsupportedSetting{unsupportedDomainNameId, unsupportedResourceOwner},
		[]UnsupportedSetting{unsupportedTracing, unsupportedSameId, unsupportedRouteThrottle},
	)
}

func settingsOf[T any](noun string, rows []refusal[T]) []UnsupportedSetting {
	settings := make([]UnsupportedSetting, 0, len(rows))
	for _, row := range rows {
		settings = append(settings, UnsupportedSetting{noun, row.setting, row.reason})
	}
	return settings
}

// refuse is the error of the first row that a record uses.
func refuse[T any](noun string, rows []refusal[T], record *T) error {
	for _, row := range rows {
		if row.uses(record) {
			return UnsupportedSetting{noun, row.setting, row.reason}.refusal()
		}
	}
	return nil
}
