# A function whose body is an object, and a package in which it is text.
new_api
new_function 'def handler(event, context): return {"statusCode": 200, "body": {"id": 7}}'
FIXED_ZIP=fixed.zip
zip_of "$FIXED_ZIP" 'def handler(event, context): return {"statusCode": 200, "body": "{\"id\": 7}"}'
new_resource order; proxy GET; permit
deploy
