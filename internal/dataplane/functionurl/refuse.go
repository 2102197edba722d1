package functionurl

import (
	"errors"
	"net/http"
	"strconv"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
)

// refusal is an answer that no function gave.
type refusal struct {
	fault           *fault.Fault
	statusCode      int
	errorType, body string
}

const forbidden = `{"Message":"Forbidden"}`

func unknownUrl(urlId string) refusal {
	f := fault.New(fault.UnknownHost)
	f.Checked, f.Found, f.Wanted = "the ids of function URLs", "no function URL "+strconv.Quote(urlId), "the host name of a function URL"
	f.Fix, f.Command = "Take the URL from the function's configuration.", "aws lambda list-functions --query 'Functions[].FunctionName'"
	return refusal{fault: f, statusCode: http.StatusForbidden, body: forbidden}
}

func tooLong() refusal {
	f := fault.New(fault.RequestTooLarge)
	f.Checked, f.Found, f.Wanted = "the size of the body", "more than "+strconv.Itoa(payloadSizeLimit)+" bytes", "at most "+strconv.Itoa(payloadSizeLimit)
	f.Fix = "Send a smaller body, or the place where the function finds it."
	return refusal{fault: f, statusCode: http.StatusRequestEntityTooLarge, body: `{"Message":"Request must be smaller than 6291456 bytes for the InvokeFunction operation"}`}
}

func unreadable(err error) refusal {
	f := fault.New(fault.RequestMalformed)
	f.Checked, f.Found, f.Cause = "the body", "a body that cannot be read to its end", err
	f.Fix = "Send as many bytes as Content-Length says, or well-formed chunks."
	return refusal{fault: f, statusCode: http.StatusBadRequest, body: `{"message":"Bad Request"}`}
}

// notInvoked says why a function was not reached.
func notInvoked(target Target, err error) refusal {
	given := refusal{statusCode: http.StatusBadGateway, errorType: "InternalFailure", body: badGateway}
	id, found := fault.InvokeFailed, "Lambda could not run the function"
	switch {
	case errors.Is(err, integration.ErrInvokeDenied):
		id, found = fault.InvokeDenied, "no such statement"
		given = refusal{statusCode: http.StatusForbidden, errorType: "AccessDeniedException", body: forbidden}
	case errors.Is(err, integration.ErrInvokeThrottled):
		id, found = fault.FunctionThrottled, integration.FoundThrottled(err)
		given = refusal{statusCode: http.StatusTooManyRequests, body: `{"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded","Type":"User","message":"Rate Exceeded."}`}
	case errors.Is(err, integration.ErrFunctionNotFound):
		id, found = fault.FunctionNotFound, "no such function"
	}
	f := fault.New(id)
	f.Checked, f.Found, f.Cause = "invoking "+target.FunctionName+" by its URL", found, err
	switch id {
	case fault.InvokeDenied:
		f.Wanted = "a statement of the function's policy that allows lambda:InvokeFunctionUrl to everybody"
		f.Fix = "Let everybody call the URL."
		f.Command = "aws lambda add-permission --function-name " + target.FunctionName +
			" --statement-id url --action lambda:InvokeFunctionUrl --principal '*' --function-url-auth-type NONE"
	case fault.FunctionThrottled:
		f.Fix, f.Command = "Raise the function's concurrency, or send fewer requests.", "aws lambda get-function-concurrency --function-name "+target.FunctionName
	default:
		f.Fix, f.Command = "See whether the function can be invoked.", "aws lambda get-function --function-name "+target.FunctionName
	}
	given.fault = f
	return given
}

// badGateway is what a client gets when the function fails; the reason is in its log.
const badGateway = `Internal Server Error`

func failed(result *integration.InvocationResult) refusal {
	f := fault.New(fault.FunctionError)
	f.Checked, f.Found = "the function's answer", integration.FoundFunctionError(result.Payload)
	f.Fix = "Mend the function: its log has the error."
	return refusal{f, http.StatusBadGateway, "InternalFailure", badGateway}
}

func malformed(err error) refusal {
	f := fault.New(fault.MalformedProxyResponse)
	f.Checked, f.Found, f.Cause = "the function's answer", err.Error(), err
	f.Wanted = "an answer of payload format 2.0"
	f.Fix = `Return a text, or an object such as {"statusCode": 200, "body": "text"}.`
	return refusal{f, http.StatusBadGateway, "InternalFailure", badGateway}
}

// refuse answers a request that no function answered, and keeps it with its error id.
func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, target Target, given refusal) {
	received, requestId := h.Now(), w.Header()["x-amzn-RequestId"][0]
	if given.errorType != "" {
		w.Header()["x-amzn-ErrorType"] = []string{given.errorType}
	}
	fault.SetHelp(w.Header(), h.HelpBase, given.fault, requestId)
	answer(w, given.statusCode, given.body)
	if h.Recorder == nil {
		return
	}
	kept := record.NewNotes(&record.Method{
		AccountId: target.Account, Region: target.Region, ApiId: target.UrlId, ProtocolType: record.FunctionUrl,
	}, record.Exchange{
		RequestId: requestId, ExtendedRequestId: requestId, HttpMethod: r.Method, Path: r.URL.EscapedPath(), Received: received,
	})
	h.Recorder.Begin(kept)
	kept.BeginStep(record.NameStep(stepInvoke), 0)
	kept.Fault, kept.StatusCode, kept.ResponseLength = given.fault, given.statusCode, len(given.body)
	h.Recorder.End(kept)
}

// stepInvoke is the only step of a request to a function URL.
const stepInvoke = "call_integration"
