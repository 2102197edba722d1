"""What articles use of wscat, which is not everywhere: -c URL, -H HEADER, -x MESSAGE (as often as there are messages), -w SECONDS to wait for answers."""
import argparse
import base64
import os
import socket
import struct
import sys
import time
import urllib.parse

parser = argparse.ArgumentParser()
parser.add_argument("-c", "--connect", required=True)
parser.add_argument("-H", "--header", action="append", default=[])
parser.add_argument("-x", "--execute", action="append", default=[])
parser.add_argument("-w", "--wait", type=float, default=2)
options = parser.parse_args()

url = urllib.parse.urlsplit(options.connect)
connection = socket.create_connection((url.hostname, url.port), timeout=20)
path = url.path + ("?" + url.query if url.query else "")
lines = [f"GET {path} HTTP/1.1", f"Host: {url.netloc}", "Upgrade: websocket", "Connection: Upgrade",
         "Sec-WebSocket-Key: " + base64.b64encode(os.urandom(16)).decode(), "Sec-WebSocket-Version: 13", *options.header]
connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
stream = connection.makefile("rb")
status = stream.readline().decode().strip()
while stream.readline() not in (b"\r\n", b""):
    pass
if " 101 " not in status:
    sys.exit("error: Unexpected server response: " + status.split(" ")[1])

for message in options.execute:
    payload, mask = message.encode(), os.urandom(4)
    length = len(payload)
    head = bytes([0x81]) + (bytes([0x80 | length]) if length < 126 else bytes([0xFE]) + struct.pack(">H", length) if length < 1 << 16 else bytes([0xFF]) + struct.pack(">Q", length))
    connection.sendall(head + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(payload)))

end = time.monotonic() + options.wait
while (left := end - time.monotonic()) > 0:
    connection.settimeout(left)
    try:
        head = stream.read(2)
    except TimeoutError:
        break
    if len(head) < 2:
        print("Disconnected (code: 1006)", flush=True)
        break
    length = head[1] & 0x7F
    if length == 126:
        length = struct.unpack(">H", stream.read(2))[0]
    elif length == 127:
        length = struct.unpack(">Q", stream.read(8))[0]
    payload = stream.read(length)
    if head[0] & 0x0F == 8:
        print(f"Disconnected (code: {struct.unpack('>H', payload[:2])[0] if payload else 1005}, reason: \"{payload[2:].decode()}\")", flush=True)
        break
    if head[0] & 0x0F in (1, 2):
        print("<", payload.decode(), flush=True)
