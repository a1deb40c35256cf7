"""From an order to its invoice, with a hub that is a process of its own: `trade.py X12|EDIFACT [mocked]`.

One line of JSON on standard input says where the hub is: `web`, `as2`, who signs in (`seller`, and
`partner`, who shares the deal), `deal`, `room`. Then two companies act. Globex buys: its ERP writes
and reads EDI by itself (`writing.py`, `reading.py`), and its AS2 station is pyas2lib
(`../as2/buyer.py`). With `mocked`, mock-edi is its ERP (`mocked.py`). The seller acts over the
hub's API. Prints what happened, line by line; exits
with 1 and says why where it goes otherwise.
"""

import base64
import http.cookiejar
import json
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from decimal import Decimal

import mocked
import reading
import writing
from reading import check

STATION = pathlib.Path(__file__).parents[1] / "as2/buyer.py"
PASSWORD = "correct horse"
# What a receipt and an acknowledgement may take, in seconds.
SOON = 10


class Window:
    """Somebody's browser, as the API sees it."""

    def __init__(self, web, email):
        self.web = web
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(cookies)
        self.ask("POST", "/sign-in", {"email": email, "password": PASSWORD})

    def ask(self, method, path, form=None, **headers):
        """The answer; a refusal ends it all."""
        raw = None if form is None else json.dumps(form).encode()
        request = urllib.request.Request(self.web + "/api/v1" + path, data=raw, method=method)
        request.add_header("content-type", "application/json")
        request.add_header("x-entente-client", "web")
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        try:
            with self.opener.open(request, timeout=30) as answer:
                body = answer.read()
        except urllib.error.HTTPError as refusal:
            raise reading.Wrong(f"{method} {path}: {refusal.code} {refusal.read().decode()}")
        if path.endswith("/raw"):
            return body
        return json.loads(body) if body else None

    def get(self, path):
        """Reads."""
        return self.ask("GET", path)

    def post(self, path, form):
        """Sends."""
        return self.ask("POST", path, form)


class Station:
    """Globex's AS2 station, and what came to it that the ERP has not read yet."""

    def __init__(self, folder, url, certificate):
        key, own = folder / "globex.key", folder / "globex.crt"
        made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30",
                "-subj", "/CN=GLOBEX", "-keyout", key, "-out", own]
        subprocess.run(made, check=True, stderr=subprocess.DEVNULL)
        self.certificate = own.read_text()
        (folder / "globex.pem").write_text(key.read_text() + self.certificate)
        (folder / "seller.crt").write_text(certificate)
        command = [sys.executable, "-W", "ignore", STATION, folder / "globex.pem",
                   folder / "seller.crt", writing.BUYER, writing.SELLER, url]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.url = self.process.stdout.readline().strip()
        self.read = 0

    def ask(self, **words):
        """One line to it, one line back."""
        self.process.stdin.write(json.dumps(words) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def send(self, text):
        """Sends a file, signed and encrypted; the signed receipt must come at once."""
        started = time.monotonic()
        told = self.ask(do="send", document=base64.b64encode(text.encode("latin-1")).decode())
        check(told.get("receipt", [None])[0] == "processed", f"no receipt: {told}")
        check(time.monotonic() - started < SOON, "the receipt comes late")

    def next(self):
        """The next document that came, once it came."""
        for _ in range(SOON * 10):
            documents = self.ask(do="got")["documents"]
            if len(documents) > self.read:
                one = documents[self.read]
                self.read += 1
                check(one["status"] == "processed", f"pyas2lib says {one['status']}")
                return base64.b64decode(one["document"]).decode("latin-1")
            time.sleep(0.1)
        raise reading.Wrong(f"nothing came within {SOON} seconds")

    def close(self):
        """Ends the process."""
        self.process.terminate()
        self.process.wait()


class Buyer:
    """Globex's ERP."""

    def __init__(self, dialect, station, seller):
        self.dialect, self.station, self.seller = dialect, station, seller
        self.sent, self.got, self.first = {}, [], None

    def send(self, text, faulty=False):
        """Sends a document and awaits what acknowledges it; gives what that says. Who does not ask
        for a CONTRL gets one only where a fault was made."""
        number = self.dialect.last()
        self.station.send(text)
        if not (self.dialect.asks or faulty):
            until("that it is applied", lambda: self.applied(number))
            self.sent[number] = "7"
            return "7"
        told = reading.read(self.station.next())
        check(told["kind"] == self.dialect.names["ack"], f"not acknowledged: {told['text']}")
        check(told["acknowledges"].lstrip("0") == number, f"{number}: {told['text']}")
        self.dialect.heard(told)
        self.sent[number] = told["answer"]
        self.first = self.first or told["text"]
        return told["answer"]

    def applied(self, number):
        """Whether the seller has worked on an interchange of ours."""
        items = self.seller.get("/edi/interchanges?limit=100")["items"]
        found = [one for one in items if one["direction"] == "in" and one["state"] == "applied"]
        return [one for one in found if one["control_number"].lstrip("0") == number]

    def hear(self, what):
        """Reads the next document, which is of this kind, and acknowledges it."""
        told = reading.read(self.station.next())
        check(told["kind"] == self.dialect.names[what], f"no {what}: {told['text']}")
        self.station.send(self.dialect.acknowledge(told))
        self.got.append(told)
        return told


def until(what, look):
    """Waits until there is something to see."""
    for _ in range(SOON * 10):
        seen = look()
        if seen:
            return seen
        time.sleep(0.1)
    raise reading.Wrong(f"did not happen: {what}")


def opened(seller, place, identifier, folder):
    """The seller's station, and Globex among its partners."""
    own = seller.get("/organisation")
    isa = [{"scheme": "isa", "value": f"ZZ:{writing.SELLER}"}]
    seller.ask("PATCH", "/organisation", {"identifiers": isa}, if_match=f'"{own["revision"]}"')
    told = seller.ask("PUT", "/as2/station", {"name": writing.SELLER})
    way = told["url"].rsplit("/", 1)[1]
    address = place["as2"].removesuffix("/as2") + "/as2/" + way
    station = Station(folder, address, told["keys"][0]["certificate"]["pem"])
    partner = {"name": writing.BUYER, "identifier": identifier, "url": station.url,
               "certificates": station.certificate, "terms": {}}
    seller.post("/as2/partners", partner)
    return station


LINES = [("1", "12", "piece", "89.50", "NW-SENS-28"), ("2", "4", "piece", "310.00", "NW-GATE-2"),
         ("3", "250", "metre", "1.35", "NW-CABLE"), ("4", "2", "piece", "45.00", "NW-CASE")]


class Journey:
    """What happens, step by step; each says what it saw."""

    def __init__(self, place, dialect, station, windows):
        self.place, self.station = place, station
        self.seller, self.partner = windows
        self.buyer, self.dialect = Buyer(dialect, station, self.seller), dialect
        self.order = None

    def orders(self):
        """The orders of Globex at the seller."""
        return [one for one in self.seller.get("/orders")["items"] if one["number"] == "PO-8"]

    def now(self):
        """The order as the seller sees it."""
        return self.seller.get("/orders/" + self.order)

    def act(self, path, **form):
        """The seller does something to the order as it stands."""
        form["revision"] = self.now()["revision"]
        return self.seller.post(f"/orders/{self.order}/{path}", form)

    def cards(self, who):
        """What the room tells of the order."""
        events = who.get(f"/rooms/{self.place['room']}/events?limit=100")["items"]
        return [one["detail"] for one in events if one["kind"] == "order"]

    def card(self, state):
        """Both companies of the deal see the card of the order, in this state."""
        for who in (self.seller, self.partner):
            seen = lambda: [one for one in self.cards(who) if one.get("state") == state]
            until(f"a card that says {state}", seen)

    def ordered_with_a_wrong_unit(self):
        """Line 3 has a unit that nobody knows: nothing is ordered, and it waits for a person."""
        wrong = [*LINES]
        wrong[2] = ("3", "250", "wrong", "1.35", "NW-CABLE")
        deal = self.place["deal"].removeprefix("deal_").upper()
        self.paper = self.dialect.order("PO-8", deal, wrong)
        answer = self.buyer.send(self.paper, faulty=True)
        check(not self.dialect.taken(answer), f"a wrong unit is taken: {answer}")
        check(not self.orders(), "what is wrong was ordered")
        waits = self.seller.get("/edi/interchanges?limit=50")["items"]
        waits = [one for one in waits if one["state"] in ("quarantined", "rejected")]
        check(len(waits) == 1, f"{len(waits)} wait")
        self.came = waits[0]
        told = json.dumps(self.came["faults"])
        check(self.dialect.units["wrong"] in told, f"the fault does not show it: {told}")
        return f"{self.came['kind']} waits: {self.came['faults'][0]['text']}"

    def mended(self):
        """The seller mends the unit where it stands, and the order is there."""
        way = f"/edi/interchanges/{self.came['id']}"
        raw = self.seller.get(way + "/raw")
        wrong, right = (self.dialect.units[it].encode() for it in ("wrong", "metre"))
        check(raw.count(wrong) == 1, "the bytes are others")
        edit = {"at": raw.index(wrong), "length": len(wrong), "text": right.decode()}
        mend = {"sha256": self.came["sha256"], "edits": [edit], "reason": "They mean metres"}
        seen = self.seller.post(way + "/mend/preview", mend)
        check(seen["faults"] == [], f"still wrong: {seen}")
        done = self.seller.post(way + "/mend", mend)["items"][0]
        check(done["state"] == "applied", f"not applied: {done}")
        self.order = self.orders()[0]["id"]
        check(self.now()["total_minor"] == 274_150, f"it comes to {self.now()['total_minor']}")
        if not self.now()["deal"]:
            # mock-edi has no place for the deal's name: the seller puts it there.
            self.seller.post(f"/orders/{self.order}/deal", {"deal": self.place["deal"]})
        self.card("received")
        return "mended, applied; a card in the room"

    def twice(self):
        """The same bytes, and the same content under new numbers, order nothing more."""
        self.station.send(self.paper)
        until("the duplicate", lambda: self.states()["duplicate"] == 1)
        told = reading.read(self.station.next())
        check(told["text"] == self.buyer.first, f"answered otherwise: {told['text']}")
        self.right = self.paper.replace(self.dialect.units["wrong"], self.dialect.units["metre"])
        self.dialect.number = str(int(self.dialect.last()) + 1000)
        again = self.dialect.numbered(self.right, int(self.dialect.number))
        answer = self.buyer.send(again)
        check(self.dialect.taken(answer), f"the same order is refused: {answer}")
        orders = self.orders()
        check(len(orders) == 1, f"{len(orders)} orders")
        return "the same numbers: a duplicate; new numbers: known; one order"

    def states(self):
        """How many interchanges stand where, at the seller."""
        items = self.seller.get("/edi/interchanges?limit=100")["items"]
        found = dict.fromkeys(("duplicate", "applied", "rejected"), 0)
        for one in items:
            found[one["state"]] = found.get(one["state"], 0) + 1
        return found

    def answered(self):
        """The seller takes line 2 with less, later; Globex reads so."""
        lines = [{"line": name, "decision": "accept"} for name in "134"]
        lines.append({"line": "2", "decision": "change", "quantity": "3",
                      "requested_on": "2026-12-24"})
        self.act("answer", lines=lines, note="One gate follows in January")
        told = self.buyer.hear("answer")
        check(told["order"] == "PO-8", f"about {told['order']}")
        confirmed = {name: self.confirmed(line) for name, line in told["lines"].items()}
        check(confirmed == {"1": Decimal(12), "2": Decimal(3), "3": Decimal(250), "4": Decimal(2)},
              f"confirmed {confirmed}: {told['text']}")
        check("20261224" in told["text"], "the new day is missing")
        self.card("accepted_with_change")
        return f"{told['kind']} {told['answer']}: 3 of 4 gates"

    @staticmethod
    def confirmed(line):
        """How much an answer confirms of a line."""
        if line.get("quantities"):
            return line["quantities"].get("113", line["quantity"])
        kept = [how for says, how, _, _ in line["says"] if says not in ("IR", "ID", "IH")]
        return sum(kept, Decimal(0))

    def changed(self):
        """Globex wants more of one, a better price, one line less, and one more."""
        more = ("1", "15", "piece", "89.50", "NW-SENS-28")
        price = ("3", "250", "metre", "1.20", "NW-CABLE")
        gone = ("4", "0" if self.dialect.names["order"] == "850" else "2", "piece", "45.00",
                "NW-CASE")
        new = ("5", "6", "piece", "9.90", "NW-CAP")
        lines = [("more", "3", more), ("price", "0", price), ("deleted", "2", gone),
                 ("added", "6", new)]
        answer = self.buyer.send(self.dialect.change("PO-8-C1", "PO-8", lines))
        check(self.dialect.taken(answer), f"the change is refused: {answer}")
        asked = self.seller.get(f"/orders/{self.order}/changes")["items"]
        check([one["state"] for one in asked] == ["asked"], f"{asked}")
        kinds = {one["line"]: one["kind"] for one in asked[0]["lines"]}
        check(kinds == {"1": "changed", "3": "changed", "4": "deleted", "5": "added"}, f"{kinds}")
        told = [one for one in self.cards(self.partner) if "change" in one]
        check(told, "no card of the change")
        return "a change of four lines waits, and the room knows"

    def change_answered(self):
        """The seller agrees to all but the price."""
        lines = [{"line": name, "accept": name != "3"} for name in "1345"]
        self.act("changes/1/answer", lines=lines, note="The price stays")
        told = self.buyer.hear("change_answer")
        check(told["order"] == "PO-8", f"about {told['order']}")
        check(self.now()["total_minor"] == 266_940, f"it comes to {self.now()['total_minor']}")
        agreed = self.agreed(told)
        check(agreed == {"1": True, "3": False, "4": True, "5": True}, f"{agreed}: {told['text']}")
        return f"{told['kind']}: agreed but for the price; the order comes to 2,669.40"

    def agreed(self, told):
        """Whether a change was agreed to, line by line, as it says."""
        if told["kind"] == "865":
            return {name: line["says"][0][0] not in ("IR",) for name, line in told["lines"].items()}
        return {name: line["change"] != "7" for name, line in told["lines"].items()}

    def dispatched(self):
        """Two loads; what Globex counts is what was agreed."""
        loads = [{"1": "10", "2": "3"}, {"1": "5", "3": "250", "5": "6"}]
        counted = {}
        for load in loads:
            lines = [{"line": name, "quantity": much} for name, much in load.items()]
            self.act("shipments", lines=lines, sent_on=self.day(), carrier="DHL Freight",
                     tracking="JD014600003")
            told = self.buyer.hear("dispatch")
            check(told["order"] == "PO-8", f"about {told['order']}")
            for name, line in told["lines"].items():
                counted[name] = counted.get(name, Decimal(0)) + line["quantity"]
        wanted = {"1": Decimal(15), "2": Decimal(3), "3": Decimal(250), "5": Decimal(6)}
        check(counted == wanted, f"counted {counted}")
        self.card("shipped")
        return "two loads, as agreed"

    @staticmethod
    def day():
        """Today, as the API writes it."""
        return time.strftime("%Y-%m-%d", time.gmtime())

    def invoiced(self):
        """The invoice; Globex adds it up itself."""
        lines = [{"line": name, "quantity": much, "tax_percent": "19"}
                 for name, much in (("1", "15"), ("2", "3"), ("3", "250"), ("5", "6"))]
        bill = self.act("invoices", lines=lines, issued_on=self.day(), terms="30 days net")
        told = self.buyer.hear("invoice")
        check((told["order"], told["number"]) == ("PO-8", bill["number"]), told["text"])
        # 1,342.50 + 930.00 + 337.50 + 59.40, and 19 % of it.
        sums = (told["net"], told["tax"], told["total"])
        check(sums == (Decimal("2669.40"), Decimal("507.19"), Decimal("3176.59")), f"{sums}")
        check(bill["total_minor"] == 317_659, f"the hub says {bill['total_minor']}")
        return f"{told['kind']} {told['number']}: {told['total']} adds up"

    def ended(self):
        """The order is closed, and nothing waits on either side."""
        self.act("close", reason="Paid, as the bank says")
        check(self.now()["state"] == "closed", self.now()["state"])
        self.card("closed")
        kinds = [one["kind"] for one in self.buyer.got]
        check(len(kinds) == 5 and len({one["interchange"] for one in self.buyer.got}) == 5, kinds)
        over = lambda: not self.open()
        try:
            until("the end of all papers", over)
        except reading.Wrong:
            raise reading.Wrong(f"these papers have no end: {self.open()}")
        receipts = self.station.ask(do="got")["documents"]
        check(self.station.read == len(receipts), "something came that nobody awaited")
        refused = [number for number, answer in self.buyer.sent.items()
                   if not self.dialect.taken(answer)]
        check(refused == ["1"], f"refused: {refused}")
        messages = self.seller.get("/as2/messages?limit=100")["items"]
        ends = {one["state"] for one in messages}
        check(ends == {"taken", "delivered"}, f"messages: {ends}")
        books = self.dialect.ended("PO-8")
        # It had ordered 4 gates and asked for another price. A line that it deleted it does not
        # know any more; and where a change is refused in an 865 (ACK01 IR), it takes the whole line
        # for refused, as if the order did not stand.
        gone = [("confirmed-less", "2"), ("confirmed-unknown-line", "4")]
        known = {"850": [("confirmed-less", "3"), ("shipped-more-than-confirmed", "3")],
                 "ORDERS": [("price-differs", "3")]}[self.dialect.names["order"]]
        check(books is None or books == sorted(gone + known), f"mock-edi disagrees: {books}")
        return f"{len(messages)} messages, all receipted; {self.states()}"

    def open(self):
        """The seller's papers that wait for something."""
        items = self.seller.get("/edi/interchanges?limit=100")["items"]
        left = []
        for one in items:
            ack = one["kind"] in ("997", "CONTRL")
            inward = one["direction"] == "in" and one["state"] in ("applied", "duplicate")
            outward = one["direction"] == "out" and one["state"] == "sent"
            acked = bool(one["acknowledged_by"]) or ack or one["state"] == "duplicate"
            acked = acked or (one["direction"] == "in" and not self.dialect.asks)
            due = one["acknowledge_by"] or one["overdue"]
            if not (inward or outward) or not acked or due:
                left.append((one["direction"], one["kind"], one["state"]))
        return left

    def play(self):
        """All of it."""
        for step in (self.ordered_with_a_wrong_unit, self.mended, self.twice, self.answered,
                     self.changed, self.change_answered, self.dispatched, self.invoiced,
                     self.ended):
            print(f"{step.__name__.replace('_', ' ')}: {step()}", flush=True)


def left_over(seller):
    """What the seller sees of papers and messages that did not go well."""
    papers = seller.get("/edi/interchanges?limit=100")["items"]
    papers = [(one["direction"], one["kind"], one["state"], one["faults"]) for one in papers]
    messages = seller.get("/as2/messages?limit=100")["items"]
    messages = [(one["direction"], one["state"], one["why"]) for one in messages if one["why"]]
    return json.dumps([papers, messages], indent=1)


def main():
    """A hub, a seller, a buyer, a trade."""
    dialects = {"X12": writing.X12, "EDIFACT": writing.Edifact}
    words = sys.argv[1:]
    if not words or words[0] not in dialects or words[1:] not in ([], ["mocked"]):
        print(__doc__, file=sys.stderr)
        return 2
    place = json.loads(sys.stdin.readline())
    windows = [Window(place["web"], place[who]) for who in ("seller", "partner")]
    with tempfile.TemporaryDirectory(prefix="entente-journey-") as folder:
        dialect = dialects[words[0]]()
        if words[1:]:
            dialect = mocked.Mocked(dialect)
        station = opened(windows[0], place, dialect.identifier, pathlib.Path(folder))
        try:
            Journey(place, dialect, station, windows).play()
        except reading.Wrong as wrong:
            print(f"goes otherwise: {wrong}", flush=True)
            print(left_over(windows[0]), flush=True)
            return 1
        finally:
            station.close()
            dialect.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
