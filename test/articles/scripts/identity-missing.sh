# GET /users needs an Authorization header.
new_api
new_authorizer "$(policy_code '"*"')"; permit_authorizer
new_resource users; guarded GET '{"users": []}'
deploy
