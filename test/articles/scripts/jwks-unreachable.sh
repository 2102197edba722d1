# The issuer of the authorizer is gone: nothing listens at its address any more. NEW_ISSUER is where it is now.
new_issuer
NEW_ISSUER=$ISSUER BACKEND=$PORT
ISSUER=http://127.0.0.1:1
jwt_api
TOKEN=$(token)
