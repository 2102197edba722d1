# GET /orders wants a signature; nothing allows the user eve to call it.
new_api
new_resource orders
method GET '{"authorizationType":"AWS_IAM"}'
mock_integration GET '{"orders": []}'
deploy
new_user eve
