# A function behind AWS that fails with "[404] no order 17", and answers an error of its own for 18; only the default response is there. URI is the integration's.
new_api
new_function 'def handler(event, context):
    if event["id"] == "17":
        raise Exception("[404] no order 17")
    return {"error": "order 18 is gone"} if event["id"] == "18" else {"order": event["id"]}'
URI=$(invoke_uri)
new_resource orders; new_resource '{id}' "$RESOURCE"
method GET
integration GET "{\"type\":\"AWS\",\"httpMethod\":\"POST\",\"uri\":\"$URI\",\"requestTemplates\":{\"application/json\":\"{\\\"id\\\": \\\"\$input.params('id')\\\"}\"}}"
method_response GET 200
integration_response GET 200
permit
deploy
