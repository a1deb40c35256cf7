"""Trades with mock-edi, a trading partner that is not ours: `conversations.py [--play] [X12|EDIFACT] ENTENTE`.

mock-edi runs as a process of its own and is talked to over HTTP. As a seller it gets our orders
(850, ORDERS) and a change (860, ORDCHG); as a buyer it orders from us, and we confirm, ship and
invoice. In each of its sixteen ways to behave and in both dialects, everything that it sends is
judged by `entente edi validate` and answered by `entente edi ack`, and it judges all that we write.

`conversations.tsv` has a line for each conversation: way, dialect, what is said (`>` by us, `<` by
it; behind a colon our answer, or that it refused), and what we make of this way. A line `fault`
has a document, what is found in it, and why. Exits with 1 where a conversation goes otherwise,
where something is found without a reason, and where a reason is about nothing. With `--play` it
prints what happens and compares nothing.
"""

import functools
import json
import pathlib
import re
import socket
import subprocess
import sys
import time

from mockedi.testing import Mock, MockError

HERE = pathlib.Path(__file__).parent
SAMPLES = HERE.parents[2] / "protocol/trade/tests/samples"
SELLS = ("accept", "corrupt", "duplicate-invoice", "late", "no-ack", "no-invoice", "out-of-order",
         "over-ship", "reject-ack", "reject-all", "reject-line", "short-ship", "strict")
BUYS = ("accept", "cancel-late", "change-after-confirm", "corrupt", "duplicate-order", "late",
        "no-ack", "reject-ack", "strict")
VERSION = {"X12": "004010", "EDIFACT": "D:96A:UN"}


class Partner:
    """mock-edi, and our command line against it."""

    def __init__(self, entente, *identity):
        self.entente = entente
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        program = pathlib.Path(sys.executable).with_name("mock-edi")
        # Our command line numbers each file from 1, as the hub does not.
        options = ["--port", str(port), "--allow-duplicates", "-q", "--no-request-log",
                   "--start-at", "2026-11-22T09:00:00Z", "--despatch-delay", "3600000",
                   "--invoice-delay", "7200000", *identity]
        self.process = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
        self.mock = Mock(f"http://127.0.0.1:{port}")
        for _ in range(100):
            try:
                self.mock.get("/_mock/health")
                return
            except OSError:
                time.sleep(0.1)
        sys.exit("mock-edi does not start")

    def close(self):
        """Ends the process."""
        self.mock.disconnect()
        self.process.terminate()
        self.process.wait()

    def edi(self, *words, file):
        """What our command line prints."""
        command = [self.entente, "edi", *words, "-"]
        return subprocess.run(command, input=file, capture_output=True, check=False).stdout

    def verdict(self, file):
        """The rules that a file breaks, by us."""
        found = set()
        for line in self.edi("validate", "--json", file=file).decode().splitlines():
            told = json.loads(line)
            for about in told.values():
                faults = about.get("faults", []) if isinstance(about, dict) else []
                found |= {one["rule"] for one in faults if one["weight"] == "error"}
        return sorted(found)


class Conversation:
    """What is said, word by word."""

    def __init__(self, partner, way, dialect, them):
        self.partner, self.them = partner, them
        self.said, self.found = [], set()
        partner.mock.reset()
        partner.mock.partner(
            them, dialect=dialect, version=VERSION[dialect], behaviour=way
        )

    def say(self, file):
        """Sends a file of ours."""
        kind = re.search(rb"ST\*(\d+)|UNH\+[^+]*\+([A-Z]{6})", file)
        code = (kind.group(1) or kind.group(2)).decode()
        try:
            told = self.partner.mock.send(file.decode("latin-1"))
        except MockError as refusal:
            told = refusal.body
        sets = told.get("transactionSets", [])
        taken = told.get("accepted", False) and all(one["accepted"] for one in sets)
        self.said.append(f">{code}" + ("" if taken else ":refused"))
        notes = [note for one in sets for note in one.get("findings", [])]
        notes = [note if isinstance(note, str) else note["note"] for note in notes]
        for note in notes:
            if note != "one or more segments in error":
                self.found.add((f">{code}", re.sub(r"@\d+| accepts.*", "", note)))

    def hear(self, later=True):
        """Collects what there is, judges and answers it; what was not acknowledgement."""
        heard = []
        if later:
            self.partner.mock.advance(everything=True)
        for document in self.partner.mock.mailbox(partner=self.them, leave=False):
            file = document["payload"].encode("latin-1", "replace")
            answer, code = self.partner.edi("ack", file=file), document["code"]
            self.said.append(f"<{code}" + (f":{action(answer)}" if answer.strip() else ""))
            for rule in self.partner.verdict(file):
                self.found.add((f"<{code}", rule))
            if answer.strip():
                self.say(answer)
            if document["kind"] != "acknowledgment":
                heard.append((code, file))
        return heard


def action(answer):
    """What an acknowledgement of ours says of the one set that came."""
    for segment in answer.replace(b"\n", b"").replace(b"~", b"'").split(b"'"):
        elements = re.split(rb"[*+]", segment)
        if elements[0] == b"AK5":
            return elements[1].decode()
        if elements[0] == b"UCM":
            return elements[3].decode()
    return "?"


@functools.cache
def ours(partner, sample, dialect):
    """A sample of a buyer, written anew by us in a dialect."""
    file = (SAMPLES / sample).read_bytes()
    # Twice, so that it is our writer that wrote it.
    there = partner.edi("convert", "--to", "edifact", file=file)
    return there if dialect == "EDIFACT" else partner.edi("convert", "--to", "x12", file=there)


def sell(partner, way, dialect):
    """We buy: an order, and in the plainest way a change before the goods leave."""
    talk = Conversation(partner, way, dialect, "ACME")
    talk.say(ours(partner, "850_mock_in.edi", dialect))
    if way == "accept":
        talk.hear(later=False)
        talk.say(ours(partner, "860_mock_in.edi", dialect))
    talk.hear()
    return talk


def answer_to(partner, order, dialect, kind):
    """A document of ours about an order that we got."""
    read = json.loads(partner.edi("convert", "--to", "json", file=order))
    about = {"kind": "order", "number": read["number"], "date": read.get("date")}
    lines = []
    for line in read["lines"]:
        keep = ("number", "quantity", "unit", "products", "description")
        made = {name: line[name] for name in keep if name in line}
        if kind != "dispatch_advice" and "price" in line:
            made["price"] = line["price"]
        if kind == "order_answer":
            made["confirmations"] = [{"status": "accepted", "quantity": line["quantity"],
                                      "unit": line["unit"]}]
        if kind == "dispatch_advice":
            made["package"] = "1"
        lines.append(made)
    made = {"entente": "trade/1", "kind": kind, "number": "OUR-1", "date": "2026-11-23",
            "purpose": "original", "about": about, "parties": read.get("parties", []),
            "lines": lines}
    if kind == "order_answer":
        made["answer"] = "accepted"
    if kind != "dispatch_advice":
        made["currency"] = read.get("currency", "USD")
    if kind == "dispatch_advice":
        made["packages"] = [{"number": "1", "kind": "carton", "count": "1"}]
        made["dates"] = [{"kind": "shipped", "date": "2026-11-23"}]
    if kind == "invoice":
        made["amounts"] = [{"kind": "total", "amount": "1250"}]
    file = partner.edi("convert", "--to", dialect.lower(), file=json.dumps(made).encode())
    pads = {b"SENDER         ": b"NORTHWIND      ", b"RECEIVER       ": b"MOCKEDI        ",
            b"SENDER": b"NORTHWIND", b"RECEIVER": b"MOCKEDI"}
    for before, after in pads.items():
        file = file.replace(before, after)
    return file


def buy(partner, way, dialect):
    """We sell: an order comes, and we confirm, ship and invoice it."""
    talk = Conversation(partner, way, dialect, "NORTHWIND")
    wish = {"partner": "NORTHWIND", "po_number": "4500001001", "requested_on": "2026-10-15",
            "lines": [{"sku": "WIDGET-001", "quantity": "100", "uom": "EA", "price": "12.50"}]}
    partner.mock.expect("POST", "/_mock/purchase", wish, status=201)
    heard = talk.hear()
    orders = [file for code, file in heard if code in ("850", "ORDERS")]
    for kind in ("order_answer", "dispatch_advice", "invoice"):
        if orders and way != "corrupt":
            talk.say(answer_to(partner, orders[0], dialect, kind))
            talk.hear()
    return talk


def expected(dialects):
    """The conversations in these dialects, and the reasons of what is found in documents."""
    talks, reasons = {}, {}
    for line in (HERE / "conversations.tsv").read_text().splitlines():
        cells = line.split("\t")
        if line.startswith(("#", "way\t")) or len(cells) != 4 or not cells[3]:
            continue
        spoken = cells[1]
        if cells[0] == "fault":
            spoken = "X12" if cells[1][1:].isdigit() else "EDIFACT"
        if spoken not in dialects:
            continue
        if cells[0] == "fault":
            reasons[cells[1], cells[2]] = cells[3]
        else:
            talks[cells[0], cells[1]] = cells[2]
    return talks, reasons


def main():
    """All conversations."""
    words = sys.argv[1:]
    if not words:
        print(__doc__, file=sys.stderr)
        return 2
    dialects = [dialect for dialect in VERSION if dialect in words] or list(VERSION)
    partner, talks, found = Partner(words[-1]), {}, set()
    try:
        for dialect in dialects:
            for name, play, ways in (("sells", sell, SELLS), ("buys", buy, BUYS)):
                for way in ways:
                    talk = play(partner, way, dialect)
                    talks[f"{name}: {way}", dialect] = " ".join(talk.said)
                    found |= talk.found
    finally:
        partner.close()
    if words[0] == "--play":
        for (way, dialect), said in talks.items():
            print(f"{way}\t{dialect}\t{said}\t")
        for document, what in sorted(found):
            print(f"fault\t{document}\t{what}\t")
        return 0
    wanted, reasons = expected(dialects)
    wrong = [f"goes otherwise: {way}\t{dialect}\t{said}\n    expected: {wanted.get((way, dialect))}"
             for (way, dialect), said in talks.items() if wanted.get((way, dialect)) != said]
    wrong += [f"does not happen: {one}" for one in wanted if one not in talks]
    wrong += [f"no reason: {one}\t{what}" for one, what in sorted(found - reasons.keys())]
    wrong += [f"about nothing: {one}\t{what}" for one, what in sorted(reasons.keys() - found)]
    documents = sum(len(said.split()) for said in talks.values())
    ways = {way.split(": ")[1] for way, _ in talks}
    print(f"{len(ways)} ways to behave, {len(talks)} conversations, {documents} documents, "
          f"{len(wrong)} to be looked at")
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
