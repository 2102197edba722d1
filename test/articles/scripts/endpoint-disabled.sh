# The default endpoint is disabled.
new_api
new_resource hello; mock GET '{"hello": "world"}'
call PATCH "/restapis/$API" '{"patchOperations":[{"op":"replace","path":"/disableExecuteApiEndpoint","value":"true"}]}' >/dev/null
deploy
