# POST /orders is checked against the model Order, which refers to the model Base.
new_api
call POST "/restapis/$API/models" '{"name":"Base","contentType":"application/json","schema":"{\"type\":\"string\"}"}' >/dev/null
call POST "/restapis/$API/models" "{\"name\":\"Order\",\"contentType\":\"application/json\",\"schema\":\"{\\\"type\\\":\\\"object\\\",\\\"properties\\\":{\\\"note\\\":{\\\"\$ref\\\":\\\"https://apigateway.amazonaws.com/restapis/$API/models/Base\\\"}}}\"}" >/dev/null
VALIDATOR=$(call POST "/restapis/$API/requestvalidators" '{"name":"body","validateRequestBody":true}' | field id)
new_resource orders; method POST "{\"authorizationType\":\"NONE\",\"requestModels\":{\"application/json\":\"Order\"},\"requestValidatorId\":\"$VALIDATOR\"}"
mock_integration POST '{"accepted": true}'
call DELETE "/restapis/$API/models/Base" >/dev/null
deploy
