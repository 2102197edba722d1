package wire

import (
	"errors"
	"net/http"
	"syscall"

	"gatehouse/internal/awsapi"
	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/awsapi/lambda"
	"gatehouse/internal/awsapi/schema"
	"gatehouse/internal/fault"
	"gatehouse/internal/store"
)

// What the client of an operation that could not be stored is told.
const (
	notStored     = "The service cannot store changes at present. Nothing was changed; try again later."
	maybeStored   = "The service did not learn in time whether the change was stored; look, and try again."
	serviceEnding = "The service is being stopped. Nothing was changed; try again."
)

// unstored is the refusal of an operation that the store could not keep, with what explains it; nil for other errors. AWS's clients try it again.
func unstored(service *schema.Service, err error) error {
	var known *store.Unwritable
	switch {
	case errors.As(err, &known):
		f := fault.New(fault.StoreUnwritable)
		f.Checked = "data directory " + known.Directory
		f.Found = known.Cause.Error() + "; free: " + store.Megabytes(known.Free)
		f.Wanted, f.Fix = "a directory that can be written, on a disk with room", known.Advice+"."
		if known.Sent {
			return fault.Refuse(unavailable(service, maybeStored), f)
		}
		return fault.Refuse(unavailable(service, notStored), f)
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT): // outside of the store: the code of a function, a large import
		f := fault.New(fault.StoreUnwritable)
		f.Found, f.Wanted = err.Error(), "a disk with room"
		return fault.Refuse(unavailable(service, notStored), f)
	case errors.Is(err, store.ErrUnavailable):
		f := fault.New(fault.StoreUnavailable)
		f.Checked, f.Found, f.Wanted = "whether the change is stored", err.Error(), "an acknowledgement of NATS"
		return fault.Refuse(unavailable(service, maybeStored), f)
	case errors.Is(err, store.ErrClosed):
		f := fault.New(fault.StoreUnavailable)
		f.Checked, f.Found, f.Wanted = "whether the change is stored", "the server is being stopped", "a server that runs"
		return fault.Refuse(unavailable(service, serviceEnding), f)
	}
	return nil
}

// unavailable is the error with which a service asks its clients to try again: its model's, or else the one that all services have. The model of CloudWatch
// Logs gives its ServiceUnavailableException no status, and clients try again by the status.
func unavailable(service *schema.Service, message string) awsapi.Error {
	switch service.Name {
	case "apigateway":
		return &apigateway.ServiceUnavailableException{Message: message}
	case "lambda":
		return &lambda.ServiceException{Message: message}
	}
	if service.Protocol == schema.Query {
		return &awsapi.Unmodelled{Code: "ServiceUnavailable", Message: message, Status: http.StatusServiceUnavailable}
	}
	return &awsapi.Unmodelled{Code: "ServiceUnavailableException", Message: message, Status: http.StatusServiceUnavailable}
}
