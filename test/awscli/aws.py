"""The aws CLI, started once: each call is a fork of this process, so that many calls do not pay for Python's start each time.

It listens on the socket that its argument names. A call is one line of JSON with the arguments, the environment and the directory, sent together with the descriptors of
standard input, output and error; the answer is the exit status. What runs is awscli.clidriver, as in the CLI's own script.
"""
import gc
import json
import os
import signal
import socket
import sys

import awscli.clidriver

SERVICES = ("apigateway", "apigatewayv2", "apigatewaymanagementapi", "elbv2", "iam", "lambda", "logs", "sts")
LONGEST_CALL = 1 << 20


def warm():
    """Read what every call reads: the models of the services, which the calls then share."""
    session = awscli.clidriver.create_clidriver().session
    loader_class = type(session.get_component("data_loader")).FILE_LOADER_CLASS
    read, files = loader_class.load_file, {}

    def load_file(self, path):
        if path not in files:
            files[path] = read(self, path)
        return files[path]

    loader_class.load_file = load_file
    for service in SERVICES:
        session.create_client(service, region_name="us-east-1", endpoint_url="http://127.0.0.1:1", aws_access_key_id="x", aws_secret_access_key="x")


def run(arguments):
    sys.argv = ["aws", *arguments]
    try:
        return awscli.clidriver.main() or 0
    except SystemExit as e:
        return e.code if isinstance(e.code, int) else int(e.code is not None)


def serve(connection):
    message, descriptors, _, _ = socket.recv_fds(connection, LONGEST_CALL, 3)
    while not message.endswith(b"\n"):
        message += connection.recv(LONGEST_CALL)
    call = json.loads(message)
    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, number)
        os.close(descriptor)
    data = os.environ.get("AWS_DATA_PATH")  # awscli sets it when it is imported
    os.environ.clear()
    os.environ.update(call["environment"])
    if data:
        os.environ["AWS_DATA_PATH"] = data
    os.chdir(call["directory"])
    status = run(call["arguments"])
    sys.stdout.flush()
    sys.stderr.flush()
    connection.sendall(b"%d\n" % status)


def main():
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    warm()
    gc.freeze()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(sys.argv[1])
    listener.listen(64)
    while True:
        connection, _ = listener.accept()
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            listener.close()
            try:
                serve(connection)
            finally:
                os._exit(0)
        connection.close()


main()
