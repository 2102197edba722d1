# The function needs a second, the integration waits a fifth of one.
new_api
new_function 'import time
def handler(event, context):
    time.sleep(1)
    return {"statusCode": 200, "body": "{\"done\": true}"}'
new_resource report; proxy GET; permit
call PATCH "/restapis/$API/resources/$RESOURCE/methods/GET/integration" '{"patchOperations":[{"op":"replace","path":"/timeoutInMillis","value":"200"}]}' >/dev/null
deploy
