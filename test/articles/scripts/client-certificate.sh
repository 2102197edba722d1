# GET /orders goes to a backend that wants a client certificate, which the stage does not show yet.
openssl req -x509 -newkey rsa:2048 -nodes -keyout own.key -out own.crt -days 30 -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null
cat own.key own.crt >own.pem
own_server --trusted-certificate own.crt
CERTIFICATE=$(call POST /clientcertificates '{}' | field clientCertificateId)
call GET "/clientcertificates/$CERTIFICATE" | field pemEncodedCertificate >client.crt
CLIENTS=client.crt CERTIFICATE=own.pem backend 'self.reply(200, "{\"orders\": []}")'
new_api
new_resource orders; method GET
integration GET "{\"type\":\"HTTP_PROXY\",\"httpMethod\":\"GET\",\"uri\":\"https://localhost:$PORT/orders\"}"
deploy
