"""A trade between a hub and mock-edi, through folders: `hub.py ENTENTE`.

The hub is a fresh `entente demo`; mock-edi plays Delmar Foods, the demo's buyer, in a process of
its own. What one puts out the other takes in: mock-edi's order goes into the hub's drop folder,
the hub's 997 comes back; Nordwind's seller answers the order, and the 855 goes out and is
acknowledged. Exits with 1 where something else happens, and tells what.
"""

import http.cookiejar
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from conversations import Partner

PASSWORD = "entente-demo"


class Hub:
    """`entente demo` on ports of its own, and its seller's window."""

    def __init__(self, entente, folder):
        own = {name: text for name, text in os.environ.items() if not name.startswith("ENTENTE_")}
        for name in ("ENTENTE_LISTEN", "ENTENTE_AS2_LISTEN", "ENTENTE_SFTP_LISTEN", "ENTENTE_SMTP_LISTEN"):
            own[name] = "127.0.0.1:0"
        command = [entente, "demo", "--data", folder / "data", "--print-addresses"]
        with open(folder / "log", "wb") as log:
            self.process = subprocess.Popen(
                command, env=own, cwd=folder, stdout=subprocess.PIPE, stderr=log, text=True
            )
        line = next((line for line in self.process.stdout if line.startswith("{")), None)
        if line is None:
            sys.exit("the hub does not start: " + (folder / "log").read_text()[-2000:])
        self.web = json.loads(line)["web"]
        self.edi = folder / "data/edi"
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.window = urllib.request.build_opener(cookies)

    def ask(self, path, form=None):
        """The answer to a question, or to what was posted."""
        raw = None if form is None else json.dumps(form).encode()
        request = urllib.request.Request(self.web + "/api/v1" + path, data=raw)
        request.add_header("content-type", "application/json")
        request.add_header("x-entente-client", "web")
        try:
            with self.window.open(request, timeout=30) as answer:
                body = answer.read()
        except urllib.error.HTTPError as refusal:
            sys.exit(f"{path}: {refusal.code} {refusal.read().decode()}")
        return json.loads(body) if body else None

    def close(self):
        """Ends the process."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)


def until(what, look, patience=60):
    """Waits until there is something to see."""
    for _ in range(patience * 5):
        seen = look()
        if seen:
            return seen
        time.sleep(0.2)
    sys.exit(f"did not happen: {what}")


def order(partner, number):
    """mock-edi orders from Nordwind."""
    line = {"sku": "NW-SENS-28", "quantity": "12", "uom": "EA", "price": "89.50"}
    wish = {"partner": "NORDWIND", "po_number": number, "requested_on": "2026-12-15",
            "currency": "EUR", "lines": [line]}
    partner.mock.expect("POST", "/_mock/purchase", wish, status=201)


def trade(hub, partner):
    """The order, its acknowledgement, the answer, and its acknowledgement."""
    incoming, outgoing = hub.edi / "in", hub.edi / "out" / "ZZ_DELMAR"
    incoming.mkdir(parents=True, exist_ok=True)
    # What the demo has to say of its own two orders is not for this Delmar.
    papers = lambda: [path for path in outgoing.glob("*.edi")][2:]
    until("the demo's two 997 and its 855", papers)
    for path in outgoing.glob("*.edi"):
        path.unlink()
    # Delmar has used the control numbers 1 and 2; the hub would hold what came under them again.
    for number in ("USED-1", "USED-2"):
        order(partner, number)
    partner.mock.advance(everything=True)
    partner.mock.mailbox(partner="NORDWIND", leave=False)
    order(partner, "MOCK-1")
    done = []

    def carry():
        """From each to the other, once."""
        partner.mock.advance(everything=True)
        for document in partner.mock.mailbox(partner="NORDWIND", leave=False):
            name = f"{document['code']}-{document['control']}.edi"
            (incoming / (name + ".tmp")).write_text(document["payload"])
            (incoming / (name + ".tmp")).rename(incoming / name)
            done.append(f"mock-edi sends {document['code']}")
        for path in sorted(outgoing.glob("*.edi")) if outgoing.exists() else []:
            told = partner.mock.send(path.read_text())
            kinds = " ".join(one["code"] for one in told["transactionSets"])
            taken = all(one["accepted"] for one in told["transactionSets"])
            done.append(f"the hub sends {kinds}: {'taken' if taken else told}")
            path.unlink()
        return done

    sent = lambda word: [line for line in carry() if word in line]
    until("the hub's 997", lambda: sent("the hub sends 997: taken"))
    hub.ask("/sign-in", {"email": "sam@nordwind.example", "password": PASSWORD})
    orders = lambda: [one for one in hub.ask("/orders")["items"] if one["number"] == "MOCK-1"]
    found = hub.ask("/orders/" + until("the order at Nordwind", orders)[0]["id"])
    lines = [{"line": line["line"], "decision": "accept"} for line in found["lines"]]
    hub.ask(f"/orders/{found['id']}/answer", {"revision": found["revision"], "lines": lines})
    until("the hub's 855", lambda: sent("the hub sends 855: taken"))
    until("mock-edi's 997", lambda: sent("mock-edi sends 997"))
    until("the 997 taken", lambda: not list(incoming.iterdir()))
    told = partner.mock.get("/_mock/disagreements?partner=NORDWIND&po=MOCK-1").body
    wrong = [path.name for path in (hub.edi / "failed").glob("*")]
    if told or wrong:
        sys.exit(f"mock-edi disagrees: {told}; the hub put aside {wrong}; {done}")
    events = partner.mock.timeline("MOCK-1")["events"]
    done += [event.get("summary") or event.get("text") or str(event) for event in events]
    return done


def main():
    """A hub, a partner, a trade."""
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    folder = pathlib.Path(tempfile.mkdtemp(prefix="entente-hub-"))
    partner = Partner(sys.argv[1], "--as2-id", "DELMAR", "--name", "Delmar Foods")
    hub = None
    try:
        partner.mock.post("/_mock/partners", {"id": "NORDWIND", "name": "Nordwind", "role": "supplier"})
        hub = Hub(sys.argv[1], folder)
        print("\n".join(trade(hub, partner)))
    finally:
        partner.close()
        if hub:
            hub.close()
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
