# A function that nobody may invoke.
new_api
new_function 'def handler(event, context): return {"statusCode": 200, "body": "{\"hello\": \"world\"}"}'
new_resource hello; proxy GET
deploy
