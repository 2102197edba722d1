# prod is deployed.
new_api
new_resource hello; mock GET '{}'
deploy
