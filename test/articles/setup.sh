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

# cache_stage [JSON of a patch operation]: gives the stage prod a cache, which all GET methods use.
cache_stage() {
	call PATCH "/restapis/$API/stages/prod" '{"patchOperations":[{"op":"replace","path":"/cacheClusterEnabled","value":"true"},{"op":"replace","path":"/*/*/caching/enabled","value":"true"}'"${1:+,$1}"']}' >/dev/null
}

# zip_of FILE CODE: a deployment package with index.py.
zip_of() { python3 -c 'import sys,zipfile; zipfile.ZipFile(sys.argv[1],"w").writestr("index.py",sys.argv[2])' "$1" "$2"; }

# new_function CODE [NAME]: a function in Python; sets FUNCTION, its name, which is new each time if none is given.
new_function() {
	FUNCTION=${2:-article-$RANDOM$RANDOM}
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

# What runs beside an article ends with it.
trap 'kill $(jobs -p) 2>/dev/null; wait' EXIT

# until_true COMMAND...: waits up to ten seconds.
until_true() {
	local i
	for i in {1..200}; do "$@" >/dev/null 2>&1 && return 0; sleep 0.05; done
	tail -5 ./*.log >&2 2>/dev/null
	echo "setup: $* does not come true" >&2
	exit 3
}

# backend CODE: an HTTP server on this machine; CODE is the body of a Python function do(self), a request handler of http.server that has
# reply(status, text, headers={}) and body(). Sets PORT. What it prints is in backend.log.
backend() {
	rm -f backend.port
	CODE=$1 python3 -u - >>backend.log 2>&1 <<-'PYTHON' &
		import http.server, json, os, ssl, textwrap
		class Handler(http.server.BaseHTTPRequestHandler):
		    protocol_version = "HTTP/1.1"
		    def body(self):
		        return self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
		    def reply(self, status, text, headers={}):
		        self.send_response(status)
		        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(text)), **headers}.items():
		            self.send_header(name, value)
		        self.end_headers()
		        self.wfile.write(text.encode())
		    def log_message(self, *arguments):
		        pass
		exec("def do(self):\n" + textwrap.indent(os.environ["CODE"], "    "))
		for verb in ("GET", "POST", "PUT", "DELETE"):
		    setattr(Handler, "do_" + verb, do)
		server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
		if os.environ.get("CERTIFICATE"):
		    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
		    context.load_cert_chain(os.environ["CERTIFICATE"])
		    if os.environ.get("CLIENTS"):
		        context.verify_mode = ssl.CERT_REQUIRED
		        context.load_verify_locations(os.environ["CLIENTS"])
		    server.socket = context.wrap_socket(server.socket, server_side=True)
		with open("backend.port.new", "w") as file:
		    file.write(str(server.server_port))
		os.rename("backend.port.new", "backend.port")
		server.serve_forever()
	PYTHON
	until_true test -s backend.port
	PORT=$(cat backend.port)
}

# load_balancer NAME PORT: a network load balancer whose only target is PORT of this machine, and a VPC link to it; sets TARGET_GROUP and LINK.
load_balancer() {
	local balancer
	balancer=$(aws elbv2 create-load-balancer --name "$1" --type network --scheme internal --subnets subnet-1 --query 'LoadBalancers[0].LoadBalancerArn' --output text)
	TARGET_GROUP=$(aws elbv2 create-target-group --name "$1" --protocol TCP --port 80 --vpc-id vpc-1 --target-type ip --query 'TargetGroups[0].TargetGroupArn' --output text)
	[ -z "$2" ] || aws elbv2 register-targets --target-group-arn "$TARGET_GROUP" --targets "Id=127.0.0.1,Port=$2"
	aws elbv2 create-listener --load-balancer-arn "$balancer" --protocol TCP --port 80 --default-actions "Type=forward,TargetGroupArn=$TARGET_GROUP" >/dev/null
	LINK=$(call POST /vpclinks "{\"name\":\"$1\",\"targetArns\":[\"$balancer\"]}" | field id)
}

# own_server FLAG...: another server, for what the shared one does not have; sets OWN_SERVER, its process, ENDPOINT and AWS_ENDPOINT_URL. Address and data are its own.
own_server() {
	local address
	address=127.0.0.1:$(python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
	gatehouse serve --listen "$address" --data own-data "$@" >own-server.log 2>&1 &
	OWN_SERVER=$!
	ENDPOINT=http://$address
	export ENDPOINT AWS_ENDPOINT_URL=$ENDPOINT
	until_true curl -sf "$ENDPOINT/_gatehouse/health"
}

# wscat -c URL [-H HEADER] [-x MESSAGE]... [-w SECONDS]: as the program of that name; prints what comes, and how it ends.
wscat() { python3 "$HERE/wscat.py" "$@"; }

# iam ACCOUNT ACTION NAME=VALUE...: an operation of IAM. element NAME: an element of its answer.
iam() {
	local account=$1 action=$2 pair; shift 2
	set -- "$@" "Action=$action" Version=2010-05-08
	for pair; do set -- "$@" --data-urlencode "$pair"; shift; done
	curl -sS --fail-with-body "$ENDPOINT/" -H "Authorization: AWS4-HMAC-SHA256 Credential=$account/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0" "$@"
}
element() { python3 -c 'import re,sys; print(re.search(f"<{sys.argv[1]}>([^<]*)<", sys.stdin.read())[1])' "$1"; }

# new_user NAME [ACCOUNT]: a user and its access key; sets KEY and SECRET.
new_user() {
	local account=${2:-$ACCOUNT} keys
	iam "$account" CreateUser "UserName=$1" >/dev/null
	keys=$(iam "$account" CreateAccessKey "UserName=$1")
	KEY=$(element AccessKeyId <<<"$keys") SECRET=$(element SecretAccessKey <<<"$keys")
}

# allow_invoke NAME: lets a user call every API.
allow_invoke() {
	iam "$ACCOUNT" PutUserPolicy "UserName=$1" PolicyName=all 'PolicyDocument={"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"execute-api:Invoke","Resource":"*"}]}' >/dev/null
}

# signed_api: GET /hello of a REST API wants a signature.
signed_api() {
	new_api
	new_resource hello
	method GET '{"authorizationType":"AWS_IAM"}'
	mock_integration GET '{"hello": "world"}'
	deploy
}

# new_issuer: an OpenID provider on this machine; sets ISSUER. token [JSON]: a token of it, with these claims in place of the usual ones.
new_issuer() {
	openssl genrsa -out issuer.pem 2048 2>/dev/null
	MODULUS=$(openssl rsa -in issuer.pem -noout -modulus | cut -d= -f2 | python3 -c 'import base64,sys; print(base64.urlsafe_b64encode(bytes.fromhex(sys.stdin.read().strip())).decode().rstrip("="))')
	export MODULUS
	backend 'issuer = "http://" + self.headers["Host"]
keys = {"keys": [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "k1", "e": "AQAB", "n": os.environ["MODULUS"]}]}
self.reply(200, json.dumps(keys if self.path == "/keys" else {"issuer": issuer, "jwks_uri": issuer + "/keys"}))'
	ISSUER=http://127.0.0.1:$PORT
}
token() {
	local unsigned
	unsigned=$(ISSUER=$ISSUER python3 -c 'import base64,json,os,sys,time
part = lambda value: base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
claims = {"iss": os.environ["ISSUER"], "aud": "orders", "sub": "dana", "iat": int(time.time()), "exp": int(time.time()) + 600, **json.loads(sys.argv[1])}
print(part({"alg": "RS256", "kid": "k1"}) + "." + part(claims), end="")' "${1:-{\}}")
	echo "$unsigned.$(printf %s "$unsigned" | openssl dgst -sha256 -sign issuer.pem -binary | openssl base64 -A | tr '+/' '-_' | tr -d =)"
}

# jwt_api [JSON of CreateRoute]: GET /orders of an HTTP API wants a token of ISSUER for the audience orders; sets API, AUTHORIZER, ROUTE and URL.
jwt_api() {
	local backend
	API=$(call POST /v2/apis '{"name":"article","protocolType":"HTTP"}' | field apiId)
	AUTHORIZER=$(call POST "/v2/apis/$API/authorizers" "{\"name\":\"tokens\",\"authorizerType\":\"JWT\",\"identitySource\":[\"\$request.header.Authorization\"],\"jwtConfiguration\":{\"issuer\":\"$ISSUER\",\"audience\":[\"orders\"]}}" | field authorizerId)
	backend=$(call POST "/v2/apis/$API/integrations" "{\"integrationType\":\"HTTP_PROXY\",\"payloadFormatVersion\":\"1.0\",\"integrationMethod\":\"GET\",\"integrationUri\":\"http://127.0.0.1:$PORT/orders\"}" | field integrationId)
	ROUTE=$(call POST "/v2/apis/$API/routes" "{\"routeKey\":\"GET /orders\",\"authorizationType\":\"JWT\",\"authorizerId\":\"$AUTHORIZER\",\"target\":\"integrations/$backend\"${1:+,$1}}" | field routeId)
	call POST "/v2/apis/$API/stages" '{"stageName":"prod","autoDeploy":true}' >/dev/null
	URL=$ENDPOINT/_aws/execute-api/$API/prod
}

# secure_server: a second server, which verifies and authorizes; sets SECURE, its URL. as_root COMMAND… runs a command with its root access key.
secure_server() {
	SECURE=http://127.0.0.1:$(python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])')
	gatehouse serve --secure --listen "${SECURE#http://}" --data secure >secure.log 2>&1 &
	until_true curl -sf "$SECURE/_gatehouse/health"
	ROOT_KEY=$(sed -n 's/.*AWS_ACCESS_KEY_ID=\([A-Z0-9]*\).*/\1/p' secure.log | head -1)
	ROOT_SECRET=$(sed -n 's/.*AWS_SECRET_ACCESS_KEY=\([^ ]*\).*/\1/p' secure.log | head -1)
}
as_root() { AWS_ACCESS_KEY_ID=$ROOT_KEY AWS_SECRET_ACCESS_KEY=$ROOT_SECRET "$@"; }

# open_with_requests ARTICLE ID...: what the article's page says of the requests that failed with one of the ids, or beside another error.
open_with_requests() {
	local article=$1 request; shift
	for request in $(curl -s "$ENDPOINT/_gatehouse/api/requests?limit=1000" | python3 -c 'import json,sys; [print(r["requestId"]) for r in json.load(sys.stdin)["requests"] if r["errorId"] in sys.argv[1:] or r["errorId"] in ("", "GH-R101", "GH-R107")]' "$@"); do
		curl -s "$ENDPOINT/_gatehouse/kb/$article?request=$request" | grep -E '<dt>(Error|Found|Fix|Cause|Nearest|Also)</dt>|class="other"' || true
	done
}
