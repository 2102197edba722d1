# POST /hello/{name} takes anything.
new_api
new_resource hello; new_resource '{name}' "$RESOURCE"; mock POST '{"hello": "world"}'
deploy
