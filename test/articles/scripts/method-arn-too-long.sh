# GET /items/{path+} wants a signature.
new_api
new_resource items; new_resource '{path+}' "$RESOURCE"
method GET '{"authorizationType":"AWS_IAM"}'
mock_integration GET '{"items": []}'
deploy
new_user long-path; allow_invoke long-path
