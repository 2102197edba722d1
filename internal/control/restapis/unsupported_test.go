package restapis

import (
	"testing"

	"gatehouse/internal/apigw"
	"gatehouse/internal/control/unsupported"
)

// Each row refuses a record that has its setting, by its own name, and no row refuses
// a record with defaults.
func TestUnsupported(t *testing.T) {
	for _, row := range []struct{ setting, message string }{
		{"RestApi", message(unsupportedOfRestApi, &apigw.RestApi{SecurityPolicy: "TLS_1_2"})},
		{"RestApi", message(unsupportedOfRestApi, &apigw.RestApi{EndpointAccessMode: "STRICT"})},
		{"Integration", message(unsupportedOfIntegration, &apigw.Integration{ConnectionType: "VPC_LINK"})},
		{"Integration", message(unsupportedOfIntegration, &apigw.Integration{Type: "AWS_PROXY", Uri: "arn:aws:apigateway:us-east-1:firehose:action/PutRecord"})},
		{"Integration", message(unsupportedOfIntegration, &apigw.Integration{Type: "AWS", Uri: "arn:aws:apigateway:us-east-1:s3:action/GetObject"})},
		{"Integration", message(unsupportedOfIntegration, &apigw.Integration{ResponseTransferMode: "STREAM"})},
		{"Stage", message(unsupportedOfStage, &apigw.Stage{WebAclArn: "arn"})},
		{"Stage", message(unsupportedOfStage, &apigw.Stage{AccessLogSettings: &apigw.AccessLogSettings{DestinationArn: "arn:aws:firehose:us-east-1:0:x"}})},
		{"DomainName", message(unsupportedOfDomainName, &domainName{securityPolicy: securityTls12, types: []string{"PRIVATE"}})},
		{"DomainName", message(unsupportedOfDomainName, &domainName{securityPolicy: securityTls12, uploadsCertificate: true})},
		{"DomainName", message(unsupportedOfDomainName, &domainName{securityPolicy: securityTls12, truststoreUri: "s3://b/k"})},
		{"DomainName", message(unsupportedOfDomainName, &domainName{securityPolicy: securityTls12, ownershipVerificationCertificateArn: "arn"})},
		{"DomainName", message(unsupportedOfDomainName, &domainName{securityPolicy: "TLS_1_0"})},
		{"DomainName", message(unsupportedOfDomainName, &domainName{securityPolicy: securityTls12, endpointAccessMode: "STRICT"})},
		{"DomainName", message(unsupportedOfDomainName, &domainName{securityPolicy: securityTls12, managementPolicy: "{}"})},
	} {
		if row.message == "" {
			t.Errorf("a %s is not refused", row.setting)
		}
	}
	for _, accepted := range []string{
		message(unsupportedOfRestApi, &apigw.RestApi{ApiKeySource: "AUTHORIZER", EndpointConfiguration: apigw.EndpointConfiguration{Types: []string{"EDGE"}}}),
		message(unsupportedOfDomainName, &domainName{securityPolicy: securityTls12, types: []string{"EDGE"}, certificateArn: "arn"}),
		message(unsupportedOfIntegration, &apigw.Integration{Type: "MOCK", ConnectionType: "INTERNET", ResponseTransferMode: "BUFFERED"}),
		message(unsupportedOfIntegration, &apigw.Integration{Type: "AWS", Uri: "arn:aws:apigateway:us-east-1:s3:path/bucket"}),
		message(unsupportedOfStage, &apigw.Stage{CacheClusterEnabled: true, MethodSettings: map[string]apigw.MethodSetting{"*/*": {CachingEnabled: true}}}),
	} {
		if accepted != "" {
			t.Errorf("a record with defaults is refused: %s", accepted)
		}
	}
}

func message[T any](table unsupported.Table[T], record *T) string {
	if err := table.Refuse(record, badRequest); err != nil {
		return err.Error()
	}
	return ""
}

func TestUnsupported_isAList(t *testing.T) {
	seen := map[string]bool{}
	for _, row := range Unsupported() {
		if row.Noun == "" || row.Setting == "" || row.Reason == "" || seen[row.Message()] {
			t.Errorf("%+v", row)
		}
		seen[row.Message()] = true
	}
	if len(seen) == 0 {
		t.Error("nothing is listed")
	}
}
