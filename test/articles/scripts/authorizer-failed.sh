# The authorizer fails with a text that is not exactly Unauthorized.
new_api
new_authorizer 'def handler(event, context): raise Exception("unauthorized!")'; permit_authorizer
FIXED_ZIP=fixed.zip
zip_of "$FIXED_ZIP" 'def handler(event, context): raise Exception("Unauthorized")'
new_resource users; guarded GET '{"users": []}'
deploy
