# A function behind an HTTP API that answers with an object without statusCode.
new_function 'def handler(event, context): return {"version": event["version"]}'
http_api
