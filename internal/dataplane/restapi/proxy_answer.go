package restapi

import (
	"encoding/json"
	"errors"
	"strings"

	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
)

// readProxyAnswer reads the answer of a function behind AWS_PROXY.
func readProxyAnswer(e *exchange, result *integration.InvocationResult) *fault.Fault {
	if result.FunctionError != "" {
		f := fault.New(fault.FunctionError)
		told := integration.FunctionErrorText(result.Payload)
		f.Found = integration.FoundFunctionError(result.Payload)
		f.LogLine = "Lambda execution failed with status " + itoa(result.StatusCode) + " due to customer function error: " + told +
			". Lambda request id: " + result.RequestId // public logs of 2019 to 2025
		e.answer.errorMessage = errorMessageOf(result.Payload)
		return f
	}
	proxy, err := integration.ParseProxyResponse(result.Payload)
	if err != nil {
		return malformedAnswer(err)
	}
	e.answer.proxy = proxy
	e.answer.statusCode = proxy.StatusCode
	return nil
}

const malformedProxyResponse = "configuration error: Malformed Lambda proxy response"

func malformedAnswer(err error) *fault.Fault {
	f := fault.New(fault.MalformedProxyResponse)
	f.LogLine, f.Cause = malformedProxyResponse, err
	var malformed *integration.MalformedProxyResponse
	if errors.As(err, &malformed) {
		f.Checked, f.Found, f.Wanted = "the function's answer", malformed.Error(), malformed.Wanted
		if len(malformed.Keys) > 0 {
			f.Nearest = "returned keys: " + strings.Join(malformed.Keys, ", ")
		}
		if malformed.Field == "body" {
			f.Fix = "return body as a string, such as JSON.stringify(body)"
		}
	}
	return f
}

// errorMessageOf is the errorMessage of a failed function; the whole payload when it
// has none.
func errorMessageOf(payload []byte) string {
	var failed struct {
		ErrorMessage *string `json:"errorMessage"`
	}
	if err := json.Unmarshal(payload, &failed); err != nil || failed.ErrorMessage == nil {
		return string(payload)
	}
	return *failed.ErrorMessage
}
