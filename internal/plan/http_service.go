package plan

import (
	"slices"
	"strings"

	"gatehouse/internal/integration"
)

// HttpService is what a first-class service integration takes.
type HttpService struct{ Required, Optional []string }

// HttpServices are the first-class integrations by subtype (guide:
// http-api-develop-integrations-aws-services-reference.md). Region, which all of them
// take, is not in the lists.
var HttpServices = map[string]HttpService{
	"EventBridge-PutEvents": {
		Required: []string{"Detail", "DetailType", "Source"}, Optional: []string{"Time", "EventBusName", "Resources", "TraceHeader"}},
	"SQS-SendMessage": {
		Required: []string{"QueueUrl", "MessageBody"},
		Optional: []string{"DelaySeconds", "MessageAttributes", "MessageDeduplicationId", "MessageGroupId", "MessageSystemAttributes"}},
	"SQS-ReceiveMessage": {
		Required: []string{"QueueUrl"},
		Optional: []string{"AttributeNames", "MaxNumberOfMessages", "MessageAttributeNames", "ReceiveRequestAttemptId", "VisibilityTimeout", "WaitTimeSeconds"}},
	"SQS-DeleteMessage":          {Required: []string{"ReceiptHandle", "QueueUrl"}},
	"SQS-PurgeQueue":             {Required: []string{"QueueUrl"}},
	"AppConfig-GetConfiguration": {Required: []string{"Application", "Environment", "Configuration", "ClientId"}, Optional: []string{"ClientConfigurationVersion"}},
	"Kinesis-PutRecord": {
		Required: []string{"StreamName", "Data", "PartitionKey"}, Optional: []string{"SequenceNumberForOrdering", "ExplicitHashKey"}},
	"StepFunctions-StartExecution":     {Required: []string{"StateMachineArn"}, Optional: []string{"Name", "Input"}},
	"StepFunctions-StartSyncExecution": {Required: []string{"StateMachineArn"}, Optional: []string{"Name", "Input", "TraceHeader"}},
	"StepFunctions-StopExecution":      {Required: []string{"ExecutionArn"}, Optional: []string{"Cause", "Error"}},
}

// ServiceRegion is the parameter that every service takes.
const ServiceRegion = "Region"

// Knows says whether the service takes a parameter.
func (s HttpService) Knows(name string) bool {
	return name == ServiceRegion || slices.Contains(s.Required, name) || slices.Contains(s.Optional, name)
}

// FunctionArnOf reads the function that an integration's or authorizer's URI names: the
// URI of an invocation, or the function's own ARN, which HTTP APIs take too.
func FunctionArnOf(uri string) (string, bool) {
	if strings.HasPrefix(uri, "arn:") && strings.Contains(uri, ":lambda:") && strings.Contains(uri, ":function:") && !strings.Contains(uri, ":lambda:path/") {
		return uri, true
	}
	return integration.FunctionArnOf(uri)
}
