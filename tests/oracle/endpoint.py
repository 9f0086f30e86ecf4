"""Stands in for an OpenAI-compatible service, with faults to order.

usage: endpoint.py PORT_FILE LOG_FILE
Listens on 127.0.0.1 and writes its port.  The first part of a path says what is
wrong with its answers; "ok" judges by a few words.  A line for each request goes
to the log: path, and the Authorization header or "-".
"""
import http.server
import json
import re
import sys
import time

WORDS = {"party": "extraversion", "tent": "camping", "garlic": "gourmet-food"}
tries = {}

def marks(text):
    found = {}
    for word, dimension in WORDS.items():
        if word in text:
            found[dimension] = -2 if "hate" in text else 2
    return found

def judge(request):
    """What the service says of a text, or of the responses of a pair."""
    assert request["temperature"] == 0 and request["model"] == "test-model"
    system, user = (m["content"] for m in request["messages"])
    assert all("%s: " % d in system for d in ("age-group", "camping", "fashion"))
    if "Response B:" not in user:
        return marks(user)
    a, b = (marks(part) for part in re.split(r"Response [AB]:", user)[1:])
    both = {d: max(-2, min(2, a.get(d, 0) - b.get(d, 0))) for d in set(a) | set(b)}
    both["humor"] = 2		# a liking for what comes first
    return both

def said(content):
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": content}, "finish_reason": "stop"}]})

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, body, headers=()):
        body = body.encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with open(sys.argv[2], "a") as log:
            print(self.path, self.headers.get("Authorization", "-"), file=log)
        kind = self.path.split("/")[1]
        assert self.path.endswith("/chat/completions")
        tries[kind] = tries.get(kind, 0) + 1
        good = said("```json\n%s\n```" % json.dumps(judge(request)))
        if kind == "garbage":
            self.answer(200, "<html>\x01 no such page </html>")
        elif kind == "truncated":
            self.answer(200, good[:40])
        elif kind == "cut":
            self.answer(200, said('{"camping": 2, "humor'))
        elif kind == "prose":
            self.answer(200, said("I cannot help with that."))
        elif kind == "shape":
            self.answer(200, '{"choices": []}')
        elif kind == "wrong":
            self.answer(200, said('{"camping": 2, "astrology": 1}'))
        elif kind == "number":
            self.answer(200, said('{"camping": 7}'))
        elif kind == "huge":
            self.answer(200, "x" * (9 << 20))
        elif kind in ("429", "500", "401"):
            self.answer(int(kind), '{"error": {"message": "this is %s"}}' % kind)
        elif kind == "flaky" and tries[kind] % 3 != 0:
            self.answer(503, "not yet")
        elif kind == "later" and tries[kind] == 1:
            self.answer(429, "slowly", [("Retry-After", "1")])
        elif kind == "never":
            time.sleep(4)
        else:
            self.answer(200, good)

    def log_message(self, *args):
        pass

def main():
    http.server.ThreadingHTTPServer.daemon_threads = True
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    with open(sys.argv[1] + ".new", "w") as f:
        print(server.server_port, file=f)
    import os
    os.rename(sys.argv[1] + ".new", sys.argv[1])
    server.serve_forever()

main()
