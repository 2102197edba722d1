# An HTTP API with a function behind GET /order.
new_function 'def handler(event, context): return {"ok": True}'
http_api
