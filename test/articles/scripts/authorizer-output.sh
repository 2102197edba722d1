# The authorizer forgets the principalId.
new_api
new_authorizer "$(policy_code '"*"' | sed 's/"principalId": "user", //')"; permit_authorizer
FIXED_ZIP=fixed.zip
zip_of "$FIXED_ZIP" "$(policy_code '"*"')"
new_resource users; guarded GET '{"users": []}'
deploy
