# A header is mapped from the body.
new_api
new_resource orders; method POST
integration POST "{\"type\":\"HTTP_PROXY\",\"httpMethod\":\"GET\",\"uri\":\"$ENDPOINT/_gatehouse/health\",\"requestParameters\":{\"integration.request.header.x-user\":\"method.request.body.user\"}}"
deploy
