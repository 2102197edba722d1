# Functions named article-remote run elsewhere, at the URL REMOTE, where nothing listens yet.
PORT=$(python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
REMOTE=http://127.0.0.1:$PORT
own_server --function-endpoint "article-remote=$REMOTE"
new_api
new_function 'def handler(event, context): return None' article-remote
new_resource orders; proxy GET; permit
deploy
# start_remote: what is to listen there; it answers every invocation.
start_remote() {
	python3 - <<-'PYTHON' "$PORT" &
		import http.server, json, sys
		class Handler(http.server.BaseHTTPRequestHandler):
		    def do_POST(self):
		        self.rfile.read(int(self.headers.get("Content-Length") or 0))
		        text = json.dumps({"statusCode": 200, "body": json.dumps({"orders": []})}).encode()
		        self.send_response(200)
		        self.send_header("Content-Length", str(len(text)))
		        self.end_headers()
		        self.wfile.write(text)
		    def log_message(self, *arguments):
		        pass
		http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
	PYTHON
	until_true curl -s "$REMOTE"
}
