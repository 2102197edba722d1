# GET /orders goes through the VPC link LINK, whose target group is empty. A service listens at PORT.
backend 'self.reply(200, "{\"orders\": []}")'
load_balancer unhealthy-nlb ""
new_api
new_resource orders; method GET
integration GET "{\"type\":\"HTTP_PROXY\",\"httpMethod\":\"GET\",\"uri\":\"http://service.internal/orders\",\"connectionType\":\"VPC_LINK\",\"connectionId\":\"$LINK\"}"
deploy
