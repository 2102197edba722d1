# The backend of GET /report answers with one byte more than an answer may have, or with as many as ?size= says.
backend 'size = int(self.path.partition("=")[2] or 10 * 1024 * 1024 + 1)
self.reply(200, "x" * size, {"Content-Type": "text/plain"})'
new_api
new_resource report; method GET
integration GET "{\"type\":\"HTTP_PROXY\",\"httpMethod\":\"GET\",\"uri\":\"http://127.0.0.1:$PORT/report\"}"
deploy
