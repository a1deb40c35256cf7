"""A buyer whose ERP is mock-edi, in a process of its own: what it writes goes out by the same AS2
station, what comes is given to it, and what it says of that is what is answered."""

import pathlib
import re
import sys

import writing
from reading import check

sys.path.append(str(pathlib.Path(__file__).parents[1] / "edi"))
from conversations import Partner  # noqa: E402


class Mocked:
    """Writes what mock-edi writes; of a dialect, only its names are ours."""

    def __init__(self, dialect):
        self.names, self.identifier = dialect.names, f"ZZ:{writing.BUYER}"
        self.taken, self.numbered = dialect.taken, dialect.numbered
        # It knows no metres in X12; what is sold by length comes in cases there.
        self.units = {"piece": "EA", "metre": "CA", "wrong": dialect.units["wrong"]}
        if dialect.names["order"] == "ORDERS":
            self.units.update(piece="PCE", metre="MTR")
        self.partner = Partner("", "--as2-id", writing.BUYER, "--name", "Globex")
        self.mock = self.partner.mock
        self.is_x12 = dialect.names["order"] == "850"
        self.number = "0"
        # Its EDIFACT asks for no CONTRL (0031 of UNB).
        self.asks = self.is_x12
        supplier = {"id": writing.SELLER, "name": "Nordwind", "role": "supplier"}
        if not self.is_x12:
            supplier |= {"dialect": "EDIFACT", "version": "D:96A:UN"}
        told = self.mock.post("/_mock/partners", supplier)
        if told.status != 201:
            self.close()
            sys.exit(f"mock-edi takes no partner: {told.body}")

    def close(self):
        """Ends its process."""
        self.partner.close()

    def next(self, kind):
        """What it has to send, one document of this kind."""
        self.mock.advance(everything=True)
        waiting = self.mock.mailbox(partner=writing.SELLER, leave=False)
        check([one["code"] for one in waiting] == [kind], f"mock-edi sends {waiting}, no {kind}")
        self.number = str(int(waiting[0]["control"]))
        return waiting[0]["payload"]

    def last(self):
        """The number of the last interchange."""
        return self.number

    def order(self, number, _deal, lines):
        """It orders; the clerk who types a wrong unit sits behind it."""
        wish = [{"line": name, "sku": product, "quantity": quantity, "price": price,
                 "uom": self.units["metre" if unit == "wrong" else unit]}
                for name, quantity, unit, price, product in lines]
        self.mock.expect("POST", "/_mock/purchase", {
            "partner": writing.SELLER, "po_number": number, "currency": "EUR", "lines": wish,
        }, status=201)
        text = self.next(self.names["order"])
        right, wrong = self.units["metre"], self.units["wrong"]
        mark = "*" if self.is_x12 else ":"
        check(text.count(f"{mark}{right}") == 1, f"its units are others: {text}")
        return text.replace(f"{mark}{right}", f"{mark}{wrong}")

    def change(self, _number, order, lines):
        """It changes its order."""
        wish = []
        for what, _, (name, quantity, unit, price, product) in lines:
            line = {"line": name, "quantity": quantity, "price": price}
            if what == "deleted":
                line = {"line": name, "action": "delete"}
            if what == "added":
                line |= {"action": "add", "sku": product, "uom": self.units[unit]}
            wish.append(line)
        path = f"/_mock/purchase/{order}/change?partner={writing.SELLER}"
        self.mock.expect("POST", path, {"lines": wish})
        text = self.next(self.names["change"])
        # It leaves POC04 out, which must stand with POC03 and POC05 (X12.22, POC, C030405).
        return re.sub(r"(POC\*[^*]*\*[A-Z]{2}\*[^*]+\*)\*", r"\g<1>0*", text)

    def heard(self, told):
        """It is given what came, and must take it."""
        answer = self.mock.send(told["text"])
        taken = all(one["accepted"] for one in answer["transactionSets"])
        check(answer["accepted"] and taken, f"mock-edi refuses {told['text']}: {answer}")

    def acknowledge(self, told):
        """Its own acknowledgement of what came."""
        self.heard(told)
        return self.next(self.names["ack"])

    def ended(self, order):
        """What it says of the order in the end: that less was confirmed, once, is all."""
        told = self.mock.get(f"/_mock/orders/{order}?partner={writing.SELLER}").body
        lines = {one["line"]: one for one in told["reconciliation"]}
        for name, much in (("1", 15), ("2", 3), ("3", 250), ("5", 6)):
            seen = (float(lines[name]["shipped"]), float(lines[name]["billed"]))
            check(seen == (much, much), f"mock-edi counts {lines[name]} of line {name}")
        return sorted((one["rule"], one["line"]) for one in told["disagreements"])
