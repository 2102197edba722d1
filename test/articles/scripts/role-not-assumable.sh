# POST /orders of a REST API puts a message into a queue, as a role that trusts another service. A server that speaks SQS is at hand.
backend 'self.body()
self.reply(200, json.dumps({"MessageId": "17"}))'
own_server --service-endpoint "sqs=http://127.0.0.1:$PORT"
iam "$ACCOUNT" CreateRole RoleName=queue 'AssumeRolePolicyDocument={"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}' >/dev/null
iam "$ACCOUNT" PutRolePolicy RoleName=queue PolicyName=send 'PolicyDocument={"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"*"}]}' >/dev/null
new_api
new_resource orders; method POST
integration POST "{\"type\":\"AWS\",\"httpMethod\":\"POST\",\"uri\":\"arn:aws:apigateway:us-east-1:sqs:path/$ACCOUNT/orders\",\"credentials\":\"arn:aws:iam::$ACCOUNT:role/queue\"}"
method_response POST 200; integration_response POST 200
deploy
