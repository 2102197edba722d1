# A server over the data of a version that knew web ACLs: the stage of GET /hello has one.
own_server
new_api
new_resource hello; mock GET '{"hello": "world"}'
deploy
kill "$OWN_SERVER"; wait "$OWN_SERVER"
gatehouse state export other-version.json --data own-data 2>/dev/null
sed -i 's/"StageName":"prod",/&"WebAclArn":"arn:aws:wafv2:us-east-1:000000000000:regional\/webacl\/own\/a1b2c3",/' other-version.json
# The export ends in a hash of its records; the refusal says which one these have.
read -r HAS HAD < <(gatehouse state import other-version.json --data refused 2>&1 | grep -oE '[0-9a-f]{32}' | xargs)
sed -i "s/$HAD/$HAS/" other-version.json
rm -r own-data
gatehouse state import other-version.json --data own-data 2>/dev/null
own_server
URL=$ENDPOINT/_aws/execute-api/$API/prod
