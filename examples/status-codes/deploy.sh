#!/usr/bin/env bash
# Deploys the status-codes example with the unmodified aws CLI and prints its URL.
#   AWS_ENDPOINT_URL=http://127.0.0.1:4566 ./deploy.sh
set -euo pipefail
cd "$(dirname "$0")"
export AWS_ENDPOINT_URL=${AWS_ENDPOINT_URL:-http://127.0.0.1:4566}
export AWS_ACCESS_KEY_ID=${AWS_ACCESS_KEY_ID:-000000000000} AWS_SECRET_ACCESS_KEY=${AWS_SECRET_ACCESS_KEY:-test}
export AWS_DEFAULT_REGION=${AWS_DEFAULT_REGION:-us-east-1} AWS_PAGER=
region=$AWS_DEFAULT_REGION
account=$(echo "$AWS_ACCESS_KEY_ID" | grep -xE '[0-9]{12}' || echo 000000000000)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m zipfile -c "$work/code.zip" status.py
create_function() { # create_function NAME HANDLER: create it and let API Gateway invoke it
	aws lambda create-function --function-name "$1" --runtime python3.12 --handler "status.$2" \
		--role "arn:aws:iam::$account:role/lambda" --zip-file "fileb://$work/code.zip" >/dev/null
	aws lambda wait function-active-v2 --function-name "$1"
	aws lambda add-permission --function-name "$1" --statement-id api --action lambda:InvokeFunction \
		--principal apigateway.amazonaws.com --source-arn "arn:aws:execute-api:$region:$account:$api/*/GET/*" >/dev/null
}
uri() { echo "arn:aws:apigateway:$region:lambda:path/2015-03-31/functions/arn:aws:lambda:$region:$account:function:$1/invocations"; }

api=$(aws apigateway create-rest-api --name status-codes --query id --output text)
root=$(aws apigateway get-resources --rest-api-id "$api" --query 'items[0].id' --output text)
create_function status-outcome handler
create_function status-describe describe
create_function status-proxy proxy

method() { # method PATH VARIABLE: print the id of /PATH/{VARIABLE} with a GET method
	local parent child
	parent=$(aws apigateway create-resource --rest-api-id "$api" --parent-id "$root" --path-part "$1" --query id --output text)
	child=$(aws apigateway create-resource --rest-api-id "$api" --parent-id "$parent" --path-part "{$2}" --query id --output text)
	aws apigateway put-method --rest-api-id "$api" --resource-id "$child" --http-method GET --authorization-type NONE >/dev/null
	echo "$child"
}
response() { # response RESOURCE STATUS [put-integration-response options]
	local resource=$1 status=$2
	shift 2
	aws apigateway put-method-response --rest-api-id "$api" --resource-id "$resource" --http-method GET --status-code "$status" >/dev/null
	aws apigateway put-integration-response --rest-api-id "$api" --resource-id "$resource" --http-method GET --status-code "$status" "$@" >/dev/null
}

# 1. The gateway answers by itself: the request template says the status.
mock=$(method mock code)
aws apigateway put-integration --rest-api-id "$api" --resource-id "$mock" --http-method GET --type MOCK \
	--request-templates '{"application/json":"{\"statusCode\": $input.params('"'code'"')}"}' >/dev/null
response "$mock" 200 --response-templates '{"application/json":"{\"mock\": \"fine\"}"}'
response "$mock" 404 --selection-pattern '4\d{2}' --response-templates '{"application/json":"{\"mock\": \"not found\"}"}'
response "$mock" 500 --selection-pattern '5\d{2}' --response-templates '{"application/json":"{\"mock\": \"broken\"}"}'

# 2. A regular expression over the function's errorMessage picks the status.
outcome=$(method lambda outcome)
aws apigateway put-integration --rest-api-id "$api" --resource-id "$outcome" --http-method GET --type AWS \
	--integration-http-method POST --uri "$(uri status-outcome)" \
	--request-templates '{"application/json":"{\"outcome\": \"$input.params('"'outcome'"')\"}"}' >/dev/null
response "$outcome" 200
response "$outcome" 400 --selection-pattern '.*Raising 400.*' --response-templates '{"application/json":"{\"error\": $input.json('"'\$.errorMessage'"')}"}'
response "$outcome" 500 --selection-pattern '.*5\d\d.*' --response-templates '{"application/json":"{\"error\": $input.json('"'\$.errorMessage'"')}"}'

# 3. The response template overrides the status.
override=$(method override code)
aws apigateway put-integration --rest-api-id "$api" --resource-id "$override" --http-method GET --type AWS \
	--integration-http-method POST --uri "$(uri status-describe)" \
	--request-templates '{"application/json":"{\"code\": \"$input.params('"'code'"')\"}"}' >/dev/null
response "$override" 200 --response-templates '{"application/json":"#set($context.responseOverride.status = $input.path('"'\$.code'"'))$input.json('"'\$.text'"')"}'

# 4. With a proxy integration the function chooses.
proxy=$(method proxy code)
aws apigateway put-integration --rest-api-id "$api" --resource-id "$proxy" --http-method GET --type AWS_PROXY \
	--integration-http-method POST --uri "$(uri status-proxy)" >/dev/null

aws apigateway create-deployment --rest-api-id "$api" --stage-name prod >/dev/null
echo "$AWS_ENDPOINT_URL/_aws/execute-api/$api/prod"
