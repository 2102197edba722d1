package functions

import "gatehouse/internal/store"

// FunctionArn is the ARN of what an operation takes a function's name and qualifier
// for: the one way of reading them, so that who authorizes a call means what the
// operation will do.
func FunctionArn(scope store.Scope, name string, qualifier *string) (string, error) {
	parsed, err := parseFunctionName(scope, name, qualifier)
	if err != nil {
		return "", err
	}
	return parsed.arn(), nil
}
