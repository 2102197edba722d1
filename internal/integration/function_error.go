package integration

import (
	"encoding/json"
	"strconv"
	"strings"
)

// maxFunctionError bounds what is told of a function's error, bytes.
const maxFunctionError = 4096

// functionError is the payload of a function that failed.
type functionError struct {
	ErrorMessage *string `json:"errorMessage"`
	ErrorType    string  `json:"errorType"`
}

// FunctionErrorText is what may be told of a function that failed: its errorMessage, and of
// a payload without one its size alone, because anything else in it may be secret.
func FunctionErrorText(payload []byte) string {
	var failed functionError
	if err := json.Unmarshal(payload, &failed); err != nil || failed.ErrorMessage == nil {
		return "no errorMessage in " + strconv.Itoa(len(payload)) + " bytes"
	}
	return (*failed.ErrorMessage)[:min(len(*failed.ErrorMessage), maxFunctionError)]
}

// FoundFunctionError says what a diagnosis finds of a function that failed: FunctionErrorText
// with the error's type, without which a text such as 'id' says little.
func FoundFunctionError(payload []byte) string {
	text := FunctionErrorText(payload)
	var failed functionError
	if err := json.Unmarshal(payload, &failed); err != nil || !tellsMore(failed.ErrorType, text) {
		return "the function failed: " + text
	}
	return "the function failed: " + failed.ErrorType + ": " + text
}

// tellsMore says whether an error's type adds to its text: runtimes' own types, with a dot,
// and the most general one do not.
func tellsMore(errorType, text string) bool {
	const longest = 80
	return errorType != "" && errorType != "Error" && errorType != "Exception" && len(errorType) <= longest &&
		!strings.ContainsAny(errorType, ". \n") && !strings.Contains(text, errorType)
}
