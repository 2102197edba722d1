# A server with the VPC endpoint vpce-0212a4ab, which is the address VPCE. PRIVATE_API is private, PUBLIC_API is public; GET /orders of both answers, and both are deployed.
VPCE=127.0.0.1:$(python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
own_server --vpc-endpoint "vpce-0212a4ab,vpc-1a2b3c4d=$VPCE"
new_api
new_resource orders; mock GET '{"orders": []}'; deploy
PUBLIC_API=$API
API=$(call POST /restapis '{"name":"private","endpointConfiguration":{"types":["PRIVATE"]}}' | tee answer | field id); ROOT=$(field rootResourceId <answer)
new_resource orders; mock GET '{"orders": []}'
PRIVATE_API=$API
call PATCH "/restapis/$API" "$(python3 -c 'import json; print(json.dumps({"patchOperations": [{"op": "replace", "path": "/policy", "value": json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}]})}]}))')" >/dev/null
deploy
