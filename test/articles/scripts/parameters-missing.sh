# GET /search requires the query parameter q.
new_api
VALIDATOR=$(call POST "/restapis/$API/requestvalidators" '{"name":"parameters","validateRequestParameters":true}' | field id)
new_resource search
method GET "{\"authorizationType\":\"NONE\",\"requestValidatorId\":\"$VALIDATOR\",\"requestParameters\":{\"method.request.querystring.q\":true}}"
mock_integration GET '{"found": []}'
deploy
