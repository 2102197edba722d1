package restapis

import (
	"slices"
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/control/unsupported"
	"gatehouse/internal/integration"
	"gatehouse/internal/integration/services"
)

// This file is the one list of settings that AWS takes and Gatehouse refuses, because
// nothing would come of them yet. A row goes when what it names is built; the parity
// page is generated from the list (see Unsupported).

var unsupportedOfRestApi = unsupported.Of("RestApi",
	unsupported.When("securityPolicy", "TLS policies of the default endpoint are not built", func(a *apigw.RestApi) bool { return a.SecurityPolicy != "" }),
	unsupported.When("endpointAccessMode", "TLS policies of the default endpoint are not built", func(a *apigw.RestApi) bool { return a.EndpointAccessMode != "" }),
)

// unsupportedPostman is a parameter of GetExport alone; no record has it.
var unsupportedPostman = unsupported.Setting{Noun: "RestApi", Setting: "extensions postman of an export", Reason: "what AWS writes for Postman is not published"}

// These are parameters of the tests of methods and authorizers alone.
var (
	unsupportedTest        = unsupported.Setting{Noun: "RestApi", Setting: "tests", Reason: "this server has no data plane"}
	unsupportedTestContext = unsupported.Setting{Noun: "Authorizer", Setting: "additionalContext of a test", Reason: "what AWS does with it is not published"}
)

// unsupportedUndocumented is a parameter of GetDocumentationParts alone.
var unsupportedUndocumented = unsupported.Setting{Noun: "DocumentationPart", Setting: "locationStatus UNDOCUMENTED", Reason: "entities without documentation are not listed"}

// unsupportedTracing holds while the server was told of no collector.
var unsupportedTracing = unsupported.Setting{Noun: "Stage", Setting: "tracingEnabled true", Reason: "traces go to an OpenTelemetry collector, and the server was started without --otlp-endpoint"}

// unsupportedLogAccount keeps accounts from writing to each other's log groups.
var unsupportedLogAccount = unsupported.Setting{
	Noun: "Stage", Setting: "accessLogSettings destinationArn of another account", Reason: "access logs go to log groups of the API's own account",
}

// Settings of API keys and usage plans that no record keeps.
var (
	unsupportedSameId        = unsupported.Setting{Noun: "ApiKey", Setting: "generateDistinctId false", Reason: "an id that is the value would show a secret in ARNs and logs"}
	unsupportedRouteThrottle = unsupported.Setting{Noun: "UsagePlan", Setting: "apiStages throttle of a WebSocket API", Reason: "a plan limits the connections of a key by its own throttle"}
)

var unsupportedOfIntegration = unsupported.Of("Integration",
	unsupported.When("connectionType VPC_LINK with an AWS or MOCK integration", "VPC links lead to HTTP backends", func(i *apigw.Integration) bool {
		return i.ConnectionType == connectionVpcLink && !isHttpType(i.Type)
	}),
	unsupported.When("credentials of an HTTP or MOCK integration", "only functions and AWS services are called as a role or as the caller", func(i *apigw.Integration) bool {
		return i.Credentials != "" && !isAwsType(i.Type)
	}),
	unsupported.When("responseTransferMode STREAM", "response streaming is not built", func(i *apigw.Integration) bool { return i.ResponseTransferMode == "STREAM" }),
	unsupported.When("uri of AWS_PROXY that names Firehose", "proxies call Lambda functions alone", func(i *apigw.Integration) bool {
		return i.Type == typeAwsProxy && !integration.IsFunctionUri(i.Uri)
	}),
	unsupported.When("uri with the action of a service whose operations have paths", "name the operation's path (path/…) in place of its name (action/…)", namesActionOfPaths),
)

var unsupportedOfStage = unsupported.Of("Stage",
	unsupported.When("webAclArn", "web ACLs are not built", func(s *apigw.Stage) bool { return s.WebAclArn != "" }),
	unsupported.When("accessLogSettings destinationArn of Firehose", "access logs go to CloudWatch Logs alone", func(s *apigw.Stage) bool {
		return s.AccessLogSettings != nil && strings.Contains(s.AccessLogSettings.DestinationArn, ":firehose:")
	}),
)

var unsupportedOfDomainName = unsupported.Of("DomainName",
	unsupported.When("endpointConfiguration types PRIVATE", "private custom domain names are not built", func(d *domainName) bool { return slices.Contains(d.types, endpointPrivate) }),
	unsupported.When("certificateBody, certificatePrivateKey and certificateChain", "the server's configuration holds the certificates of its listener", func(d *domainName) bool {
		return d.uploadsCertificate
	}),
	unsupported.When("mutualTlsAuthentication", "mutual TLS is not built", func(d *domainName) bool { return d.truststoreUri != "" || d.truststoreVersion != "" }),
	unsupported.When("ownershipVerificationCertificateArn", "mutual TLS is not built", func(d *domainName) bool { return d.ownershipVerificationCertificateArn != "" }),
	unsupported.When("securityPolicy other than TLS_1_2", "the listener offers TLS 1.2 and 1.3", func(d *domainName) bool { return d.securityPolicy != securityTls12 }),
	unsupported.When("endpointAccessMode", "TLS policies of domain names are not built", func(d *domainName) bool { return d.endpointAccessMode != "" }),
	unsupported.When("policy and managementPolicy", "private custom domain names are not built", func(d *domainName) bool { return d.policy != "" || d.managementPolicy != "" }),
)

// unsupportedDomainNameId and unsupportedResourceOwner are parameters of operations.
var (
	unsupportedDomainNameId  = unsupported.Setting{Noun: "DomainName", Setting: "domainNameId", Reason: "private custom domain names are not built"}
	unsupportedResourceOwner = unsupported.Setting{Noun: "DomainName", Setting: "resourceOwner OTHER_ACCOUNTS", Reason: "private custom domain names are not built"}
)

// namesActionOfPaths: AWS takes s3:action/GetObject too, and reads the parameters from the body.
func namesActionOfPaths(i *apigw.Integration) bool {
	uri, ok := services.ParseUri(i.Uri)
	return i.Type == typeAws && ok && uri.NeedsPath()
}

// Unsupported lists every setting that is refused, by noun.
func Unsupported() []unsupported.Setting {
	return slices.Concat(
		unsupportedOfRestApi.Settings(),
		[]unsupported.Setting{unsupportedPostman, unsupportedUndocumented, unsupportedTestContext},
		unsupportedOfIntegration.Settings(),
		unsupportedOfStage.Settings(),
		unsupportedOfDomainName.Settings(),
		[]unsupported.Setting{unsupportedDomainNameId, unsupportedResourceOwner},
		[]unsupported.Setting{unsupportedTracing, unsupportedLogAccount, unsupportedSameId, unsupportedRouteThrottle},
	)
}
