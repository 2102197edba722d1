# GET /hello on a stage without logs.
new_api
new_resource hello; mock GET '{"hello": "world"}'
deploy
