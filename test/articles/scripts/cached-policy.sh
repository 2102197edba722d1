# The authorizer allows only the method that it was asked about, and its policy is cached.
new_api
new_authorizer "$(policy_code arn)" 300; permit_authorizer
new_resource orders; new_resource '{id}' "$RESOURCE"; guarded GET '{"order": "$input.params('"'id'"')"}'
deploy
