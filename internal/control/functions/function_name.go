package functions

import (
	"strings"

	"gatehouse/internal/store"
)

// functionName is a function as a caller named it: by name, by partial or full ARN,
// with or without a qualifier.
type functionName struct {
	scope     store.Scope
	name      string
	qualifier string
}

func newFunctionName(scope store.Scope, name, qualifier string) functionName {
	return functionName{scope: scope, name: name, qualifier: qualifier}
}

const arnParts = 7 // arn:aws:lambda:region:account:function:name

// parseFunctionName reads the forms that the Lambda API accepts. An explicit qualifier
// must agree with one in the name.
func parseFunctionName(scope store.Scope, text string, qualifier *string) (functionName, error) {
	parsed := functionName{scope: scope, name: text}
	if qualifier != nil {
		parsed.qualifier = *qualifier
	}
	parts := strings.Split(text, ":")
	embedded := ""
	switch {
	case parts[0] == "arn" && len(parts) >= arnParts:
		parsed.scope = store.Scope{Region: parts[3], Account: parts[4]}
		parsed.name, embedded = parts[6], strings.Join(parts[arnParts:], ":")
	case len(parts) >= 3 && parts[1] == "function": // account:function:name
		parsed.scope.Account = parts[0]
		parsed.name, embedded = parts[2], strings.Join(parts[3:], ":")
	case len(parts) == 2:
		parsed.name, embedded = parts[0], parts[1]
	}
	if embedded == "" {
		return parsed, nil
	}
	if parsed.qualifier != "" && parsed.qualifier != embedded {
		return parsed, invalidParameter("The derived qualifier from the function name does not match the specified qualifier.")
	}
	parsed.qualifier = embedded
	return parsed, nil
}

// arn is the ARN as it was named, qualifier included.
func (n functionName) arn() string {
	arn := arnOf(n.scope, n.name)
	if n.qualifier != "" {
		arn += ":" + n.qualifier
	}
	return arn
}

func arnOf(scope store.Scope, name string) string {
	return "arn:aws:lambda:" + scope.Region + ":" + scope.Account + ":function:" + name
}

// ArnOf is the ARN of a function, with its qualifier unless that is empty.
func ArnOf(scope store.Scope, name, qualifier string) string {
	return newFunctionName(scope, name, qualifier).arn()
}
