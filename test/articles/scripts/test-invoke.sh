# GET /orders is deployed, and was changed afterwards. Its stage has no variables.
new_api
new_resource orders; mock GET '{"orders": []}'
deploy
integration_response GET 200 '{"responseTemplates":{"application/json":"{\"orders\": [], \"from\": \"$stageVariables.warehouse\"}"}}'
