"""Makes the calls that its standard input lists, with boto3, and prints what each returned.

Input and output are one JSON object a line: {"service", "operation", "input"} and {"output"} or
{"error": {"code", "message", "status"}}. Bytes are {"$bytes": base64}, times {"$time": seconds}.
"""
import base64
import datetime
import json
import os
import sys

os.environ["AWS_EC2_METADATA_DISABLED"] = "true"

import boto3
import botocore.config
import botocore.exceptions

endpoint = sys.argv[1]
session = boto3.session.Session("AKIDEXAMPLE", "secret", region_name="us-east-1")
config = botocore.config.Config(retries={"max_attempts": 0}, parameter_validation=True)
clients = {}


def client(service):
    if service not in clients:
        base = endpoint + "/_aws/execute-api/a1/prod" if service == "apigatewaymanagementapi" else endpoint
        made = session.client(service, endpoint_url=base, config=config)
        methods = {api: method for method, api in made.meta.method_to_api_mapping.items()}
        clients[service] = (made, methods)
    return clients[service]


def decode(value):
    if isinstance(value, dict):
        if "$bytes" in value:
            return base64.b64decode(value["$bytes"])
        if "$time" in value:
            return datetime.datetime.fromtimestamp(value["$time"], datetime.timezone.utc)
        return {key: decode(item) for key, item in value.items()}
    if isinstance(value, list):
        return [decode(item) for item in value]
    return value


def encode(value):
    if isinstance(value, dict):
        return {key: encode(item) for key, item in value.items()}
    if isinstance(value, list):
        return [encode(item) for item in value]
    if isinstance(value, datetime.datetime):
        return {"$time": value.timestamp()}
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode()}
    if hasattr(value, "read"):
        return {"$bytes": base64.b64encode(value.read()).decode()}
    return value


for line in sys.stdin:
    call = json.loads(line)
    made, methods = client(call["service"])
    try:
        output = getattr(made, methods[call["operation"]])(**decode(call["input"]))
        output.pop("ResponseMetadata")
        answer = {"output": encode(output)}
    except botocore.exceptions.ClientError as error:
        answer = {"error": {
            "code": error.response["Error"]["Code"],
            "message": error.response["Error"]["Message"],
            "status": error.response["ResponseMetadata"]["HTTPStatusCode"],
        }}
    except Exception as error:
        answer = {"error": {"code": type(error).__name__, "message": str(error), "status": 0}}
    print(json.dumps(answer), flush=True)
