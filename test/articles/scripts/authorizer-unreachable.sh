# The API may not invoke the authorizer.
new_api
new_authorizer "$(policy_code '"*"')"
new_resource users; guarded GET '{"users": []}'
deploy
