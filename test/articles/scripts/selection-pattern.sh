# GET /orders selects its response with a pattern that tries every way to divide a text.
new_api
new_function 'def handler(event, context): raise Exception("a" * 40)'
new_resource orders; method GET
integration GET "{\"type\":\"AWS\",\"httpMethod\":\"POST\",\"uri\":\"$(invoke_uri)\"}"
method_response GET 200; method_response GET 404
integration_response GET 200
integration_response GET 404 '{"selectionPattern":"(?!ok)(a+)+b"}'
permit
deploy
