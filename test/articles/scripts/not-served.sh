# An HTTP API, a VPC link and a backend at PORT.
LINK=$(call POST /v2/vpclinks '{"name":"map","subnetIds":["subnet-1"]}' | field vpcLinkId)
API=$(call POST /v2/apis '{"name":"article","protocolType":"HTTP"}' | field apiId)
call POST "/v2/apis/$API/stages" '{"stageName":"prod","autoDeploy":true}' >/dev/null
backend 'self.reply(200, "{\"orders\": []}")'
URL=$ENDPOINT/_aws/execute-api/$API/prod
