# No integration uses LINK any more, the deployment of prod still does.
. "$(dirname "${BASH_SOURCE[0]}")/vpc-link-in-use.sh"
call PATCH "/restapis/$API/resources/$RESOURCE/methods/ANY/integration" "{\"patchOperations\":[{\"op\":\"replace\",\"path\":\"/connectionId\",\"value\":\"$NEW_LINK\"}]}" >/dev/null
# GET /orders of the HTTP API HTTP_API uses the link HTTP_LINK; OTHER is an integration without it.
HTTP_LINK=$(call POST /v2/vpclinks '{"name":"orders","subnetIds":["subnet-1"]}' | field vpcLinkId)
HTTP_API=$(call POST /v2/apis '{"name":"orders","protocolType":"HTTP"}' | field apiId)
HTTP_INTEGRATION=$(call POST "/v2/apis/$HTTP_API/integrations" "{\"integrationType\":\"HTTP_PROXY\",\"payloadFormatVersion\":\"1.0\",\"integrationMethod\":\"GET\",\"integrationUri\":\"arn:aws:elasticloadbalancing:$AWS_DEFAULT_REGION:$ACCOUNT:listener/net/orders/50dc6c495c0c9188/7f3a2b1c4d5e6f70\",\"connectionType\":\"VPC_LINK\",\"connectionId\":\"$HTTP_LINK\"}" | field integrationId)
OTHER=$(call POST "/v2/apis/$HTTP_API/integrations" '{"integrationType":"HTTP_PROXY","payloadFormatVersion":"1.0","integrationMethod":"GET","integrationUri":"http://127.0.0.1/"}' | field integrationId)
ROUTE=$(call POST "/v2/apis/$HTTP_API/routes" "{\"routeKey\":\"GET /orders\",\"target\":\"integrations/$HTTP_INTEGRATION\"}" | field routeId)
call POST "/v2/apis/$HTTP_API/stages" '{"stageName":"$default","autoDeploy":true}' >/dev/null
