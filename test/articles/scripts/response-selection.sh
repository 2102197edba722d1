# The integration response 422 has no method response of its own.
new_api
new_resource order; method GET
integration GET '{"type":"MOCK","requestTemplates":{"application/json":"{\"statusCode\":422}"}}'
method_response GET 200
method_response GET 422
integration_response GET 200
integration_response GET 422 '{"selectionPattern":"4\\d{2}"}'
call DELETE "/restapis/$API/resources/$RESOURCE/methods/GET/responses/422" >/dev/null
deploy
