# The API has one stage, prod.
new_api
new_resource hello; mock GET '{"hello": "world"}'
deploy
