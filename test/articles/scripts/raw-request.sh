# Any method of /hello/{name} takes anything.
new_api
new_resource hello; new_resource '{name}' "$RESOURCE"; mock GET '{"hello": "world"}'; mock POST '{"hello": "world"}'
deploy
