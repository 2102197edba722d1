# A stage with a cache, whose method does not name its path parameter as a cache key.
new_api
new_resource orders; new_resource '{id}' "$RESOURCE"; new_function 'def handler(event, context): return {"statusCode": 200, "body": "{\"order\": \"" + event["pathParameters"]["id"] + "\"}\n"}'
proxy GET; permit
deploy
cache_stage
