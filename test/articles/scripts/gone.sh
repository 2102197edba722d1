# Clients of the WebSocket API CHAT; the function behind its route who answers with the connection's id.
new_function 'def handler(event, context): return {"statusCode": 200, "body": event["requestContext"]["connectionId"]}'
CHAT=$(call POST /v2/apis '{"name":"chat","protocolType":"WEBSOCKET","routeSelectionExpression":"$request.body.action"}' | field apiId)
INTEGRATION=$(call POST "/v2/apis/$CHAT/integrations" "{\"integrationType\":\"AWS_PROXY\",\"integrationMethod\":\"POST\",\"integrationUri\":\"$(invoke_uri)\"}" | field integrationId)
ROUTE=$(call POST "/v2/apis/$CHAT/routes" "{\"routeKey\":\"who\",\"routeResponseSelectionExpression\":\"\$default\",\"target\":\"integrations/$INTEGRATION\"}" | field routeId)
call POST "/v2/apis/$CHAT/routes/$ROUTE/routeresponses" '{"routeResponseKey":"$default"}' >/dev/null
API=$CHAT permit
call POST "/v2/apis/$CHAT/stages" "{\"stageName\":\"prod\",\"deploymentId\":\"$(call POST "/v2/apis/$CHAT/deployments" '{}' | field deploymentId)\"}" >/dev/null
URL=$ENDPOINT/_aws/execute-api/$CHAT/prod
SOCKET=ws${ENDPOINT#http}/_aws/execute-api/$CHAT/prod
