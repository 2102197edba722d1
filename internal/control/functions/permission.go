package functions

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	api "gatehouse/internal/awsapi/lambda"
	"gatehouse/internal/store"
)

// policySizeLimit is "Function resource-based policy", bytes.
const policySizeLimit = 20 * 1024

// Policy is the resource-based policy of a function, a version or an alias. Each has
// its own: a statement for the function says nothing about its aliases.
type Policy struct {
	Statements []Statement
	RevisionId string
}

// Statement is one statement of a Policy, in the member order in which AWS prints it.
type Statement struct {
	Sid       string
	Effect    string
	Principal any // "*", or {"Service": …} or {"AWS": …}
	Action    string
	Resource  string
	Condition map[string]map[string]string `json:",omitempty"`
}

// document is the policy's JSON.
func (p Policy) document() (string, error) {
	document, err := json.Marshal(struct {
		Version   string
		Id        string
		Statement []Statement
	}{"2012-10-17", "default", p.Statements})
	if err != nil {
		return "", fmt.Errorf("encoding a function's policy: %w", err)
	}
	return string(document), nil
}

var (
	accountPattern = regexp.MustCompile(`^[0-9]{12}$`)
	servicePattern = regexp.MustCompile(`^[a-z0-9.-]+\.(amazonaws\.com|aws\.internal)$`)
)

func principalOf(principal string) (any, error) {
	switch {
	case principal == "*":
		return "*", nil
	case accountPattern.MatchString(principal):
		return map[string]string{"AWS": "arn:aws:iam::" + principal + ":root"}, nil
	case strings.HasPrefix(principal, "arn:"):
		return map[string]string{"AWS": principal}, nil
	case servicePattern.MatchString(principal):
		return map[string]string{"Service": principal}, nil
	default:
		return nil, invalidParameter("The provided principal was invalid. Please check the principal and try again.")
	}
}

func conditionOf(in *api.AddPermissionInput) map[string]map[string]string {
	condition := map[string]map[string]string{}
	add := func(operator, key string, value string) {
		if value == "" {
			return
		}
		if condition[operator] == nil {
			condition[operator] = map[string]string{}
		}
		condition[operator][key] = value
	}
	add("StringEquals", "AWS:SourceAccount", text(in.SourceAccount))
	add("StringEquals", "lambda:EventSourceToken", text(in.EventSourceToken))
	add("StringEquals", "aws:PrincipalOrgID", text(in.PrincipalOrgID))
	add("StringEquals", "lambda:FunctionUrlAuthType", string(in.FunctionUrlAuthType))
	if in.InvokedViaFunctionUrl != nil {
		add("Bool", "lambda:InvokedViaFunctionUrl", fmt.Sprint(*in.InvokedViaFunctionUrl))
	}
	add("ArnLike", "AWS:SourceArn", text(in.SourceArn))
	if len(condition) == 0 {
		return nil
	}
	return condition
}

// AddPermission adds a statement to the policy of a function, version or alias.
func (s *Service) AddPermission(ctx context.Context, in *api.AddPermissionInput) (*api.AddPermissionOutput, error) {
	name, err := parseFunctionName(scopeOf(ctx), in.FunctionName, in.Qualifier)
	if err != nil {
		return nil, err
	}
	principal, err := principalOf(in.Principal)
	if err != nil {
		return nil, err
	}
	statement := Statement{Sid: in.StatementId, Effect: "Allow", Principal: principal, Action: in.Action, Resource: name.arn(), Condition: conditionOf(in)}
	err = s.changePolicy(ctx, name, in.RevisionId, func(policy *Policy) error {
		if slices.ContainsFunc(policy.Statements, func(other Statement) bool { return other.Sid == in.StatementId }) {
			return conflict("The statement id (" + in.StatementId + ") provided already exists. Please provide a new statement id, or remove the existing statement.")
		}
		policy.Statements = append(policy.Statements, statement)
		return nil
	})
	if err != nil {
		return nil, err
	}
	shown, err := json.Marshal(statement)
	if err != nil {
		return nil, fmt.Errorf("encoding a statement: %w", err)
	}
	return &api.AddPermissionOutput{Statement: new(string(shown))}, nil
}

// RemovePermission removes a statement.
func (s *Service) RemovePermission(ctx context.Context, in *api.RemovePermissionInput) (*api.RemovePermissionOutput, error) {
	name, err := parseFunctionName(scopeOf(ctx), in.FunctionName, in.Qualifier)
	if err != nil {
		return nil, err
	}
	err = s.changePolicy(ctx, name, in.RevisionId, func(policy *Policy) error {
		before := len(policy.Statements)
		policy.Statements = slices.DeleteFunc(policy.Statements, func(other Statement) bool { return other.Sid == in.StatementId })
		if len(policy.Statements) == before {
			return resourceNotFound("Statement " + in.StatementId + " is not found in resource policy.")
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &api.RemovePermissionOutput{}, nil
}

func (s *Service) changePolicy(ctx context.Context, name functionName, revisionId *string, change func(*Policy) error) error {
	return s.Store.Update(ctx, func(tx *store.Tx) error {
		if err := s.policyOwner(tx, name); err != nil {
			return err
		}
		policy := policyOf(tx, name)
		if revisionId != nil && *revisionId != policy.RevisionId {
			return preconditionFailed()
		}
		if err := change(&policy); err != nil {
			return err
		}
		document, err := policy.document()
		if err != nil {
			return err
		}
		if len(document) > policySizeLimit {
			return &api.PolicyLengthExceededException{Message: fmt.Sprintf("The final policy size (%d) is bigger than the limit (%d).", len(document), policySizeLimit), Type: &userError}
		}
		if len(policy.Statements) == 0 {
			policies.Delete(tx, name.scope, name.name, policyId(name))
			return nil
		}
		policy.RevisionId = s.NewId()
		return policies.Put(tx, policy, name.scope, name.name, policyId(name))
	})
}

// policyOwner checks that what the policy belongs to exists.
func (s *Service) policyOwner(tx *store.Tx, name functionName) error {
	if name.qualifier == latest {
		return invalidParameter("We currently do not support adding policies for $LATEST.")
	}
	_, _, err := s.findVersion(tx, name)
	return err
}

func policyId(name functionName) string {
	if name.qualifier == "" {
		return latest
	}
	return name.qualifier
}

// policyOf returns the policy of exactly what name names, empty when there is none.
func policyOf(r store.Reader, name functionName) Policy {
	policy, err := policies.Get(r, name.scope, name.name, policyId(name))
	if err != nil {
		return Policy{}
	}
	return policy
}

// GetPolicy returns the policy of a function, version or alias.
func (s *Service) GetPolicy(ctx context.Context, in *api.GetPolicyInput) (*api.GetPolicyOutput, error) {
	name, err := parseFunctionName(scopeOf(ctx), in.FunctionName, in.Qualifier)
	if err != nil {
		return nil, err
	}
	view := s.Store.View()
	if _, _, err := s.findVersion(view, name); err != nil {
		return nil, err
	}
	policy := policyOf(view, name)
	if len(policy.Statements) == 0 {
		return nil, resourceNotFound(messageNoPolicy)
	}
	document, err := policy.document()
	if err != nil {
		return nil, err
	}
	return &api.GetPolicyOutput{Policy: &document, RevisionId: new(policy.RevisionId)}, nil
}
