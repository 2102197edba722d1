# GET /echo answers with the names of the request headers that its backend got.
backend 'self.reply(200, json.dumps(sorted(name.lower() for name in self.headers)), {"WWW-Authenticate": "Basic"})'
new_api
new_resource echo; method GET
integration GET "{\"type\":\"HTTP_PROXY\",\"httpMethod\":\"GET\",\"uri\":\"http://127.0.0.1:$PORT/\"}"
deploy
