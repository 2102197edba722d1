# ANY /{proxy+} in front of a backend that says which path it was asked for; nothing maps the parameter.
backend 'self.reply(200, json.dumps({"path": self.path}))'
new_api
new_resource '{proxy+}'; method ANY
integration ANY "{\"type\":\"HTTP_PROXY\",\"httpMethod\":\"ANY\",\"uri\":\"http://127.0.0.1:$PORT/{proxy}\"}"
deploy
