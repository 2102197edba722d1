# GET /order of an HTTP API takes its status from a header of the backend's answer; the backend says there what it likes.
backend 'self.reply(200, "{\"order\": 17}", {"X-Status": "late"})'
API=$(call POST /v2/apis '{"name":"article","protocolType":"HTTP"}' | field apiId)
INTEGRATION=$(call POST "/v2/apis/$API/integrations" "{\"integrationType\":\"HTTP_PROXY\",\"payloadFormatVersion\":\"1.0\",\"integrationMethod\":\"GET\",\"integrationUri\":\"http://127.0.0.1:$PORT/\",\"responseParameters\":{\"200\":{\"overwrite:statuscode\":\"\$response.header.X-Status\"}}}" | field integrationId)
call POST "/v2/apis/$API/routes" "{\"routeKey\":\"GET /order\",\"target\":\"integrations/$INTEGRATION\"}" >/dev/null
call POST "/v2/apis/$API/stages" '{"stageName":"prod","autoDeploy":true}' >/dev/null
URL=$ENDPOINT/_aws/execute-api/$API/prod
