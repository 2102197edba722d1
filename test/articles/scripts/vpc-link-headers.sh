# A WebSocket API CHAT sends the messages of its route say to a service behind the VPC link LINK, and so does GET /orders of the REST API API.
# The service writes which headers it got, and answers a message through @connections, knowing only what it got.
backend 'import boto3
self.body()
connection, token = self.headers["ConnectionId"], self.headers["AuthToken"]
print("ConnectionId:", connection, "AuthToken:", token, flush=True)
self.reply(200, json.dumps({"token": token}))
if connection:
    boto3.client("apigatewaymanagementapi", endpoint_url=open("chat.url").read().strip()).post_to_connection(ConnectionId=connection, Data=b"hello from the service")'
load_balancer headers-nlb "$PORT"
CHAT=$(call POST /v2/apis '{"name":"chat","protocolType":"WEBSOCKET","routeSelectionExpression":"$request.body.action"}' | field apiId)
INTEGRATION=$(call POST "/v2/apis/$CHAT/integrations" "{\"integrationType\":\"HTTP_PROXY\",\"integrationMethod\":\"POST\",\"integrationUri\":\"http://service.internal/messages\",\"connectionType\":\"VPC_LINK\",\"connectionId\":\"$LINK\"}" | field integrationId)
call POST "/v2/apis/$CHAT/routes" "{\"routeKey\":\"say\",\"target\":\"integrations/$INTEGRATION\"}" >/dev/null
call POST "/v2/apis/$CHAT/stages" "{\"stageName\":\"prod\",\"deploymentId\":\"$(call POST "/v2/apis/$CHAT/deployments" '{}' | field deploymentId)\"}" >/dev/null
echo "$ENDPOINT/_aws/execute-api/$CHAT/prod" >chat.url
SOCKET=ws${ENDPOINT#http}/_aws/execute-api/$CHAT/prod
new_api
new_resource orders; method GET
integration GET "{\"type\":\"HTTP_PROXY\",\"httpMethod\":\"GET\",\"uri\":\"http://service.internal/orders\",\"connectionType\":\"VPC_LINK\",\"connectionId\":\"$LINK\"}"
deploy
# The HTTP API HTTP_API has GET /orders behind a VPC link of its own kind and the same listener.
LISTENER=$(aws elbv2 describe-listeners --load-balancer-arn "$(aws elbv2 describe-load-balancers --names headers-nlb --query 'LoadBalancers[0].LoadBalancerArn' --output text)" --query 'Listeners[0].ListenerArn' --output text)
HTTP_LINK=$(call POST /v2/vpclinks '{"name":"headers","subnetIds":["subnet-1"]}' | field vpcLinkId)
HTTP_API=$(call POST /v2/apis '{"name":"orders","protocolType":"HTTP"}' | field apiId)
HTTP_INTEGRATION=$(call POST "/v2/apis/$HTTP_API/integrations" "{\"integrationType\":\"HTTP_PROXY\",\"payloadFormatVersion\":\"1.0\",\"integrationMethod\":\"GET\",\"integrationUri\":\"$LISTENER\",\"connectionType\":\"VPC_LINK\",\"connectionId\":\"$HTTP_LINK\"}" | field integrationId)
call POST "/v2/apis/$HTTP_API/routes" "{\"routeKey\":\"GET /orders\",\"target\":\"integrations/$HTTP_INTEGRATION\"}" >/dev/null
call POST "/v2/apis/$HTTP_API/stages" '{"stageName":"$default","autoDeploy":true}' >/dev/null
HTTP_URL=$ENDPOINT/_aws/execute-api/$HTTP_API/\$default
