# GET /hello takes anything.
new_api
new_resource hello; mock GET '{"hello": "world"}'
deploy
# CHAT is a WebSocket API whose route say answers by itself.
CHAT=$(call POST /v2/apis '{"name":"chat","protocolType":"WEBSOCKET","routeSelectionExpression":"$request.body.action"}' | field apiId)
MOCK=$(call POST "/v2/apis/$CHAT/integrations" '{"integrationType":"MOCK","requestTemplates":{"$default":"{\"statusCode\":200}"},"templateSelectionExpression":"\\$default"}' | field integrationId)
call POST "/v2/apis/$CHAT/routes" "{\"routeKey\":\"say\",\"target\":\"integrations/$MOCK\"}" >/dev/null
call POST "/v2/apis/$CHAT/stages" "{\"stageName\":\"prod\",\"deploymentId\":\"$(call POST "/v2/apis/$CHAT/deployments" '{}' | field deploymentId)\"}" >/dev/null
SOCKET=ws${ENDPOINT#http}/_aws/execute-api/$CHAT/prod
