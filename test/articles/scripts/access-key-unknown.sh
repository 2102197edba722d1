# GET /hello wants a signature; KEY and SECRET are those of the user gone, whose key has been switched off.
signed_api
new_user gone; allow_invoke gone
iam "$ACCOUNT" UpdateAccessKey UserName=gone "AccessKeyId=$KEY" Status=Inactive >/dev/null
