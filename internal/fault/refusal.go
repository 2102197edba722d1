package fault

import (
	"net/http"
	"strings"
)

// Refusal is an operation's refusal: AWS's exception, which is all that the client sees,
// with the fault that explains it. errors.As finds both.
type Refusal struct {
	Exception error
	Fault     *Fault
}

// Refuse adds an explanation to an exception.
func Refuse(exception error, f *Fault) error { return &Refusal{exception, f} }

// RefuseSetting adds to the exception of a setting that nothing would enforce which one
// it is, and the reason.
func RefuseSetting(exception error, setting, reason string) error {
	f := New(SettingRefused)
	f.Checked, f.Fix = setting, "Leave the setting out: "+strings.TrimSuffix(reason, ".")+"."
	return Refuse(exception, f)
}

// Error is the exception's text.
func (r *Refusal) Error() string { return r.Exception.Error() }

// Unwrap returns the exception and the fault.
func (r *Refusal) Unwrap() []error { return []error{r.Exception, r.Fault} }

// exceptions tells an exception that nothing more is known of by its code. The first row
// wins, so "ResourceNotFoundException" is not found before anything of resources.
var exceptions = []struct {
	part string // of the code
	id   Id
}{
	{"NotImplemented", NotBuilt},
	{"UnknownOperation", OperationUnknown},
	{"InvalidAction", OperationUnknown},
	{"MissingAction", OperationUnknown},
	{"NotFound", NotFound},
	{"NoSuchEntity", NotFound},
	{"LimitExceeded", LimitExceeded},
	{"PolicyLengthExceeded", LimitExceeded},
	{"QuotaExceeded", LimitExceeded},
	{"TooMany", LimitExceeded},
	{"InUse", InUse},
	{"DeleteConflict", InUse},
	{"Conflict", Conflict},
	{"AlreadyExists", Conflict},
	{"Duplicate", Conflict},
	{"AccessDenied", OperationDenied},
	{"UnauthorizedOperation", OperationDenied},
	{"MissingAuthenticationToken", CredentialsRefused},
	{"UnrecognizedClient", CredentialsRefused},
	{"InvalidClientTokenId", CredentialsRefused},
	{"Signature", CredentialsRefused},
	{"ExpiredToken", CredentialsRefused},
}

// OfException is the id of an exception that came without a fault, by AWS's code and
// HTTP status.
func OfException(code string, statusCode int) Id {
	for _, row := range exceptions {
		if strings.Contains(code, row.part) {
			return row.id
		}
	}
	if statusCode >= http.StatusInternalServerError {
		return OperationFailed
	}
	return InputInvalid
}
