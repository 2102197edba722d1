# A method that browsers of another origin call, and no OPTIONS.
new_api
new_resource items; mock GET '{"items": []}'
deploy
# GET /order of the HTTP API HTTP_API has no CORS either.
backend 'self.reply(200, "{\"order\": 7}")'
HTTP_API=$(call POST /v2/apis '{"name":"orders","protocolType":"HTTP"}' | field apiId)
call POST "/v2/apis/$HTTP_API/routes" "{\"routeKey\":\"GET /order\",\"target\":\"integrations/$(call POST "/v2/apis/$HTTP_API/integrations" "{\"integrationType\":\"HTTP_PROXY\",\"payloadFormatVersion\":\"1.0\",\"integrationMethod\":\"GET\",\"integrationUri\":\"http://127.0.0.1:$PORT/\"}" | field integrationId)\"}" >/dev/null
call POST "/v2/apis/$HTTP_API/stages" '{"stageName":"$default","autoDeploy":true}' >/dev/null
HTTP_URL=$ENDPOINT/_aws/execute-api/$HTTP_API/\$default
