package apis

import (
	"maps"
	"slices"
	"strings"

	"gatehouse/internal/apigw/apigwv2"
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

var unsupportedOfRoute = []refusal[apigwv2.Route]{
	{"apiKeyRequired true of a route other than $connect", "clients show their key when they connect, and never again", func(r *apigwv2.Route) bool {
		return r.ApiKeyRequired && r.RouteKey != apigwv2.ConnectRouteKey
	}},
	{"requestParameters that a route other than $connect requires", noHeaders, func(r *apigwv2.Route) bool {
		required := slices.Contains(slices.Collect(maps.Values(r.RequestParameters)), true)
		return required && r.RouteKey != apigwv2.ConnectRouteKey
	}},
}

// noHeaders is why parameters of WebSocket messages are refused: AWS's model has them, its
// guide says nothing of them, and a message has no headers.
const noHeaders = "WebSocket messages have no headers"

var unsupportedOfIntegrationResponse = []refusal[apigwv2.IntegrationResponse]{
	{"responseParameters", noHeaders, func(r *apigwv2.IntegrationResponse) bool { return len(r.ResponseParameters) > 0 }},
}

var unsupportedOfRouteResponse = []refusal[apigwv2.RouteResponse]{
	{"responseParameters", noHeaders, func(r *apigwv2.RouteResponse) bool { return len(r.ResponseParameters) > 0 }},
	{"modelSelectionExpression", "AWS does not use it either", func(r *apigwv2.RouteResponse) bool { return r.ModelSelectionExpression != "" }},
}

var unsupportedOfIntegration = []refusal[apigwv2.Integration]{
	{"integrationUri of AWS_PROXY that names an AWS service other than a Lambda function", "proxies call Lambda functions alone", func(i *apigwv2.Integration) bool {
		return i.IntegrationType == typeAwsProxy && strings.Contains(i.IntegrationUri, ":apigateway:") && !integration.IsFunctionUri(i.IntegrationUri)
	}},
	{"integrationUri with the action of a service whose operations have paths", "name the operation's path (path/…) in place of its name (action/…)", func(i *apigwv2.Integration) bool {
		uri, ok := services.ParseUri(i.IntegrationUri)
		return ok && uri.NeedsPath()
	}},
}

var unsupportedOfAuthorizer = []refusal[apigwv2.Authorizer]{
	{"identityValidationExpression", "AWS does not use it for these APIs", func(a *apigwv2.Authorizer) bool { return a.IdentityValidationExpression != "" }},
}

var unsupportedOfStage = []refusal[apigwv2.Stage]{
	{"clientCertificateId", "client certificates are not built", func(s *apigwv2.Stage) bool { return s.ClientCertificateId != "" }},
	{"accessLogSettings destinationArn of Firehose", "access logs go to CloudWatch Logs alone", func(s *apigwv2.Stage) bool {
		return s.AccessLogSettings != nil && strings.Contains(s.AccessLogSettings.DestinationArn, ":firehose:")
	}},
}

var unsupportedOfDomainName = []refusal[apigwv2.DomainName]{
	{"mutualTlsAuthentication", "mutual TLS is not built", func(d *apigwv2.DomainName) bool { return d.MutualTlsAuthentication != nil }},
	{"ownershipVerificationCertificateArn", "mutual TLS is not built", anyConfiguration(func(c apigwv2.DomainNameConfiguration) bool {
		return c.OwnershipVerificationCertificateArn != ""
	})},
	{"securityPolicy TLS_1_0", "TLS 1.0 is not offered", anyConfiguration(func(c apigwv2.DomainNameConfiguration) bool {
		return c.SecurityPolicy != securityTls12
	})},
	{"endpointType EDGE", "edge-optimized domains belong to REST APIs", anyConfiguration(func(c apigwv2.DomainNameConfiguration) bool {
		return c.EndpointType == endpointEdge
	})},
}

// unsupportedDomainNameId is a parameter of the operations of routing rules.
var unsupportedDomainNameId = UnsupportedSetting{"DomainName", "domainNameId", "private custom domains are not built"}

func anyConfiguration(uses func(apigwv2.DomainNameConfiguration) bool) func(*apigwv2.DomainName) bool {
	return func(d *apigwv2.DomainName) bool { return slices.ContainsFunc(d.DomainNameConfigurations, uses) }
}

// Unsupported lists every setting that is refused, by noun.
func Unsupported() []UnsupportedSetting {
	return slices.Concat(
		settingsOf("Route", unsupportedOfRoute),
		settingsOf("RouteResponse", unsupportedOfRouteResponse),
		settingsOf("IntegrationResponse", unsupportedOfIntegrationResponse),
		settingsOf("Integration", unsupportedOfIntegration),
		settingsOf("Authorizer", unsupportedOfAuthorizer),
		settingsOf("Stage", unsupportedOfStage),
		settingsOf("DomainName", unsupportedOfDomainName),
		[]UnsupportedSetting{unsupportedDomainNameId},
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
