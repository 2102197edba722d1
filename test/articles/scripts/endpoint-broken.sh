# The backend of GET /orders listens, and hangs up on the first request.
backend 'if os.path.exists("mended"):
    self.reply(200, "{\"orders\": []}")
else:
    self.close_connection = True'
new_api
new_resource orders; method GET
integration GET "{\"type\":\"HTTP_PROXY\",\"httpMethod\":\"GET\",\"uri\":\"http://127.0.0.1:$PORT/orders\"}"
deploy
