package logs

import (
	"fmt"
	"strings"

	api "gatehouse/internal/awsapi/logs"
	"gatehouse/internal/control/unsupported"
	"gatehouse/internal/fault"
	"gatehouse/internal/logs/filterpattern"
)

// The errors of CloudWatch Logs, in AWS's wording where it is known; those marked
// "unconfirmed" are ours.
const (
	messageNoSuchGroup       = "The specified log group does not exist."
	messageNoSuchStream      = "The specified log stream does not exist."
	messageGroupExists       = "The specified log group already exists"
	messageStreamExists      = "The specified log stream already exists"
	messageNoGroup           = "You must specify either logGroupName or logGroupIdentifier." // unconfirmed
	messageTwoGroups         = "logGroupName and logGroupIdentifier are mutually exclusive." // unconfirmed
	messageInvalidArn        = "Invalid ARN."                                                // unconfirmed
	messageInvalidToken      = "The specified nextToken is invalid."
	messageInvalidPattern    = "Invalid filter pattern"
	messagePrefixWithOrder   = "Cannot order by LastEventTime with a logStreamNamePrefix."
	messageNamesAndPrefix    = "logStreamNames and logStreamNamePrefix are mutually exclusive."         // unconfirmed
	messagePrefixAndPattern  = "LogGroup name prefix and LogGroup name pattern are mutually exclusive." // unconfirmed
	messageNotChronological  = "Log events in a single PutLogEvents request must be in chronological order."
	messageBatchTooLong      = "The batch of log events in a single PutLogEvents request cannot span more than 24 hours."
	messageBatchTooLarge     = "Upload too large: %d bytes exceeds limit of %d"
	messageEventTooLarge     = "Log event too large: %d bytes exceeds limit of %d"
	messageInvalidRetention  = "1 validation error detected: Value '%d' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: %v" // unconfirmed
	messageReservedGroupName = "Log groups starting with AWS/ are reserved for AWS."
	messageTooManyTags       = "A resource can have at most %d tags." // unconfirmed
)

func invalidParameter(format string, values ...any) error {
	return &api.InvalidParameterException{Message: fmt.Sprintf(format, values...)}
}

// invalidPattern refuses a filter pattern. Of a character in a term the message tells more
// (public reports of 2022 and 2025).
func invalidPattern(err error) error {
	_, detail, found := strings.Cut(err.Error(), filterpattern.ErrTerm.Error())
	if !found {
		return invalidParameter(messageInvalidPattern)
	}
	return invalidParameter("%s: %s%s", messageInvalidPattern, filterpattern.ErrTerm, detail)
}

// notServed refuses a setting that would have no effect here.
func notServed(s unsupported.Setting) error {
	return fault.RefuseSetting(invalidParameter("%s is not supported by Gatehouse: %s", s.Setting, s.Reason), s.Setting, s.Reason)
}

func notFoundGroup() error  { return &api.ResourceNotFoundException{Message: messageNoSuchGroup} }
func notFoundStream() error { return &api.ResourceNotFoundException{Message: messageNoSuchStream} }
