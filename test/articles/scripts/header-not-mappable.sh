# A mapping sets Authorization for a function.
new_api
new_function 'def handler(event, context): return {"statusCode": 200, "body": "{\"hello\": \"world\"}"}'
new_resource hello
method GET '{"authorizationType":"NONE","requestParameters":{"method.request.header.Authorization":false}}'
integration GET "{\"type\":\"AWS_PROXY\",\"httpMethod\":\"POST\",\"uri\":\"$(invoke_uri)\",\"requestParameters\":{\"integration.request.header.Authorization\":\"method.request.header.Authorization\"}}"
permit
deploy
