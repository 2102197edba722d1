# GET /hello wants a signature; KEY and SECRET are those of a user who may call it.
signed_api
new_user late; allow_invoke late
