# Any API.
new_api
