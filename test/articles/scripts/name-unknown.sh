# The backend's host is in a domain that never resolves.
new_api
new_resource orders; method GET
integration GET '{"type":"HTTP_PROXY","httpMethod":"GET","uri":"http://orders.invalid/health"}'
deploy
