# Three methods: one without permission, one whose function fails, one whose answer is malformed.
new_api
new_function 'def handler(event, context): return {"statusCode": 200}'
REFUSED=$FUNCTION
new_resource refused; proxy GET
new_function 'def handler(event, context): return "text"'
new_resource malformed; proxy GET; permit
new_function 'def handler(event, context): raise Exception("broken")'
new_resource fails; proxy GET; permit
deploy
# FAILING is the function of /fails.
FAILING=$FUNCTION
