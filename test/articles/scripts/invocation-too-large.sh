# POST /upload has a function behind it that answers with the length of the body.
new_api
new_function 'def handler(event, context): return {"statusCode": 200, "body": str(len(event["body"]))}'
new_resource upload; proxy POST; permit
deploy
