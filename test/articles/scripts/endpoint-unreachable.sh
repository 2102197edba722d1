# Nothing listens on the backend's port.
new_api
new_resource orders; method GET
integration GET '{"type":"HTTP_PROXY","httpMethod":"GET","uri":"http://127.0.0.1:9/health"}'
deploy
