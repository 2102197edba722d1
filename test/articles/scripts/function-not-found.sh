# The integration names a function that was never made; FUNCTION is the one that was meant.
new_api
new_function 'def handler(event, context): return {"statusCode": 200, "body": "{\"hello\": \"world\"}"}'
RIGHT=$FUNCTION FUNCTION=never-made
new_resource hello; proxy GET
FUNCTION=$RIGHT; permit
URI=$(invoke_uri)
deploy
