# A function answers with an image in base64; the API has no binary media types.
new_api
new_function 'def handler(event, context): return {"statusCode": 200, "headers": {"Content-Type": "image/png"}, "body": "iVBORw0KGgo=", "isBase64Encoded": True}'
new_resource logo; proxy GET; permit
deploy
