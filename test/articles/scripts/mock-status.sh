# A MOCK integration whose status is text.
new_api
new_resource ping; mock GET '{"pong": true}'
integration GET '{"type":"MOCK","requestTemplates":{"application/json":"{\"statusCode\": \"200\"}"}}'
integration_response GET 200
deploy
