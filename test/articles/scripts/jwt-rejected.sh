# GET /orders of an HTTP API wants a token for the audience orders; TOKEN is for another.
new_issuer
jwt_api
TOKEN=$(token '{"aud": "billing"}')
