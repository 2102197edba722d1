# Nothing fails here: no command brings a bug about. What a report needs is executed.
new_api
new_resource hello; mock GET '{"hello": "world"}'
deploy
