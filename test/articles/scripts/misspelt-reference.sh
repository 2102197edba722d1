# A response template that calls $utils.
new_api
new_resource order; method GET
mock_integration GET "{\"path\": \"\$utils.urlEncode('/a b')\"}"
deploy
