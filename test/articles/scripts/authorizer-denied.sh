# The policy allows GET /users and nothing else; the package in FIXED_ZIP allows the stage.
new_api
new_authorizer "$(policy_code 'arn.split("/")[0] + "/prod/GET/users"')"; permit_authorizer
FIXED_ZIP=fixed.zip
zip_of "$FIXED_ZIP" "$(policy_code '"/".join(arn.split("/")[:2]) + "/*"')"
new_resource users; guarded GET '{"users": []}'
new_resource orders; guarded GET '{"orders": []}'
deploy
