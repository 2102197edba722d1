package restapi

import (
	"net/http"
	"strconv"
	"strings"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/plan"
)

// selectIntegrationResponse finds the integration response for the backend's answer:
// the first whose pattern matches the whole status code (HTTP, MOCK) or errorMessage
// (functions), else the default one. A proxy has none.
//
// A function that succeeded has an empty errorMessage, so that ".*" catches successes
// too (observed on AWS).
func selectIntegrationResponse(e *exchange) *fault.Fault {
	target := e.method.Integration
	if target.IsProxy() {
		return nil
	}
	chosen, f := matchResponse(e, target)
	if f != nil {
		return f
	}
	if chosen == nil {
		return noResponse(e, target)
	}
	if !chosen.Declared {
		return undeclaredResponse(e, chosen)
	}
	e.selected = chosen
	if e.record.Enabled() {
		e.record.Note(record.PatternChosen, patternText(chosen)+" → "+itoa(chosen.StatusCode))
		e.noteErrorAsSuccess(chosen)
	}
	return nil
}

// noteErrorAsSuccess notes an error of the backend that only the default response takes,
// and makes a success of.
func (e *exchange) noteErrorAsSuccess(chosen *plan.IntegrationResponse) {
	selection := e.answer.selection
	if selection == "" || chosen.Pattern != nil || chosen.StatusCode >= http.StatusBadRequest {
		return
	}
	kind := "error message of the function"
	if e.method.Integration.Type != plan.IntegrationAws {
		if statusCode, err := strconv.Atoi(selection); err != nil || statusCode < http.StatusBadRequest {
			return
		}
		kind = "status"
	}
	e.record.Note(record.ErrorAsSuccess, kind+": "+selection)
}

func matchResponse(e *exchange, target *plan.Integration) (*plan.IntegrationResponse, *fault.Fault) {
	for _, candidate := range target.Responses {
		matched, err := candidate.Pattern.Match(e.answer.selection)
		if err != nil {
			f := fault.New(fault.SelectionPatternFailed)
			f.Checked, f.Found, f.Cause = "pattern "+candidate.Pattern.Text(), "no result within "+plan.PatternTimeout.String(), err
			return nil, f
		}
		if matched {
			return candidate, nil
		}
		if e.record.Enabled() {
			e.record.Note(record.PatternTried, candidate.Pattern.Text())
		}
	}
	return target.Default, nil
}

func patternText(response *plan.IntegrationResponse) string {
	if response.Pattern == nil {
		return "default"
	}
	return response.Pattern.Text()
}

func noResponse(e *exchange, target *plan.Integration) *fault.Fault {
	tried := make([]string, len(target.Responses))
	for i, candidate := range target.Responses {
		tried[i] = candidate.Pattern.Text()
	}
	f := fault.New(fault.NoIntegrationResponse)
	f.Checked = "the selection patterns [" + strings.Join(tried, ", ") + "]"
	f.Found = "the answer " + `"` + e.answer.selection + `"`
	if len(tried) == 0 {
		f.Checked = "the integration responses of " + e.method.HttpMethod + " " + e.method.ResourcePath + ": there is none"
	}
	f.Wanted = "a pattern that matches all of it, or a default integration response"
	f.LogLine = "configuration error: No match for output mapping and no default output mapping configured"
	return f
}

func undeclaredResponse(e *exchange, chosen *plan.IntegrationResponse) *fault.Fault {
	f := fault.New(fault.MethodResponseMissing)
	f.Checked = "the method responses of " + e.method.HttpMethod + " " + e.method.ResourcePath
	f.Found = "no method response " + itoa(chosen.StatusCode) + ", selected by " + patternText(chosen)
	f.Fix = "aws apigateway put-method-response --status-code " + itoa(chosen.StatusCode)
	f.LogLine = "configuration error: Output mapping refers to an invalid method response: " + itoa(chosen.StatusCode)
	return f
}
