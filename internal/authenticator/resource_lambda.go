package authenticator

import (
	"fmt"

	"gatehouse/internal/iam"
	"gatehouse/internal/store"
)

func (r *resourceReader) lambda() ([]access, error) {
	passed := r.passedRoles("lambda.amazonaws.com")
	name := r.input.first("FunctionName", "Resource") // Resource is of the operations on tags
	if name == "" {
		return append([]access{r.any("*")}, passed...), nil
	}
	scope := store.Scope{Account: r.who.Account, Region: r.who.Region}
	arn, err := r.authorizer.FunctionArn(scope, name, r.input.pointer("Qualifier"))
	if err != nil {
		return nil, err
	}
	if r.call.Operation.Name == "Invoke" {
		needed, err := r.invoke(arn)
		return []access{needed}, err
	}
	needed := r.on(arn)
	needed[0].keys = r.lambdaKeys(arn)
	return append(needed, passed...), nil
}

// invoke also asks the function's own policy, so that other accounts can be let in.
func (r *resourceReader) invoke(arn string) (access, error) {
	needed := access{action: iam.ActionInvokeFunction, resource: arn}
	if r.authorizer.FunctionPolicy == nil {
		return needed, nil
	}
	document, _ := r.authorizer.FunctionPolicy(arn)
	if document == "" {
		return needed, nil
	}
	var err error
	if needed.policy, err = iam.Compile([]byte(document), iam.FunctionPolicy, "policy of "+arn); err != nil {
		return needed, fmt.Errorf("reading the policy of %s: %w", arn, err)
	}
	return needed, nil
}
