# POST /notes has a template for JSON alone and lets nothing else through.
new_api
new_resource notes; mock POST '{"kept": true}'
integration POST '{"type":"MOCK","passthroughBehavior":"NEVER","requestTemplates":{"application/json":"{\"statusCode\":200}"}}'
integration_response POST 200 '{"responseTemplates":{"application/json":"{\"kept\": true}"}}'
deploy
