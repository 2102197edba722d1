# A function that raises, and a package in which it does not.
new_api
new_function 'def handler(event, context): raise KeyError("order")'
FIXED_ZIP=fixed.zip
zip_of "$FIXED_ZIP" 'def handler(event, context): return {"statusCode": 404, "body": "{\"message\": \"no such order\"}"}'
new_resource order; proxy GET; permit
deploy
