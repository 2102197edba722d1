package integration

import (
	"encoding/json"
	"strconv"
)

// maxFunctionError bounds what is told of a function's error, bytes.
const maxFunctionError = 4096

// FunctionErrorText is what may be told of a function that failed: its errorMessage, and of
// a payload without one its size alone, because anything else in it may be secret.
func FunctionErrorText(payload []byte) string {
	var failed struct {
		ErrorMessage *string `json:"errorMessage"`
	}
	if err := json.Unmarshal(payload, &failed); err != nil || failed.ErrorMessage == nil {
		return "no errorMessage in " + strconv.Itoa(len(payload)) + " bytes"
	}
	return (*failed.ErrorMessage)[:min(len(*failed.ErrorMessage), maxFunctionError)]
}
