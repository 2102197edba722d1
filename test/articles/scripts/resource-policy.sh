# The deployed policy allows one network that nobody is in; it was corrected and not deployed.
policy() { call PATCH "/restapis/$API" "$(python3 -c 'import json,sys; print(json.dumps({"patchOperations":[{"op":"replace","path":"/policy","value":json.dumps({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"execute-api:/*",**json.loads(sys.argv[1])}]})}]}))' "$1")" >/dev/null; }
new_api
new_resource hello; mock GET '{"hello": "world"}'
policy '{"Condition":{"IpAddress":{"aws:SourceIp":["203.0.113.0/24"]}}}'
deploy
policy '{}'
