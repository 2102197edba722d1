# GET /logo decodes the answer of its backend, which is text.
backend 'self.reply(200, "no picture today", {"Content-Type": "text/plain"})'
new_api
new_resource logo; method GET
integration GET "{\"type\":\"HTTP\",\"httpMethod\":\"GET\",\"uri\":\"http://127.0.0.1:$PORT/\"}"
method_response GET 200; integration_response GET 200 '{"contentHandling":"CONVERT_TO_BINARY"}'
deploy
