"""A push service with browsers behind it: takes messages by HTTP (RFC 8030), opens them as a
browser would (RFC 8291, by http_ece), and checks who sends them (RFC 8292, by py_vapid).

The first line of JSON tells of the browsers: {"devices": [{"endpoint", "p256dh", "auth"}, …]}.
Then one for each message that came: {"device", "headers", "claims", "message"}, or
{"device", "error"}. The last part of an address says how it answers: a status, or `first-STATUS`
for the first message alone. It ends with its standard input.
"""

import base64
import http.server
import json
import os
import sys
import threading

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

TOKEN = "vapid t="


def text(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def data(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Browser:
    def __init__(self):
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.auth = os.urandom(16)
        self.heard = 0

    def public(self):
        return self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def open(self, headers, body, origin):
        authorization = headers["authorization"]
        if not Vapid02.verify(authorization.replace(", ", ",")):
            raise ValueError("the token is not signed by the key beside it")
        claims = json.loads(data(authorization.removeprefix(TOKEN).split(",")[0].split(".")[1]))
        if claims["aud"] != origin:
            raise ValueError(f"the token is for {claims['aud']}")
        opened = http_ece.decrypt(body, private_key=self.private, auth_secret=self.auth)
        return claims, json.loads(opened)


def tell(line):
    with LOCK:
        print(json.dumps(line), flush=True)


class Service(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        _, _, number, answer = self.path.split("/")
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        browser = BROWSERS[int(number)]
        browser.heard += 1
        line = {"device": int(number), "headers": headers}
        try:
            line["claims"], line["message"] = browser.open(headers, body, ORIGIN)
        except Exception as broken:
            line["error"] = repr(broken)
        status = int(answer.removeprefix("first-"))
        if answer.startswith("first-") and browser.heard > 1:
            status = 201
        tell(line)
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


LOCK = threading.Lock()
ANSWERS = sys.argv[1:]
BROWSERS = [Browser() for _ in ANSWERS]
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
ORIGIN = f"http://127.0.0.1:{server.server_port}"
threading.Thread(target=server.serve_forever, daemon=True).start()
tell({
    "devices": [
        {"endpoint": f"{ORIGIN}/push/{at}/{answer}", "p256dh": text(one.public()), "auth": text(one.auth)}
        for at, (one, answer) in enumerate(zip(BROWSERS, ANSWERS))
    ]
})
sys.stdin.read()
