# An API to make resources in.
new_api
