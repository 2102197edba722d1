# GET /orders needs an API key. KEY is disabled and in no plan, VALUE its value; PLAN has no stage.
new_api
new_resource orders
method GET '{"authorizationType":"NONE","apiKeyRequired":true}'
mock_integration GET '{"orders": []}'
deploy
VALUE=article-$RANDOM$RANDOM-0123456789
KEY=$(call POST /apikeys "{\"name\":\"mobile\",\"value\":\"$VALUE\",\"enabled\":false}" | field id)
PLAN=$(call POST /usageplans '{"name":"gold"}' | field id)
