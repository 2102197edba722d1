# A method goes through LINK, and so does the deployment of prod; NEW_LINK is the one to use.
link() { call POST /vpclinks "{\"name\":\"$1\",\"targetArns\":[\"arn:aws:elasticloadbalancing:$AWS_DEFAULT_REGION:$ACCOUNT:loadbalancer/net/$1/50dc6c495c0c9188\"]}" | field id; }
LINK=$(link old) NEW_LINK=$(link new)
new_api
new_resource pay; method ANY
integration ANY "{\"type\":\"HTTP_PROXY\",\"httpMethod\":\"ANY\",\"uri\":\"http://pay.internal/\",\"connectionType\":\"VPC_LINK\",\"connectionId\":\"$LINK\"}"
deploy
