"""A buyer's AS2 station, played by pyas2lib over HTTP: its address on the first line, then one
line of JSON asks and one line answers.

buyer.py OWN-KEY-AND-CERTIFICATE.pem PARTNER-CERTIFICATE.pem OWN-NAME PARTNER-NAME PARTNER-URL
"""

import base64
import http.server
import json
import sys
import threading
import urllib.error
import urllib.request

from station import as2, station

KEY, PARTNER_KEY, OWN, PARTNER, URL = sys.argv[1:6]
ORGANIZATION, partner_with = station(KEY, PARTNER_KEY, OWN, PARTNER)
USUAL = {"sign": "sha256", "encrypt": "aes_256_cbc", "mdn": "SYNC", "mdn_digest": "sha256"}

sent = {}
receipts = []
documents = []
refusals = 0


def whole(headers, content):
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return lines.encode() + b"\r\n" + content


def post(url, headers, content):
    headers = {name: " ".join(str(value).split()) for name, value in headers.items()}
    request = urllib.request.Request(url, data=content, headers=headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as answer:
        return answer.code, dict(answer.headers), answer.read()


def read_receipt(raw):
    mdn = as2.Mdn()
    return list(mdn.parse(raw, lambda id, name: sent.get(id)))


class Listener(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        global refusals
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if refusals:
            refusals -= 1
            return self.tell(503, {}, b"later")
        raw = whole(self.headers, content)
        if b"disposition-notification" in raw.lower() and "report" in raw.decode("latin-1"):
            status = read_receipt(raw)
            if status[0] is not None:
                receipts.append(status)
                return self.tell(200, {}, b"")
        message = as2.Message()
        status, problem, mdn = message.parse(
            raw, lambda name: ORGANIZATION, lambda name: partner_with(USUAL), lambda id, name: False
        )
        kept = base64.b64encode(message.content or b"").decode()
        documents.append({"status": status, "document": kept, "id": message.message_id})
        if mdn and mdn.mdn_url:
            self.tell(200, {}, b"")
            post(mdn.mdn_url, mdn.headers, mdn.content)
        elif mdn:
            self.tell(200, mdn.headers, mdn.content)
        else:
            self.tell(200, {}, b"")

    def tell(self, status, headers, content):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, " ".join(str(value).split()))
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *words):
        pass


def send(ask, address):
    ORGANIZATION.mdn_url = address
    message = as2.Message(ORGANIZATION, partner_with(USUAL | ask))
    message.build(
        base64.b64decode(ask["document"]),
        filename="order.edi",
        subject="order",
        content_type="application/edi-x12",
        disposition_notification_to="station@example.org",
    )
    sent[message.message_id] = message
    status, headers, content = post(URL, message.headers, message.content)
    told = {"status": status, "id": message.message_id}
    if content and status == 200:
        told["receipt"] = read_receipt(whole(headers, content))
    return told


def main():
    global refusals
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/as2"
    print(address, flush=True)
    for line in sys.stdin:
        ask = json.loads(line)
        if ask["do"] == "send":
            told = send(ask, address)
        elif ask["do"] == "refuse":
            refusals, told = ask["times"], {}
        else:
            told = {"documents": documents, "receipts": receipts}
        print(json.dumps(told), flush=True)


main()
