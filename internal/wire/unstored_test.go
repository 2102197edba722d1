package wire

import (
	"errors"
	"fmt"
	"net/http"
	"syscall"
	"testing"

	"gatehouse/internal/awsapi"
	"gatehouse/internal/awsapi/schema"
	"gatehouse/internal/fault"
	"gatehouse/internal/store"
)

// Source: the service models of botocore: the errors of apigateway and lambda; the models of the others have none that clients try again after.
func TestUnstored(t *testing.T) {
	full := fmt.Errorf("putting: %w", &store.Unwritable{Directory: "/data", Free: 4096, Cause: syscall.ENOSPC, Advice: "make room"})
	for service, want := range map[*schema.Service]string{
		{Name: "apigateway"}:                  "ServiceUnavailableException 503",
		{Name: "apigatewayv2"}:                "ServiceUnavailableException 503",
		{Name: "logs"}:                        "ServiceUnavailableException 503",
		{Name: "lambda"}:                      "ServiceException 500",
		{Name: "iam", Protocol: schema.Query}: "ServiceUnavailable 503",
	} {
		var modelled awsapi.Error
		var f *fault.Fault
		err := unstored(service, full)
		if !errors.As(err, &modelled) || fmt.Sprint(modelled.ErrorCode(), " ", modelled.HTTPStatus()) != want {
			t.Errorf("%s: %v, want %s", service.Name, err, want)
		}
		if modelled.ErrorMessage() != notStored || modelled.HTTPStatus() < http.StatusInternalServerError {
			t.Errorf("%s: %q", service.Name, modelled.ErrorMessage())
		}
		if !errors.As(err, &f) || f.Id() != fault.StoreUnwritable || f.Found != "no space left on device; free: 0.0 MB" || f.Fix != "make room." {
			t.Errorf("%s: fault %+v", service.Name, f)
		}
	}
	for err, want := range map[error]fault.Id{
		&store.Unwritable{Cause: syscall.EIO, Sent: true}: fault.StoreUnwritable,
		store.ErrUnavailable:                              fault.StoreUnavailable,
		store.ErrClosed:                                   fault.StoreUnavailable,
		syscall.ENOSPC:                                    fault.StoreUnwritable,
	} {
		var f *fault.Fault
		if !errors.As(unstored(&schema.Service{Name: "apigateway"}, fmt.Errorf("x: %w", err)), &f) || f.Id() != want {
			t.Errorf("%v: %+v, want %s", err, f, want)
		}
	}
	if err := unstored(&schema.Service{Name: "apigateway"}, store.ErrConflict); err != nil {
		t.Errorf("another error: %v", err)
	}
}
