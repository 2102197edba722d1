# A method that browsers of another origin call, and no OPTIONS.
new_api
new_resource items; mock GET '{"items": []}'
deploy
