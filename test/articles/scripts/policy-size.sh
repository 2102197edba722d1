# A function that a tool gave one permission for each of many routes; there is room for no other.
new_api
new_function 'def handler(event, context): return {"statusCode": 200, "body": "{\"orders\": []}"}'
new_resource orders; proxy GET; deploy
ROUTES=0
while curl -sf -o /dev/null "$ENDPOINT/2015-03-31/functions/$FUNCTION/policy" -H 'Content-Type: application/json' -d "{\"StatementId\":\"route-$ROUTES\",\"Action\":\"lambda:InvokeFunction\",\"Principal\":\"apigateway.amazonaws.com\",\"SourceArn\":\"arn:aws:execute-api:us-east-1:$ACCOUNT:$API/*/GET/orders/route-$ROUTES\"}"; do ROUTES=$((ROUTES+1)); done
