# POST /orders takes a body whose amount is a number.
new_api
VALIDATOR=$(call POST "/restapis/$API/requestvalidators" '{"name":"body","validateRequestBody":true}' | field id)
call POST "/restapis/$API/models" '{"name":"Order","contentType":"application/json","schema":"{\"type\":\"object\",\"required\":[\"amount\"],\"properties\":{\"amount\":{\"type\":\"number\"}}}"}' >/dev/null
new_resource orders
method POST "{\"authorizationType\":\"NONE\",\"requestValidatorId\":\"$VALIDATOR\",\"requestModels\":{\"application/json\":\"Order\"}}"
mock_integration POST '{"ok": true}'
deploy
