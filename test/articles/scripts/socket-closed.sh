# A server that closes WebSocket connections after a second of silence. The API CHAT has the route who and no $default.
own_server --web-socket-idle-timeout 1s
CHAT=$(call POST /v2/apis '{"name":"chat","protocolType":"WEBSOCKET","routeSelectionExpression":"$request.body.action"}' | field apiId)
new_function 'def handler(event, context): return {"statusCode": 200, "body": "I do not know " + event["body"]}'
INTEGRATION=$(call POST "/v2/apis/$CHAT/integrations" "{\"integrationType\":\"AWS_PROXY\",\"integrationMethod\":\"POST\",\"integrationUri\":\"$(invoke_uri)\"}" | field integrationId)
API=$CHAT permit
call POST "/v2/apis/$CHAT/routes" "{\"routeKey\":\"who\",\"target\":\"integrations/$INTEGRATION\"}" >/dev/null
call POST "/v2/apis/$CHAT/stages" "{\"stageName\":\"prod\",\"deploymentId\":\"$(call POST "/v2/apis/$CHAT/deployments" '{}' | field deploymentId)\"}" >/dev/null
URL=$ENDPOINT/_aws/execute-api/$CHAT/prod
SOCKET=ws${ENDPOINT#http}/_aws/execute-api/$CHAT/prod
