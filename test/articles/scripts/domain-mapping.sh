# The custom domain DOMAIN maps v1 to the stage prod, where GET /users is.
new_api
new_resource users; mock GET '{"users": []}'
deploy
DOMAIN=shop-$RANDOM.example.com
call POST /v2/domainnames "{\"domainName\":\"$DOMAIN\",\"domainNameConfigurations\":[{\"certificateArn\":\"arn:aws:acm:us-east-1:$ACCOUNT:certificate/1\",\"endpointType\":\"REGIONAL\"}]}" >/dev/null
MAPPING=$(call POST "/v2/domainnames/$DOMAIN/apimappings" "{\"apiId\":\"$API\",\"stage\":\"prod\",\"apiMappingKey\":\"v1\"}" | field apiMappingId)
