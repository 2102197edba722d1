# POST /orders of an HTTP API puts its body into a queue of SQS. start_with_queue starts the server again, with a server that speaks SQS.
own_server
API=$(call POST /v2/apis '{"name":"article","protocolType":"HTTP","tags":{"_custom_id_":"articlesqs"}}' | field apiId)
INTEGRATION=$(call POST "/v2/apis/$API/integrations" "{\"integrationType\":\"AWS_PROXY\",\"integrationSubtype\":\"SQS-SendMessage\",\"payloadFormatVersion\":\"1.0\",\"credentialsArn\":\"arn:aws:iam::$ACCOUNT:role/queue\",\"requestParameters\":{\"QueueUrl\":\"https://sqs.us-east-1.amazonaws.com/$ACCOUNT/orders\",\"MessageBody\":\"\$request.body.order\"}}" | field integrationId)
call POST "/v2/apis/$API/routes" "{\"routeKey\":\"POST /orders\",\"target\":\"integrations/$INTEGRATION\"}" >/dev/null
call POST "/v2/apis/$API/stages" '{"stageName":"prod","autoDeploy":true}' >/dev/null
iam "$ACCOUNT" CreateRole RoleName=queue 'AssumeRolePolicyDocument={"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"},"Action":"sts:AssumeRole"}]}' >/dev/null
iam "$ACCOUNT" PutRolePolicy RoleName=queue PolicyName=send 'PolicyDocument={"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"*"}]}' >/dev/null
URL=$ENDPOINT/_aws/execute-api/$API/prod
backend 'self.body()
self.reply(200, "<SendMessageResponse><SendMessageResult><MessageId>17</MessageId></SendMessageResult></SendMessageResponse>", {"Content-Type": "text/xml"})'
SQS=http://127.0.0.1:$PORT
start_with_queue() {
	kill "$OWN_SERVER"; wait "$OWN_SERVER" 2>/dev/null
	own_server --service-endpoint "sqs=$SQS"
	URL=$ENDPOINT/_aws/execute-api/$API/prod
}
