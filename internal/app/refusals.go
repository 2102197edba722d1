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
	o.recorder.Refuse(record.NewNotes(&record.Method{
		AccountId: r.Caller.Account, Region: r.Caller.Region, ProtocolType: record.ControlPlane, ResourcePath: operation,
	}, record.Exchange{
		RequestId: r.RequestID, HttpMethod: r.Method, Path: r.Path, Received: r.Received,
		StatusCode: r.Error.HTTPStatus(), Duration: r.Duration, Fault: r.Fault,
	}))
}
