# /users is deployed; /orders is made and not deployed.
new_api
new_resource users; mock GET '{"users": []}'
deploy
new_resource orders; mock GET '{"orders": []}'
