# The function's reserved concurrency is 0.
new_api
new_function 'def handler(event, context): return {"statusCode": 200, "body": "{\"hello\": \"world\"}"}'
new_resource hello; proxy GET; permit
deploy
call PUT "/2017-10-31/functions/$FUNCTION/concurrency" '{"ReservedConcurrentExecutions":0}' >/dev/null
