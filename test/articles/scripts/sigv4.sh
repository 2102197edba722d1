# GET /hello wants a signature; KEY and SECRET are those of a user who may call it.
signed_api
new_user signer; allow_invoke signer
