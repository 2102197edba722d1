package apis

import (
	"maps"
	"slices"
	"strings"

	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/control/unsupported"
	"gatehouse/internal/integration"
	"gatehouse/internal/integration/services"
)

// This file is the one list of settings that AWS takes and Gatehouse refuses, because
// nothing would come of them yet. A row goes when what it names is built; the parity
// page is generated from the list (see Unsupported).

var unsupportedOfRoute = unsupported.Of("Route",
	unsupported.When("apiKeyRequired true of a route other than $connect", "clients show their key when they connect, and never again", func(r *apigwv2.Route) bool {
		return r.ApiKeyRequired && r.RouteKey != apigwv2.ConnectRouteKey
	}),
	unsupported.When("requestParameters that a route other than $connect requires", noHeaders, func(r *apigwv2.Route) bool {
		required := slices.Contains(slices.Collect(maps.Values(r.RequestParameters)), true)
		return required && r.RouteKey != apigwv2.ConnectRouteKey
	}),
)

// noHeaders is why parameters of WebSocket messages are refused: AWS's model has them, its
// guide says nothing of them, and a message has no headers.
const noHeaders = "WebSocket messages have no headers"

var unsupportedOfIntegrationResponse = unsupported.Of("IntegrationResponse",
	unsupported.When("responseParameters", noHeaders, func(r *apigwv2.IntegrationResponse) bool { return len(r.ResponseParameters) > 0 }),
)

var unsupportedOfRouteResponse = unsupported.Of("RouteResponse",
	unsupported.When("responseParameters", noHeaders, func(r *apigwv2.RouteResponse) bool { return len(r.ResponseParameters) > 0 }),
	unsupported.When("modelSelectionExpression", "AWS does not use it either", func(r *apigwv2.RouteResponse) bool { return r.ModelSelectionExpression != "" }),
)

var unsupportedOfIntegration = unsupported.Of("Integration",
	unsupported.When("integrationUri of AWS_PROXY that names an AWS service other than a Lambda function", "proxies call Lambda functions alone", func(i *apigwv2.Integration) bool {
		return i.IntegrationType == typeAwsProxy && strings.Contains(i.IntegrationUri, ":apigateway:") && !integration.IsFunctionUri(i.IntegrationUri)
	}),
	unsupported.When("integrationUri with the action of a service whose operations have paths", "name the operation's path (path/…) in place of its name (action/…)", func(i *apigwv2.Integration) bool {
		uri, ok := services.ParseUri(i.IntegrationUri)
		return ok && uri.NeedsPath()
	}),
)

var unsupportedOfAuthorizer = unsupported.Of("Authorizer",
	unsupported.When("identityValidationExpression", "AWS does not use it for these APIs", func(a *apigwv2.Authorizer) bool { return a.IdentityValidationExpression != "" }),
)

var unsupportedOfStage = unsupported.Of("Stage",
	unsupported.When("clientCertificateId", "client certificates are not built", func(s *apigwv2.Stage) bool { return s.ClientCertificateId != "" }),
	unsupported.When("accessLogSettings destinationArn of Firehose", "access logs go to CloudWatch Logs alone", func(s *apigwv2.Stage) bool {
		return s.AccessLogSettings != nil && strings.Contains(s.AccessLogSettings.DestinationArn, ":firehose:")
	}),
)

// unsupportedLogAccount keeps accounts from writing to each other's log groups.
var unsupportedLogAccount = unsupported.Setting{
	Noun: "Stage", Setting: "accessLogSettings destinationArn of another account", Reason: "access logs go to log groups of the API's own account",
}

var unsupportedOfDomainName = unsupported.Of("DomainName",
	unsupported.When("mutualTlsAuthentication", "mutual TLS is not built", func(d *apigwv2.DomainName) bool { return d.MutualTlsAuthentication != nil }),
	unsupported.When("ownershipVerificationCertificateArn", "mutual TLS is not built", anyConfiguration(func(c apigwv2.DomainNameConfiguration) bool {
		return c.OwnershipVerificationCertificateArn != ""
	})),
	unsupported.When("securityPolicy TLS_1_0", "TLS 1.0 is not offered", anyConfiguration(func(c apigwv2.DomainNameConfiguration) bool {
		return c.SecurityPolicy != securityTls12
	})),
	unsupported.When("endpointType EDGE", "edge-optimized domains belong to REST APIs", anyConfiguration(func(c apigwv2.DomainNameConfiguration) bool {
		return c.EndpointType == endpointEdge
	})),
)

// unsupportedDomainNameId is a parameter of the operations of routing rules.
var unsupportedDomainNameId = unsupported.Setting{Noun: "DomainName", Setting: "domainNameId", Reason: "private custom domains are not built"}

func anyConfiguration(uses func(apigwv2.DomainNameConfiguration) bool) func(*apigwv2.DomainName) bool {
	return func(d *apigwv2.DomainName) bool { return slices.ContainsFunc(d.DomainNameConfigurations, uses) }
}

// Unsupported lists every setting that is refused, by noun.
func Unsupported() []unsupported.Setting {
	return slices.Concat(
		unsupportedOfRoute.Settings(),
		unsupportedOfRouteResponse.Settings(),
		unsupportedOfIntegrationResponse.Settings(),
		unsupportedOfIntegration.Settings(),
		unsupportedOfAuthorizer.Settings(),
		unsupportedOfStage.Settings(),
		unsupportedOfDomainName.Settings(),
		[]unsupported.Setting{unsupportedDomainNameId, unsupportedLogAccount},
	)
}
