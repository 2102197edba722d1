# What the scripts share. They make situations over the plain HTTP API, which is quick;
# articles show the aws CLI. ENDPOINT is the server, ACCOUNT the account.

# call METHOD PATH [JSON]: an operation of a REST protocol service.
call() {
	curl -sS --fail-with-body -X "$1" "$ENDPOINT$2" -H 'Content-Type: application/json' ${3:+-d "$3"} ||
		{ echo "setup: $1 $2 failed" >&2; exit 3; }
}

# field NAME: a member of the JSON on standard input.
field() { python3 -c 'import json,sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }

# new_api: makes an API; sets API and ROOT.
new_api() {
	local answer
	answer=$(call POST /restapis '{"name":"article"}')
	API=$(field id <<<"$answer")
	ROOT=$(field rootResourceId <<<"$answer")
}

# new_resource PART [PARENT]: sets RESOURCE.
new_resource() { RESOURCE=$(call POST "/restapis/$API/resources/${2:-$ROOT}" "{\"pathPart\":\"$1\"}" | field id); }

# method HTTPMETHOD [JSON of PutMethod]
method() { call PUT "/restapis/$API/resources/$RESOURCE/methods/$1" "${2:-{\"authorizationType\":\"NONE\"\}}" >/dev/null; }

# integration HTTPMETHOD JSON
integration() { call PUT "/restapis/$API/resources/$RESOURCE/methods/$1/integration" "$2" >/dev/null; }

# method_response HTTPMETHOD STATUS; integration_response HTTPMETHOD STATUS [JSON]
method_response() { call PUT "/restapis/$API/resources/$RESOURCE/methods/$1/responses/$2" '{}' >/dev/null; }
integration_response() { call PUT "/restapis/$API/resources/$RESOURCE/methods/$1/integration/responses/$2" "${3:-{\}}" >/dev/null; }

# mock HTTPMETHOD BODY: a method that answers BODY by itself.
mock() {
	method "$1"
	mock_integration "$1" "$2"
}
mock_integration() {
	integration "$1" '{"type":"MOCK","requestTemplates":{"application/json":"{\"statusCode\":200}"}}'
	method_response "$1" 200
	integration_response "$1" 200 "$(python3 -c 'import json,sys; print(json.dumps({"responseTemplates":{"application/json":sys.argv[1]}}))' "$2")"
}

# deploy: sets DEPLOYMENT and URL.
deploy() {
	DEPLOYMENT=$(call POST "/restapis/$API/deployments" '{"stageName":"prod"}' | field id)
	URL=$ENDPOINT/_aws/execute-api/$API/prod
}

# zip_of FILE CODE: a deployment package with index.py.
zip_of() { python3 -c 'import sys,zipfile; zipfile.ZipFile(sys.argv[1],"w").writestr("index.py",sys.argv[2])' "$1" "$2"; }

# new_function CODE: a function in Python; sets FUNCTION, its name, which is new each time.
new_function() {
	FUNCTION=article-$RANDOM$RANDOM
	zip_of "$FUNCTION.zip" "$1"
	call POST /2015-03-31/functions "{\"FunctionName\":\"$FUNCTION\",\"Runtime\":\"python3.12\",\"Handler\":\"index.handler\",\"Role\":\"arn:aws:iam::$ACCOUNT:role/any\",\"Code\":{\"ZipFile\":\"$(base64 -w0 "$FUNCTION.zip")\"}}" >/dev/null
}

# invoke_uri: the URI of an integration with FUNCTION.
invoke_uri() { echo "arn:aws:apigateway:$AWS_DEFAULT_REGION:lambda:path/2015-03-31/functions/arn:aws:lambda:$AWS_DEFAULT_REGION:$ACCOUNT:function:$FUNCTION/invocations"; }

# proxy HTTPMETHOD: a method in front of FUNCTION, without permission; permit gives it.
proxy() {
	method "$1"
	integration "$1" "{\"type\":\"AWS_PROXY\",\"httpMethod\":\"POST\",\"uri\":\"$(invoke_uri)\"}"
}
permit() {
	call POST "/2015-03-31/functions/$FUNCTION/policy" "{\"StatementId\":\"setup\",\"Action\":\"lambda:InvokeFunction\",\"Principal\":\"apigateway.amazonaws.com\",\"SourceArn\":\"arn:aws:execute-api:$AWS_DEFAULT_REGION:$ACCOUNT:$API/*\"}" >/dev/null
}

# new_authorizer CODE [TTL]: a TOKEN authorizer over the Authorization header, with its function; sets AUTHORIZER and
# FUNCTION. permit_authorizer lets the API invoke it.
new_authorizer() {
	new_function "$1"
	AUTHORIZER=$(call POST "/restapis/$API/authorizers" "{\"name\":\"tokens\",\"type\":\"TOKEN\",\"identitySource\":\"method.request.header.Authorization\",\"authorizerResultTtlInSeconds\":${2:-0},\"authorizerUri\":\"$(invoke_uri)\"}" | field id)
}
permit_authorizer() {
	call POST "/2015-03-31/functions/$FUNCTION/policy" "{\"StatementId\":\"setup\",\"Action\":\"lambda:InvokeFunction\",\"Principal\":\"apigateway.amazonaws.com\",\"SourceArn\":\"arn:aws:execute-api:$AWS_DEFAULT_REGION:$ACCOUNT:$API/authorizers/$AUTHORIZER\"}" >/dev/null
}

# guarded HTTPMETHOD BODY: a mock behind the authorizer.
guarded() {
	method "$1" "{\"authorizationType\":\"CUSTOM\",\"authorizerId\":\"$AUTHORIZER\"}"
	mock_integration "$1" "$2"
}

# policy_code RESOURCE: an authorizer that allows RESOURCE, a Python expression in which arn is the request's.
policy_code() {
	printf '%s\n' 'def handler(event, context):' '    arn = event["methodArn"]' \
		"    return {\"principalId\": \"user\", \"policyDocument\": {\"Version\": \"2012-10-17\", \"Statement\": [{\"Action\": \"execute-api:Invoke\", \"Effect\": \"Allow\", \"Resource\": $1}]}}"
}

# http_api: an HTTP API with FUNCTION behind GET /order and a stage \$default that deploys by itself; sets API,
# INTEGRATION and URL.
http_api() {
	API=$(call POST /v2/apis '{"name":"article","protocolType":"HTTP"}' | field apiId)
	INTEGRATION=$(call POST "/v2/apis/$API/integrations" "{\"integrationType\":\"AWS_PROXY\",\"payloadFormatVersion\":\"2.0\",\"integrationUri\":\"arn:aws:lambda:$AWS_DEFAULT_REGION:$ACCOUNT:function:$FUNCTION\"}" | field integrationId)
	call POST "/v2/apis/$API/routes" "{\"routeKey\":\"GET /order\",\"target\":\"integrations/$INTEGRATION\"}" >/dev/null
	permit
	call POST "/v2/apis/$API/stages" '{"stageName":"$default","autoDeploy":true}' >/dev/null
	URL=$ENDPOINT/_aws/execute-api/$API/\$default
}

# secure_server: a second server, which verifies and authorizes; sets SECURE, its URL. as_root COMMAND… runs a command with its root access key.
secure_server() {
	SECURE=http://127.0.0.1:$(python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])')
	"$GATEHOUSE" serve --secure --listen "${SECURE#http://}" --data secure >secure.log 2>&1 &
	trap "kill $!; wait $!" EXIT
	until curl -sf -o /dev/null "$SECURE/_gatehouse/health"; do sleep 0.02; done
	ROOT_KEY=$(sed -n 's/.*AWS_ACCESS_KEY_ID=\([A-Z0-9]*\).*/\1/p' secure.log | head -1)
	ROOT_SECRET=$(sed -n 's/.*AWS_SECRET_ACCESS_KEY=\([^ ]*\).*/\1/p' secure.log | head -1)
}
as_root() { AWS_ACCESS_KEY_ID=$ROOT_KEY AWS_SECRET_ACCESS_KEY=$ROOT_SECRET "$@"; }
