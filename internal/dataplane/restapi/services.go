package restapi

import (
	"context"
	"net/http"

	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/integration/services"
)

// Services finds and signs for AWS services; *services.Endpoints does.
type Services interface {
	// Endpoint is the base URL of a service in a region; false where there is none.
	Endpoint(service, region string) (string, bool)
	// Sign adds a signature to the call's headers.
	Sign(ctx context.Context, call *services.Call) error
}

// signService signs a request to an AWS service.
func (e *exchange) signService(ctx context.Context, request *integration.Request) *fault.Fault {
	call := &services.Call{
		Request: request, Service: e.outbound.service, Region: e.outbound.region,
		Caller: services.Caller{
			AccountId: e.stage.AccountId, RoleArn: e.method.Integration.Credentials, AccessKeyId: e.signer.ID, SessionToken: e.header(headerSessionToken),
		},
	}
	if err := e.pipeline.Services.Sign(ctx, call); err != nil {
		return e.integrationFault(services.NotSigned(call, err), 0)
	}
	return nil
}

const headerSessionToken = "X-Amz-Security-Token"

// namesOf are the canonical names of headers.
func namesOf(fields []integration.Field) map[string]bool {
	names := make(map[string]bool, len(fields))
	for _, field := range fields {
		names[http.CanonicalHeaderKey(field.Name)] = true
	}
	return names
}
