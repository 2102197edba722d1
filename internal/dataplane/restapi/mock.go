package restapi

import (
	"strconv"
	"strings"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/plan"
	"gatehouse/internal/value"
)

// readMockStatusCode reads the status code that a MOCK's request template gave:
// lenient JSON with an integer statusCode.
func readMockStatusCode(e *exchange) *fault.Fault {
	statusCode, found := mockStatusCode(e.outbound.body)
	if found == "" {
		e.outbound.mockStatusCode = statusCode
		return nil
	}
	f := fault.New(fault.MockStatusCode)
	f.Checked = "the rendered request template of the MOCK integration"
	f.Found, f.Wanted = found, `an object with an integer statusCode, such as {"statusCode": 200}`
	f.LogLine = "configuration error: statusCode should be an integer which defined in request template"
	f.Nearest = templateNames(e.method.Integration.RequestTemplates)
	return f
}

func templateNames(templates []plan.Template) string {
	if len(templates) == 0 {
		return "no request template"
	}
	names := make([]string, len(templates))
	for i, template := range templates {
		names[i] = template.ContentType
	}
	return "templates for " + strings.Join(names, ", ")
}

// mockStatusCode reads the statusCode of a MOCK's rendered request template. found
// says what was there instead, and is empty for a good one. The JSON is read leniently:
// {statusCode: 200} is good, {"statusCode": "200"} is not (observed on AWS).
func mockStatusCode(rendered []byte) (statusCode int, found string) {
	document, err := value.Read(nil, string(rendered))
	if err != nil || document.Map() == nil {
		return 0, "text that is not a JSON object"
	}
	given, ok := document.Map().GetString("statusCode")
	switch {
	case !ok:
		return 0, "an object without statusCode"
	case given.Kind() != value.KindInteger:
		return 0, "a statusCode that is a " + given.Kind().String() + ": " + shownStatus(given.String())
	}
	statusCode = int(given.Int())
	if statusCode < overrideStatusMinimum || statusCode > overrideStatusMaximum {
		return 0, "statusCode " + strconv.Itoa(statusCode)
	}
	return statusCode, ""
}

// shownStatus shows what could have been meant as a status; anything else may be a part
// of the client's body.
func shownStatus(text string) string {
	if _, err := strconv.Atoi(text); err == nil && len(text) <= len("200") {
		return text
	}
	return record.LengthText(text)
}
