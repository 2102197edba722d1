package patch

import (
	"fmt"
	"strings"
)

// Error is a patch that cannot be applied: a BadRequestException to the client.
type Error struct {
	Message string
	// Possible lists the paths that the operation would have taken; it is not nil when
	// the path was the fault.
	Possible []string
}

// Error returns the message for the client.
func (e *Error) Error() string { return e.Message }

// InvalidPath is AWS's error of a path that is unknown or not patchable with op; the
// two blanks are AWS's (observed; the order of the list is unconfirmed).
func InvalidPath(operation Operation, possible []string) error {
	return &Error{Possible: append([]string{}, possible...), Message: fmt.Sprintf("Invalid patch path  '%s' specified for op '%s'. Must be one of: [%s]",
		operation.Path, operation.Op, strings.Join(possible, ", "))}
}

// InvalidValue is the error of a value that a path does not take; possible may say
// what it takes. Unconfirmed.
func InvalidValue(operation Operation, possible string) error {
	return &Error{Message: fmt.Sprintf("Invalid patch value '%s' specified for op '%s' on path '%s'. Must be %s",
		operation.Value, operation.Op, operation.Path, possible)}
}

// invalidOp is the error of an operation that API Gateway does not know. Unconfirmed.
func invalidOp(operation Operation) error {
	return &Error{Message: fmt.Sprintf("Invalid patch operation specified. Must be one of: [%s], but was '%s'",
		strings.Join([]string{opAdd, opReplace, opRemove, opCopy}, ", "), operation.Op)}
}

// invalidFrom is the error of a copy from a place that cannot be copied from. Unconfirmed.
func invalidFrom(operation Operation, possible string) error {
	return &Error{Message: fmt.Sprintf("Invalid patch from '%s' specified for op 'copy' on path '%s'. Must be one of: [%s]",
		operation.From, operation.Path, possible)}
}
