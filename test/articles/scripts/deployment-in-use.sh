# prod points to the only deployment.
new_api
new_resource hello; mock GET '{"hello": "world"}'
deploy
