# An API that only its own account and region know.
new_api
