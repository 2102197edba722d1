# A server of its own, whose files may not grow: it can store nothing more. An API is deployed already.
own_server
new_api
new_resource hello; method GET
mock_integration GET '{"hello": "world"}'
deploy
prlimit --pid "$OWN_SERVER" --fsize=4096:
curl -s -X POST "$ENDPOINT/restapis" -d '{"name":"first"}' >/dev/null
