"""Runs Python functions: a client of the Lambda Runtime API.

Loads the handler once, then asks for one event after the other over one
connection. The answer to an event asks for the next one too (Gatehouse-Next),
so that a warm invocation is one request and wakes this process once.
"""
import importlib
import json
import logging
import os
import socket
import struct
import sys
import time
import traceback

API = "/2018-06-01/runtime"
MAXIMUM_LOG_EVENT = 256 * 1024
request_id = None


class Fault(Exception):
    """A failure that the runtime names instead of the function."""

    def __init__(self, error_type, message, trace=()):
        super().__init__(message)
        self.error_type = error_type
        self.trace = list(trace)


class Connection:
    """One HTTP/1.1 connection; knows as much of HTTP as the Runtime API needs."""

    def __init__(self, address):
        host, _, port = address.rpartition(":")
        self.socket = socket.create_connection((host, int(port)))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""
        self.host = address.encode()
        self.next = b"GET " + API.encode() + b"/invocation/next HTTP/1.1\r\nHost: " + self.host + b"\r\n\r\n"

    def post(self, path, body, error_type=None, and_next=False):
        head = "POST %s%s HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: %d\r\n" % (API, path, len(body))
        if error_type is not None:
            head += "Lambda-Runtime-Function-Error-Type: %s\r\n" % error_type.encode("ascii", "replace").decode()
        if and_next:
            head += "Gatehouse-Next: 1\r\n"
        self.socket.sendall(head.encode() + b"Host: " + self.host + b"\r\n\r\n" + body)

    def receive(self):
        """Reads one answer: status, headers with names in lower case, body."""
        while True:
            head, separator, rest = self.buffer.partition(b"\r\n\r\n")
            if separator:
                break
            self.fill()
        lines = head.decode("utf-8").split("\r\n")
        status = int(lines[0].split(" ", 2)[1])
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        length = int(headers.get("content-length", 0))
        parts, received = [rest], len(rest)
        while received < length:
            part = self.socket.recv(min(1 << 20, length - received + 65536))
            if not part:
                sys.exit(0)
            parts.append(part)
            received += len(part)
        whole = b"".join(parts)
        self.buffer = whole[length:]
        return status, headers, whole[:length]

    def fill(self):
        part = self.socket.recv(65536)
        if not part:
            sys.exit(0)  # the service is gone
        self.buffer += part


def write_log_event(text):
    """Writes one log event that may hold line breaks."""
    data = text.encode("utf-8", "replace")[:MAXIMUM_LOG_EVENT]
    data = b"\x00\xa5" + struct.pack(">I", len(data)) + data
    while data:
        data = data[os.write(1, data):]


class LogHandler(logging.Handler):
    def emit(self, record):
        try:
            write_log_event(self.format(record))
        except Exception:
            self.handleError(record)


class RequestIdFilter(logging.Filter):
    def filter(self, record):
        record.aws_request_id = request_id or ""
        return True


def configure_logging():
    formatter = logging.Formatter(
        "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler = LogHandler()
    handler.setFormatter(formatter)
    handler.addFilter(RequestIdFilter())
    logging.getLogger().addHandler(handler)


class Fields:
    """The attributes of a JSON object; those it lacks are None."""

    def __init__(self, names, values):
        for name in names:
            setattr(self, name, values.get(name))


class Context:
    """What a handler gets as its second argument."""

    def __init__(self, headers):
        environment = os.environ
        self.aws_request_id = headers["lambda-runtime-aws-request-id"]
        self.log_group_name = environment.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = environment.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.function_name = environment.get("AWS_LAMBDA_FUNCTION_NAME")
        self.memory_limit_in_mb = environment.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.function_version = environment.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.invoked_function_arn = headers.get("lambda-runtime-invoked-function-arn")
        self.client_context = client_context(headers.get("lambda-runtime-client-context"))
        self.identity = identity(headers.get("lambda-runtime-cognito-identity"))
        self._deadline = int(headers.get("lambda-runtime-deadline-ms", 0))

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline - int(time.time() * 1000))

    def log(self, message):
        write_log_event(str(message))

    def __repr__(self):
        names = ("aws_request_id", "log_group_name", "log_stream_name", "function_name", "memory_limit_in_mb",
                 "function_version", "invoked_function_arn", "client_context", "identity")
        return "LambdaContext([%s])" % ",".join("%s=%s" % (name, getattr(self, name)) for name in names)


Context.__name__ = "LambdaContext"


def client_context(text):
    if not text:
        return None
    values = json.loads(text)
    context = Fields((), {})
    context.custom = values.get("custom")
    context.env = values.get("env")
    names = ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name")
    context.client = Fields(names, values["client"]) if values.get("client") else None
    return context


def identity(text):
    values = json.loads(text) if text else {}
    fields = Fields((), {})
    fields.cognito_identity_id = values.get("cognitoIdentityId")
    fields.cognito_identity_pool_id = values.get("cognitoIdentityPoolId")
    return fields


def load(name):
    """Answers the function a handler such as package/module.function names."""
    module_name, separator, function_name = name.rpartition(".")
    if not separator:
        raise Fault("Runtime.MalformedHandlerName",
                    "Bad handler '%s': not enough values to unpack (expected 2, got 1)" % name)
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        raise Fault("Runtime.ImportModuleError", "Unable to import module '%s': %s" % (module_name, error))
    except SyntaxError as error:
        trace = ['  File "%s" Line %s\n    %s' % (error.filename, error.lineno, error.text)]
        raise Fault("Runtime.UserCodeSyntaxError", "Syntax error in module '%s': %s" % (module_name, error), trace)
    try:
        return getattr(module, function_name)
    except AttributeError:
        raise Fault("Runtime.HandlerNotFound", "Handler '%s' missing on module '%s'" % (function_name, module_name))


def frames(error):
    """The stack of an error from the function's own code on, one text a frame."""
    stack = traceback.extract_tb(error.__traceback__)
    while stack and stack[0].filename == __file__:
        stack = stack[1:]
    return traceback.format_list([(f.filename, f.lineno, f.name, f.line) for f in stack])


def describe(error):
    """Answers errorType, the error document, and writes the error to the log."""
    if isinstance(error, Fault):
        error_type, trace = error.error_type, error.trace
    else:
        error_type, trace = type(error).__name__, frames(error)
    try:
        message = str(error)
    except Exception as broken:
        message = "unprintable: " + type(broken).__name__
    text = "[ERROR] %s%s\nTraceback (most recent call last):" % (error_type, ": " + message if message else "")
    write_log_event((text + "\n" + "".join(trace)).rstrip("\n"))
    document = {"errorMessage": message, "errorType": error_type, "requestId": request_id or "", "stackTrace": trace}
    return error_type, json.dumps(document).encode()


def answer(handler, event, context):
    try:
        event = json.loads(event)
    except ValueError as error:
        raise Fault("Runtime.UnmarshalError", "Unable to unmarshal input: %s" % error)
    result = handler(event, context)
    try:
        return json.dumps(result, ensure_ascii=ESCAPED).encode("utf-8")
    except Exception as error:
        raise Fault("Runtime.MarshalError", "Unable to marshal response: %s" % error)


def main():
    global request_id
    connection = Connection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    sys.path[0] = os.environ["LAMBDA_TASK_ROOT"]
    sys.path[1:1] = ["/opt/python/lib/python%d.%d/site-packages" % sys.version_info[:2], "/opt/python"]
    configure_logging()
    try:
        handler = load(os.environ["_HANDLER"])
    except Exception as error:
        error_type, document = describe(error)
        connection.post("/init/error", document, error_type)
        connection.receive()
        sys.exit(1)
    connection.socket.sendall(connection.next)
    while True:
        status, headers, event = connection.receive()
        if status in (400, 413):  # the answer was refused, and with it the question
            connection.socket.sendall(connection.next)
            continue
        if status != 200:
            sys.exit(0)  # the environment is ending
        request_id = headers["lambda-runtime-aws-request-id"]
        if "lambda-runtime-trace-id" in headers:
            os.environ["_X_AMZN_TRACE_ID"] = headers["lambda-runtime-trace-id"]
        else:
            os.environ.pop("_X_AMZN_TRACE_ID", None)
        path = "/invocation/" + request_id
        try:
            connection.post(path + "/response", answer(handler, event, Context(headers)), and_next=True)
        except Exception as error:
            error_type, document = describe(error)
            connection.post(path + "/error", document, error_type, and_next=True)


# From Python 3.12 on AWS answers in UTF-8; before, beyond ASCII is escaped.
ESCAPED = os.environ.get("AWS_EXECUTION_ENV", "") in ["AWS_Lambda_python3.%d" % minor for minor in range(6, 12)]

if __name__ == "__main__":
    main()
