# GET /hello takes anything.
new_api
new_resource hello; mock GET '{"hello": "world"}'
deploy
