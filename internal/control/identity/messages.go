package identity

import (
	"errors"
	"fmt"
	"net/http"

	"gatehouse/internal/awsapi"
	api "gatehouse/internal/awsapi/iam"
	"gatehouse/internal/iam"
)

// The errors of IAM, in AWS's wording as seen in public reports. Unconfirmed: those of
// permissions boundaries, of tags, and the quotas' names in LimitExceeded.

func noSuchEntity(format string, values ...any) error {
	return &api.NoSuchEntityException{Message: fmt.Sprintf(format, values...)}
}

func noSuchUser(name string) error {
	return noSuchEntity("The user with name %s cannot be found.", name)
}

func noSuchGroup(name string) error {
	return noSuchEntity("The group with name %s cannot be found.", name)
}

func noSuchRole(name string) error {
	return noSuchEntity("The role with name %s cannot be found.", name)
}

func noSuchPolicy(arn string) error { return noSuchEntity("Policy %s was not found.", arn) }

func notAttachable(arn string) error {
	return noSuchEntity("Policy %s does not exist or is not attachable.", arn)
}

func noSuchVersion(arn, versionId string) error {
	return noSuchEntity("Policy %s version %s does not exist or is not attachable.", arn, versionId)
}

func noSuchInlinePolicy(noun, name string) error {
	return noSuchEntity("The %s policy with name %s cannot be found.", noun, name)
}

func noSuchAccessKey(id string) error {
	return noSuchEntity("The Access Key with id %s cannot be found.", id)
}

func noSuchProvider(arn string) error {
	return noSuchEntity("OpenIDConnect Provider not found for arn %s", arn)
}

func alreadyExists(noun, name string) error {
	return &api.EntityAlreadyExistsException{Message: noun + " with name " + name + " already exists."}
}

func deleteConflict(message string) error {
	return &api.DeleteConflictException{Message: message}
}

const (
	messageRemoveFromGroups  = "Cannot delete entity, must remove users from group first."
	messageDeleteAccessKeys  = "Cannot delete entity, must delete access keys first."
	messageDeletePolicies    = "Cannot delete entity, must delete policies first."
	messageDetachPolicies    = "Cannot delete entity, must detach all policies first."
	messagePolicyAttached    = "Cannot delete a policy attached to entities."
	messagePolicyHasVersions = "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy."
	messageDefaultVersion    = "Cannot delete the default version of a policy."
	messageTooManyVersions   = "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version."
)

func limitExceeded(format string, values ...any) error {
	return &api.LimitExceededException{Message: fmt.Sprintf(format, values...)}
}

func quotaExceeded(quota string, limit int) error {
	return limitExceeded("Cannot exceed quota for %s: %d", quota, limit)
}

func invalidInput(format string, values ...any) error {
	return &api.InvalidInputException{Message: fmt.Sprintf(format, values...)}
}

// validationError is what AWS answers to a value that its model allows and it does not.
func validationError(format string, values ...any) error {
	return &awsapi.Unmodelled{Code: "ValidationError", Message: fmt.Sprintf(format, values...), Status: http.StatusBadRequest}
}

func accessDenied(message string) error {
	return &awsapi.Unmodelled{Code: "AccessDenied", Message: message, Status: http.StatusForbidden}
}

// malformedPolicy turns an error of iam.Compile into AWS's.
func malformedPolicy(err error) error {
	var malformed *iam.MalformedPolicyError
	if errors.As(err, &malformed) {
		return &api.MalformedPolicyDocumentException{Message: malformed.Message}
	}
	return err
}
