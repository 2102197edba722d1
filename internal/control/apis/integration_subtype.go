package apis

import (
	"maps"
	"slices"
	"strings"

	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/mapping"
)

// subtypeParameters is what a first-class service integration takes.
type subtypeParameters struct {
	required, optional []string
}

// subtypes: http-api-develop-integrations-aws-services-reference.md. Each also takes
// the parameter Region.
var subtypes = map[string]subtypeParameters{
	"EventBridge-PutEvents": {
		[]string{"Detail", "DetailType", "Source"},
		[]string{"Time", "EventBusName", "Resources", "TraceHeader"},
	},
	"SQS-SendMessage": {
		[]string{"QueueUrl", "MessageBody"},
		[]string{"DelaySeconds", "MessageAttributes", "MessageDeduplicationId", "MessageGroupId", "MessageSystemAttributes"},
	},
	"SQS-ReceiveMessage": {
		[]string{"QueueUrl"},
		[]string{"AttributeNames", "MaxNumberOfMessages", "MessageAttributeNames", "ReceiveRequestAttemptId", "VisibilityTimeout", "WaitTimeSeconds"},
	},
	"SQS-DeleteMessage": {[]string{"ReceiptHandle", "QueueUrl"}, nil},
	"SQS-PurgeQueue":    {[]string{"QueueUrl"}, nil},
	"AppConfig-GetConfiguration": {
		[]string{"Application", "Environment", "Configuration", "ClientId"},
		[]string{"ClientConfigurationVersion"},
	},
	"Kinesis-PutRecord": {
		[]string{"StreamName", "Data", "PartitionKey"},
		[]string{"SequenceNumberForOrdering", "ExplicitHashKey"},
	},
	"StepFunctions-StartExecution":     {[]string{"StateMachineArn"}, []string{"Name", "Input"}},
	"StepFunctions-StartSyncExecution": {[]string{"StateMachineArn"}, []string{"Name", "Input", "TraceHeader"}},
	"StepFunctions-StopExecution":      {[]string{"ExecutionArn"}, []string{"Cause", "Error"}},
}

// subtypeRegion is the parameter that every subtype has.
const subtypeRegion = "Region"

// validateSubtype checks a first-class service integration. Its messages are unconfirmed.
func validateSubtype(i *apigwv2.Integration) error {
	parameters, ok := subtypes[i.IntegrationSubtype]
	switch {
	case !ok:
		return badRequest("Invalid integration subtype specified: " + i.IntegrationSubtype)
	case i.IntegrationType != typeAwsProxy:
		return badRequest(messageSubtypeType)
	case i.IntegrationUri != "":
		return badRequest(messageSubtypeUri)
	case i.ConnectionType != connectionInternet:
		return badRequest("ConnectionType VPC_LINK cannot be specified with an integration subtype")
	case i.CredentialsArn == "":
		return badRequest(messageSubtypeCredentials + i.IntegrationSubtype)
	case i.PayloadFormatVersion == "":
		return payloadFormatNeeded(typeAwsProxy)
	case i.PayloadFormatVersion != payloadFormat1:
		return payloadFormatInvalid(payloadFormat1)
	}
	return parameters.validate(i)
}

func (p subtypeParameters) validate(i *apigwv2.Integration) error {
	var missing []string
	for _, name := range p.required {
		if i.RequestParameters[name] == "" {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return badRequest("Missing required request parameters for integration subtype " + i.IntegrationSubtype + ": [" + strings.Join(missing, ", ") + "]")
	}
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(i.RequestParameters)) {
		if name != subtypeRegion && !slices.Contains(p.required, name) && !slices.Contains(p.optional, name) {
			return badRequest("Invalid request parameter specified for integration subtype " + i.IntegrationSubtype + ": " + name)
		}
		if _, err := mapping.CompileHTTPRequestValue(i.RequestParameters[name]); err != nil {
			errs = append(errs, err)
		}
	}
	return invalidMapping(errs)
}
