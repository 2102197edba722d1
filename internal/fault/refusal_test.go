package fault

import (
	"errors"
	"fmt"
	"testing"
)

type exception struct{ code string }

func (e *exception) Error() string { return e.code }

func TestRefuseKeepsTheExceptionAndTheFault(t *testing.T) {
	refused := fmt.Errorf("DeleteVpcLink: %w", Refuse(&exception{"BadRequestException"}, New(InUse)))
	var seen *exception
	var f *Fault
	if !errors.As(refused, &seen) || seen.code != "BadRequestException" {
		t.Errorf("the exception is lost: %v", refused)
	}
	if !errors.As(refused, &f) || f.Id() != InUse {
		t.Errorf("the fault is lost: %v", refused)
	}
	if refused.Error() != "DeleteVpcLink: BadRequestException" {
		t.Errorf("the text tells more than the exception: %v", refused)
	}
}

// Known from: the errors of the service models, and those common to all services.
func TestOfException(t *testing.T) {
	for _, c := range []struct {
		code       string
		statusCode int
		want       Id
	}{
		{"BadRequestException", 400, InputInvalid},
		{"ValidationError", 400, InputInvalid},
		{"NotFoundException", 404, NotFound},
		{"NoSuchEntity", 404, NotFound},
		{"LoadBalancerNotFound", 400, NotFound},
		{"ConflictException", 409, Conflict},
		{"EntityAlreadyExists", 409, Conflict},
		{"DeleteConflict", 409, InUse},
		{"ResourceInUse", 400, InUse},
		{"TooManyListeners", 400, LimitExceeded},
		{"LimitExceededException", 429, LimitExceeded},
		{"PolicyLengthExceededException", 400, LimitExceeded},
		{"NotImplementedException", 501, NotBuilt},
		{"AccessDeniedException", 403, OperationDenied},
		{"SignatureDoesNotMatch", 403, CredentialsRefused},
		{"IncompleteSignatureException", 403, CredentialsRefused},
		{"InvalidAction", 400, OperationUnknown},
		{"InternalFailure", 500, OperationFailed},
	} {
		if got := OfException(c.code, c.statusCode); got != c.want {
			t.Errorf("%s: %s, want %s", c.code, got, c.want)
		}
	}
}
