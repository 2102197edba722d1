package functions

import (
	"fmt"

	api "gatehouse/internal/awsapi/lambda"
	"gatehouse/internal/control/unsupported"
	"gatehouse/internal/fault"
)

// The errors of the Lambda API, in AWS's wording. Type is "User" for what the caller
// can mend.

var userError = "User"

func notFound(name functionName) error {
	return &api.ResourceNotFoundException{Message: "Function not found: " + name.arn(), Type: &userError}
}

func resourceNotFound(message string) error {
	return &api.ResourceNotFoundException{Message: message, Type: &userError}
}

func conflict(message string) error {
	return &api.ResourceConflictException{Message: message, Type: &userError}
}

func invalidParameter(format string, values ...any) error {
	return &api.InvalidParameterValueException{Message: fmt.Sprintf(format, values...), Type: &userError}
}

func preconditionFailed() error {
	return &api.PreconditionFailedException{
		Message: "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id",
		Type:    &userError,
	}
}

// notServed refuses a setting that would have no effect here.
func notServed(s unsupported.Setting) error {
	return fault.RefuseSetting(invalidParameter("%s is not supported by Gatehouse: %s", s.Setting, s.Reason), s.Setting, s.Reason)
}

const (
	messageBadZip         = "Could not unzip uploaded file. Please check your file, then try to upload again."
	messageNoPolicy       = "The resource you requested does not exist."
	messageNoCode         = "Please provide a source for function code."
	messageReservedKeys   = "Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: %s"
	messageLatestNoUpdate = "$LATEST version cannot be deleted without deleting the function."
)
