# GET /orders wants the scope orders/read; TOKEN has another.
new_issuer
jwt_api '"authorizationScopes":["orders/read"]'
TOKEN=$(token '{"scope": "profile"}')
