package app

import (
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/wire"
)

// refused keeps an operation of AWS's service APIs that got an error, so that it can be
// explained like a request.
func (o *observability) refused(r wire.Refused) {
	operation := r.Operation
	if operation == "" {
		operation = "unknown operation"
	}
	if r.Service != "" {
		operation = r.Service + ":" + operation
	}
	notes := record.NewNotes(record.Subject{
		AccountId: r.Caller.Account, Region: r.Caller.Region, RequestId: r.RequestID, HttpMethod: r.Method, Path: r.Path,
		Received: r.Received, ProtocolType: record.ControlPlane,
	})
	notes.ResourcePath, notes.StatusCode, notes.Duration, notes.Fault = operation, r.Error.HTTPStatus(), r.Duration, r.Fault
	o.recorder.Refuse(notes)
}
