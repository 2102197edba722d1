# The URI of GET /orders has a stage variable that the stage prod does not have.
backend 'self.reply(200, "{\"orders\": []}")'
new_api
new_resource orders; method GET
integration GET '{"type":"HTTP_PROXY","httpMethod":"GET","uri":"http://${stageVariables.host}/orders"}'
deploy
