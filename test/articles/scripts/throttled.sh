# GET /orders has a rate and burst of 0.
new_api
new_resource orders; mock GET '{"orders": []}'
deploy
call PATCH "/restapis/$API/stages/prod" '{"patchOperations":[{"op":"replace","path":"/~1orders/GET/throttling/burstLimit","value":"0"},{"op":"replace","path":"/~1orders/GET/throttling/rateLimit","value":"0"}]}' >/dev/null
