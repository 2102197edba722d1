# An API may have ten authorizers; nine are there.
new_api
AUTHORIZER_URI=arn:aws:apigateway:$AWS_DEFAULT_REGION:lambda:path/2015-03-31/functions/arn:aws:lambda:$AWS_DEFAULT_REGION:$ACCOUNT:function:none/invocations
for i in 1 2 3 4 5 6 7 8 9; do
	call POST "/restapis/$API/authorizers" "{\"name\":\"a$i\",\"type\":\"TOKEN\",\"identitySource\":\"method.request.header.Authorization\",\"authorizerUri\":\"$AUTHORIZER_URI\"}" >/dev/null
done
