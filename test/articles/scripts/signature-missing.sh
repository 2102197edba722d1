# GET /hello wants a signature.
new_api
new_resource hello
method GET '{"authorizationType":"AWS_IAM"}'
mock_integration GET '{"hello": "world"}'
deploy
