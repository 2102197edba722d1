# Nothing is needed: the request names no API.
