# GET /orders goes to a backend with a certificate that it signed itself.
openssl req -x509 -newkey rsa:2048 -nodes -keyout own.key -out own.crt -days 30 -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null
cat own.key own.crt >own.pem
CERTIFICATE=own.pem backend 'self.reply(200, "{\"orders\": []}")'
new_api
new_resource orders; method GET
integration GET "{\"type\":\"HTTP_PROXY\",\"httpMethod\":\"GET\",\"uri\":\"https://localhost:$PORT/orders\"}"
deploy
