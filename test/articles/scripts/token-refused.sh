# The authorizer accepts one token and says Unauthorized to others.
new_api
new_authorizer "$(policy_code '"*"' | sed 's/^    return/    if event["authorizationToken"] != "good": raise Exception("Unauthorized")\n&/')"; permit_authorizer
new_resource users; guarded GET '{"users": []}'
deploy
