# The integration's own HTTP method is GET.
new_api
new_function 'def handler(event, context): return {"statusCode": 200, "body": "{\"hello\": \"world\"}"}'
new_resource hello; method GET
integration GET "{\"type\":\"AWS_PROXY\",\"httpMethod\":\"GET\",\"uri\":\"$(invoke_uri)\"}"
permit
deploy
