"""A mock of an OpenAI-compatible service, with faults on demand.

usage: openai_mock.py PORT_FILE LOG_FILE
Listens on 127.0.0.1 and writes its port to PORT_FILE.  The first part of a path selects the
fault; "ok" has none and judges by a few words.  A request for log-probabilities gets one word,
other requests get numbers for all dimensions.  The log has a line for each request: path,
Authorization header or "-", and the most requests so far at a time.
"""
import http.server
import json
import math
import os
import re
import sys
import threading
import time

WORDS = {"party": "extraversion", "tent": "camping", "garlic": "gourmet-food"}
tries = {}
lock = threading.Lock()
busy = most_busy = 0

def marks(text):
    found = {}
    for word, dimension in WORDS.items():
        if word in text:
            found[dimension] = -2 if "hate" in text else 2
    return found

def judge(request):
    """The numbers for a text, or for the responses of a pair."""
    assert request["temperature"] == 0 and request["model"] == "test-model"
    system, user = (m["content"] for m in request["messages"])
    assert all("%s: " % d in system for d in ("age-group", "camping", "fashion"))
    if "Response B:" not in user:
        return marks(user)
    a, b = (marks(part) for part in re.split(r"Response [AB]:", user)[1:])
    both = {d: max(-2, min(2, a.get(d, 0) - b.get(d, 0))) for d in set(a) | set(b)}
    both["humor"] = 2		# a preference for the first response
    return both

def chances(request):
    """Probabilities of the three answers to a question, biased towards Positive and the first response."""
    assert request["temperature"] == 0 and request["model"] == "test-model"
    assert request["max_tokens"] == 1 and request["logprobs"] is True and request["top_logprobs"] == 20
    text, question = request["messages"][-1]["content"].rsplit("\nDimension: ", 1)
    dimension, pair = question.split(".")[0], "Response B:" in text
    assert ("More: " in question) == pair
    shown = [marks(part).get(dimension, 0) for part in (re.split(r"Response [AB]:", text)[1:] if pair else [text, ""])]
    weight = [3 * math.exp(shown[0] - shown[1]), math.exp(shown[1] - shown[0]), 4]
    return [w / sum(weight) for w in weight], ["A", "B", "Neither"] if pair else ["Positive", "Negative", "Unclear"]

def tokens(request, kind):
    """The most likely tokens in the place of the answer."""
    p, words = chances(request)
    if kind == "pieces":		# beginnings of words, spaces, capitals, marks of tokenizers
        found = [(" " + words[0][:3], 0.75 * p[0]), (words[0], 0.25 * p[0]), ("\u2581" + words[1][:2].lower() if len(words[1]) > 1
                 else " " + words[1], p[1]), ("\u0120" + words[2][:1], p[2])]
    elif kind == "strange":
        found = [("Well", 0.9), ("a", 0.05), (" Maybe", 0.01)]
    elif kind == "few":			# one answer is missing
        found = [("Well", 0.3), (words[0], 0.5), (words[1], 0.125)]
    else:
        found = list(zip(words, p)) + [("The", 1e-9)]
    return [{"token": t, "logprob": math.log(x), "bytes": None} for t, x in sorted(found, key=lambda one: -one[1])]

def said(content, **more):
    choice = dict({"message": {"role": "assistant", "content": content}, "finish_reason": "stop"}, **more)
    return {"model": "test-model-2026-01-01", "choices": [choice]}

def reply(request, kind):
    if "logprobs" not in request:
        return said("```json\n%s\n```" % json.dumps(judge(request)))
    top = tokens(request, kind)
    content = [dict(top[0], top_logprobs=top)]
    if kind == "notop":
        del content[0]["top_logprobs"]
    elif kind == "empty":
        content = []
    elif kind == "notoken":
        content[0]["top_logprobs"] = [{"token": "A"}]
    if kind == "nologprobs":
        return said(top[0]["token"])
    answer = said(top[0]["token"], logprobs={"content": content})
    if kind == "alias":			# two versions behind one name
        answer["model"] = "test-model-%d" % ((top[0]["token"] in "AB"))
    return answer

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def answer(self, status, body, headers=()):
        body = body.encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        global busy, most_busy
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        kind = self.path.split("/")[1]
        assert self.path.endswith("/chat/completions")
        with lock:
            busy += 1
            most_busy = max(most_busy, busy)
            what = kind, str(request["messages"]) if kind == "flaky" else ""
            tried = tries[what] = tries.get(what, 0) + 1
            with open(sys.argv[2], "a") as log:
                print(self.path, self.headers.get("Authorization", "-"), most_busy, file=log)
        if kind == "slow":
            time.sleep(0.05)
        self.misbehave(kind, tried, request)
        with lock:
            busy -= 1
            most_busy = busy if kind == "reset" else most_busy

    def misbehave(self, kind, tried, request):
        good = json.dumps(reply(request, kind))
        if kind == "garbage":
            self.answer(200, "<html>\x01 no such page </html>")
        elif kind == "truncated":
            self.answer(200, good[:40])
        elif kind == "cut":
            self.answer(200, json.dumps(said('{"camping": 2, "humor')))
        elif kind == "prose":
            self.answer(200, json.dumps(said("I cannot help with that.")))
        elif kind == "shape":
            self.answer(200, '{"choices": []}')
        elif kind == "wrong":
            self.answer(200, json.dumps(said('{"camping": 2, "astrology": 1}')))
        elif kind == "number":
            self.answer(200, json.dumps(said('{"camping": 7}')))
        elif kind == "huge":
            self.answer(200, "x" * (9 << 20))
        elif kind in ("429", "500", "401"):
            self.answer(int(kind), '{"error": {"message": "this is %s"}}' % kind)
        elif kind == "flaky" and tried % 3 != 0:
            self.answer(503, "not yet")
        elif kind == "later" and tried == 1:
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
    os.rename(sys.argv[1] + ".new", sys.argv[1])
    server.serve_forever()

main()
