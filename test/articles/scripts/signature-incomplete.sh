# GET /hello wants a signature, GET /public nothing.
signed_api
new_user partial; allow_invoke partial
