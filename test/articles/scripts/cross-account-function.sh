# The function is in the account 999988887777 (profile functions-account), the API in this one.
cat >config <<'END'
[profile functions-account]
aws_access_key_id = 999988887777
aws_secret_access_key = any
END
export AWS_CONFIG_FILE=$PWD/config AWS_SHARED_CREDENTIALS_FILE=$PWD/none
FUNCTION=article-$RANDOM$RANDOM
zip_of function.zip 'def handler(event, context): return {"statusCode": 200, "body": "{\"orders\": []}"}'
curl -sS --fail-with-body "$ENDPOINT/2015-03-31/functions" -o /dev/null -d "{\"FunctionName\":\"$FUNCTION\",\"Runtime\":\"python3.12\",\"Handler\":\"index.handler\",\"Role\":\"arn:aws:iam::999988887777:role/any\",\"Code\":{\"ZipFile\":\"$(base64 -w0 function.zip)\"}}" \
	-H 'Content-Type: application/json' -H 'Authorization: AWS4-HMAC-SHA256 Credential=999988887777/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=0'
new_api
new_resource orders
method GET
integration GET "{\"type\":\"AWS_PROXY\",\"httpMethod\":\"POST\",\"uri\":\"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:999988887777:function:$FUNCTION/invocations\"}"
deploy
