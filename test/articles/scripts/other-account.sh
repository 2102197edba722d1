# The API of account 111122223333 (profile api) and the callers of account 444455556666 (profile caller), each with keys of its own.
# GET /orders of the REST API API and GET /orders of the HTTP API HTTP_API want a signature.
cat >config <<'END'
[profile api]
aws_access_key_id = 111122223333
aws_secret_access_key = any
[profile caller]
aws_access_key_id = 444455556666
aws_secret_access_key = any
END
export AWS_CONFIG_FILE=$PWD/config AWS_SHARED_CREDENTIALS_FILE=$PWD/none
call() { # as setup.sh's, in the API's account
	curl -sS --fail-with-body -X "$1" "$ENDPOINT$2" -H 'Content-Type: application/json' ${3:+-d "$3"} \
		-H "Authorization: AWS4-HMAC-SHA256 Credential=111122223333/20260101/us-east-1/${SERVICE:-apigateway}/aws4_request, SignedHeaders=host, Signature=0"
}
new_user dana 444455556666
new_api
new_resource orders; method GET '{"authorizationType":"NONE"}'
mock_integration GET '{"orders": [], "caller": "$context.identity.userArn"}'
deploy
backend 'self.reply(200, "{\"orders\": []}")'
HTTP_API=$(call POST /v2/apis '{"name":"orders","protocolType":"HTTP"}' | field apiId)
HTTP_INTEGRATION=$(call POST "/v2/apis/$HTTP_API/integrations" "{\"integrationType\":\"HTTP_PROXY\",\"payloadFormatVersion\":\"1.0\",\"integrationMethod\":\"GET\",\"integrationUri\":\"http://127.0.0.1:$PORT/\"}" | field integrationId)
call POST "/v2/apis/$HTTP_API/routes" "{\"routeKey\":\"GET /orders\",\"authorizationType\":\"AWS_IAM\",\"target\":\"integrations/$HTTP_INTEGRATION\"}" >/dev/null
call POST "/v2/apis/$HTTP_API/stages" '{"stageName":"prod","autoDeploy":true}' >/dev/null
HTTP_URL=$ENDPOINT/_aws/execute-api/$HTTP_API/prod
# signed URL [KEY SECRET TOKEN]: a signed request with dana's keys or others.
signed() { curl -s "$1" --aws-sigv4 aws:amz:us-east-1:execute-api --user "${2:-$KEY}:${3:-$SECRET}" ${4:+-H "x-amz-security-token: $4"}; echo; }
# GET /public of the REST API wants no signature.
REST_RESOURCE=$RESOURCE
new_resource public; mock GET '{"public": true}'
RESOURCE=$REST_RESOURCE
deploy
