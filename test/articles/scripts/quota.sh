# GET /orders needs an API key; KEY has used the one request that PLAN gives it.
new_api
new_resource orders
method GET '{"authorizationType":"NONE","apiKeyRequired":true}'
mock_integration GET '{"orders": []}'
deploy
VALUE=article-$RANDOM$RANDOM-0123456789
KEY=$(call POST /apikeys "{\"name\":\"mobile\",\"value\":\"$VALUE\",\"enabled\":true}" | field id)
PLAN=$(call POST /usageplans "{\"name\":\"gold\",\"apiStages\":[{\"apiId\":\"$API\",\"stage\":\"prod\"}],\"quota\":{\"limit\":1,\"period\":\"MONTH\"}}" | field id)
call POST "/usageplans/$PLAN/keys" "{\"keyId\":\"$KEY\",\"keyType\":\"API_KEY\"}" >/dev/null
curl -s -o /dev/null -H "x-api-key: $VALUE" "$URL/orders"
