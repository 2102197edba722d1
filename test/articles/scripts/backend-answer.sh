# An API whose backend is another API, with a typo in its path.
new_api
BACKEND=$API
new_resource orders; mock GET '{"orders": []}'
deploy
new_api
new_resource orders; method GET
integration GET '{"type":"HTTP_PROXY","httpMethod":"GET","uri":"'"$ENDPOINT/_aws/execute-api/$BACKEND/prod/order"'"}'
deploy
