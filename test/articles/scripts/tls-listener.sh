# A server of its own with a listener for TLS, whose certificate nobody trusts; TLS is its address, LOG its log.
openssl req -x509 -newkey rsa:2048 -nodes -keyout server.key -out server.crt -days 30 -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 2>/dev/null
TLS=127.0.0.1:$(python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
own_server --tls-listen "$TLS" --tls-certificate server.crt,server.key
LOG=own-server.log
