# A function behind AWS that fails with "[404] no order 17"; only the default response is there.
new_api
new_function 'def handler(event, context): raise Exception("[404] no order " + event["id"])'
new_resource orders; new_resource '{id}' "$RESOURCE"
method GET
integration GET "{\"type\":\"AWS\",\"httpMethod\":\"POST\",\"uri\":\"$(invoke_uri)\",\"requestTemplates\":{\"application/json\":\"{\\\"id\\\": \\\"\$input.params('id')\\\"}\"}}"
method_response GET 200
integration_response GET 200
permit
deploy
