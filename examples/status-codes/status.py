"""The function of the status-codes example: it succeeds or fails as it is asked to."""


def handler(event, context):
    """Answer a custom (non-proxy) integration: {"outcome": "ok" | "400" | "503" | ...}."""
    outcome = event["outcome"]
    if outcome == "ok":
        return {"message": "all is well"}
    if outcome.startswith("4"):
        raise ValueError("Raising 400: the caller sent " + outcome)
    raise RuntimeError("Backend failed with " + outcome)


def describe(event, context):
    """Answer a custom integration whose response template overrides the status."""
    return {"code": int(event["code"]), "text": "the template chose this status"}


def proxy(event, context):
    """Answer a proxy integration: the function itself chooses the status."""
    code = int(event["pathParameters"]["code"])
    return {
        "statusCode": code,
        "headers": {"x-chosen-by": "the function"},
        "body": "the function answered " + str(code),
    }
