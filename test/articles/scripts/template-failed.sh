# The response template of GET /order, response.vtl, does not close its #if.
cat >response.vtl <<'END'
#if($input.path('$.id') != "")
{"order": $input.json('$.id')}
END
echo '{"id": 17}' >answer.json
put_response() { integration_response GET 200 "$(python3 -c 'import json; print(json.dumps({"responseTemplates":{"application/json":open("response.vtl").read()}}))')"; }
backend 'self.reply(200, "{\"id\": 17}")'
new_api
new_resource order; method GET
integration GET "{\"type\":\"HTTP\",\"httpMethod\":\"GET\",\"uri\":\"http://127.0.0.1:$PORT/order\"}"
method_response GET 200; put_response
deploy
