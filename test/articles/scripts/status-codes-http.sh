# A function behind an HTTP API that answers 500 for bad input. URI is its ARN.
new_function 'def handler(event, context): return {"statusCode": 500, "body": "bad input"}'
http_api
URI=arn:aws:lambda:$AWS_DEFAULT_REGION:$ACCOUNT:function:$FUNCTION
