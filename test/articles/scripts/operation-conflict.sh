# /hello exists.
new_api
new_resource hello
