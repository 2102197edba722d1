package authenticator

import (
	"encoding/json"

	"gatehouse/internal/iam"
)

// Lambda's condition keys, from members of requests (Service Authorization Reference:
// AWS Lambda). What a function URL or a permission has already is known for
// RemovePermission alone.
var (
	keyPrincipal   = conditionKey{"Principal", []string{"Principal"}, ""}
	keyUrlAuthType = conditionKey{"FunctionUrlAuthType", []string{"FunctionUrlAuthType", "AuthType"}, ""}
	keyLayer       = conditionKey{"Layer", []string{"Layers"}, ""}

	lambdaKeys = map[string][]conditionKey{
		"AddPermission":           {keyPrincipal, keyUrlAuthType},
		"CreateFunction":          {keyLayer},
		"CreateFunctionUrlConfig": {keyUrlAuthType}, "UpdateFunctionUrlConfig": {keyUrlAuthType},
		"UpdateFunctionConfiguration": {keyLayer},
	}
	// functionArnKeys are the operations with lambda:FunctionArn.
	functionArnKeys = map[string]bool{
		"CreateFunctionUrlConfig": true, "UpdateFunctionUrlConfig": true, "DeleteFunctionUrlConfig": true, "GetFunctionUrlConfig": true, "ListFunctionUrlConfigs": true,
	}
)

const lambdaPrefix = "lambda:"

// lambdaKeys are the keys of an operation on a function.
func (r *resourceReader) lambdaKeys(arn string) iam.Context {
	name := r.call.Operation.Name
	var keys iam.Context
	for _, key := range lambdaKeys[name] {
		keys = key.append(keys, lambdaPrefix, key.of(r.input))
	}
	if functionArnKeys[name] {
		keys = append(keys, iam.ContextKey{Key: "lambda:FunctionArn", Values: []string{arn}})
	}
	if name == "RemovePermission" {
		keys = append(keys, r.removedKeys(arn)...)
	}
	return keys
}

// removedKeys are the keys of the statement that RemovePermission takes away.
func (r *resourceReader) removedKeys(arn string) iam.Context {
	if r.authorizer.FunctionPolicy == nil {
		return nil
	}
	document, _ := r.authorizer.FunctionPolicy(arn)
	var policy struct {
		Statement []struct {
			Sid       string
			Principal json.RawMessage
			Condition map[string]map[string]any
		}
	}
	if json.Unmarshal([]byte(document), &policy) != nil {
		return nil // a function without a policy
	}
	for i := range policy.Statement {
		if statement := &policy.Statement[i]; statement.Sid == r.input.text("StatementId") {
			keys := keyPrincipal.append(nil, lambdaPrefix, principalTexts(statement.Principal))
			if authType, ok := statement.Condition["StringEquals"]["lambda:FunctionUrlAuthType"].(string); ok {
				keys = keyUrlAuthType.append(keys, lambdaPrefix, []string{authType})
			}
			return keys
		}
	}
	return nil
}

// principalTexts are the principals of a statement: "*", or a map of one or several.
func principalTexts(element json.RawMessage) []string {
	var everyone string
	if json.Unmarshal(element, &everyone) == nil {
		return []string{everyone}
	}
	var kinds map[string]any
	if json.Unmarshal(element, &kinds) != nil {
		return nil
	}
	var texts []string
	for _, value := range kinds {
		switch value := value.(type) {
		case string:
			texts = append(texts, value)
		case []any:
			for _, one := range value {
				if text, ok := one.(string); ok {
					texts = append(texts, text)
				}
			}
		}
	}
	return texts
}
