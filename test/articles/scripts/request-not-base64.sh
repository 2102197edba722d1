# POST /upload decodes what it gets from base64 and sends it on; the backend answers how many bytes came.
backend 'self.reply(200, json.dumps({"bytes": len(self.body())}))'
new_api
new_resource upload; method POST
integration POST "{\"type\":\"HTTP\",\"httpMethod\":\"POST\",\"uri\":\"http://127.0.0.1:$PORT/\",\"contentHandling\":\"CONVERT_TO_BINARY\"}"
method_response POST 200; integration_response POST 200
deploy
