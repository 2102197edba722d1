# A function behind an HTTP API that answers 500.
new_function 'def handler(event, context): return {"statusCode": 500, "body": "bad input"}'
http_api
