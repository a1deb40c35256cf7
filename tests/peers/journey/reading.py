"""What a buyer's ERP understands of the documents that come to it, by readers that are not ours:
pyx12 of X12, pydifact of EDIFACT.

`read(text)` gives a dictionary: `kind` (`855`, `ORDRSP` ...), `number` (the document's own),
`order`, `lines` by their names, `interchange` and `group` numbers, and of an invoice its sums. Whatever
a reader finds wrong, and whatever does not add up, is a `Wrong`.
"""

import io
from decimal import Decimal

import pyx12.x12file
from pydifact.segmentcollection import Interchange


class Wrong(Exception):
    """What came is not what a buyer can work with."""


def check(good, what):
    """Refuses what came."""
    if not good:
        raise Wrong(what)


def read(text):
    """One interchange of one document."""
    return x12(text) if text.startswith("ISA") else edifact(text)


def x12(text):
    """An interchange as pyx12 reads it."""
    reader = pyx12.x12file.X12Reader(io.StringIO(text))
    rows = []
    for segment in reader:
        values = [segment.get_value(f"{place:02}") or "" for place in range(1, len(segment) + 1)]
        rows.append((segment.get_seg_id(), values + [""] * 30))
    reader.cleanup()
    faults = reader.pop_errors()
    check(not faults, f"pyx12 finds {faults} in {text}")
    first = dict(reversed([(tag, values) for tag, values in rows]))
    kind = first["ST"][0]
    told = {"kind": kind, "interchange": first["ISA"][12], "group": first["GS"][5],
            "functional": first["GS"][0], "set": first["ST"][1], "text": text, "rows": rows}
    about = {"855": ("BAK", 7, 2), "865": ("BCA", 7, 2), "856": ("BSN", 1, None),
             "810": ("BIG", 1, 3)}
    if kind == "997":
        told["acknowledges"] = first["AK1"][1]
        told["answer"] = first["AK5"][0] if "AK5" in first else first["AK9"][0]
        return told
    check(kind in about, f"a {kind} is not expected")
    tag, number, order = about[kind]
    told["number"] = first[tag][number]
    told["order"] = first[tag][order] if order is not None else first["PRF"][0]
    told["answer"] = first[tag][1]
    told["lines"] = x12_lines(rows)
    if kind == "810":
        x12_sums(told, rows)
    return told


def x12_lines(rows):
    """The lines: of an answer with what is confirmed, of an 856 with what was sent."""
    lines, line, name = {}, None, ""
    for tag, values in rows:
        if tag in ("PO1", "IT1"):
            line = {"quantity": Decimal(values[1] or 0), "unit": values[2],
                    "price": Decimal(values[3] or 0), "product": product(values[5:])}
            lines[values[0]] = line
        elif tag == "POC":
            line = {"change": values[1], "quantity": Decimal(values[2] or 0),
                    "price": Decimal(values[5] or 0), "product": product(values[7:])}
            lines[values[0]] = line
        elif tag == "LIN":
            name = values[0]
        elif tag == "SN1":
            line = lines.setdefault(name, {"quantity": Decimal(0), "unit": values[2]})
            line["quantity"] += Decimal(values[1])
        elif tag == "ACK":
            line.setdefault("says", []).append(
                (values[0], Decimal(values[1] or 0), values[2], values[4])
            )
    return lines


def product(values):
    """The seller's number for it."""
    pairs = dict(zip(values[::2], values[1::2]))
    return pairs.get("VP") or pairs.get("VN") or ""


def x12_sums(told, rows):
    """The sums of an 810: each line, each tax, each charge, and what is to be paid."""
    goods = sum(cents(line["quantity"] * line["price"]) for line in told["lines"].values())
    # In the summary, and not said of a line.
    place = [at for at, (tag, _) in enumerate(rows) if tag == "TDS"]
    check(len(place) == 1, "an 810 has one TDS")
    tax = sum((Decimal(values[1]) for tag, values in rows[place[0]:] if tag == "TXI"), Decimal(0))
    total = Decimal(rows[place[0]][1][0]) / 100
    told.update(net=goods, tax=tax, total=total)
    check(goods + tax == total, f"{goods} and {tax} tax are not {total}")


def cents(amount):
    """Rounded once, halves up, as both sides agreed."""
    return amount.quantize(Decimal("0.01"), "ROUND_HALF_UP")


def edifact(text):
    """An interchange as pydifact reads it."""
    interchange = Interchange.from_str(text)
    head = interchange.get_header_segment().elements
    rows = []
    for segment in interchange.segments if hasattr(interchange, "segments") else []:
        rows.append((segment.tag, parts(segment)))
    kind = next((values[1][0] for tag, values in rows if tag == "UNH"), None)
    check(kind, f"pydifact finds no message in {text}")
    first = dict(reversed([(tag, values) for tag, values in rows]))
    told = {"kind": kind, "interchange": head[4], "set": first["UNH"][0][0], "text": text,
            "rows": rows, "version": first["UNH"][1]}
    counts(rows, text)
    if kind == "CONTRL":
        told["acknowledges"] = first["UCI"][0][0]
        told["answer"] = (first["UCM"][2] if "UCM" in first else first["UCI"][3])[0]
        return told
    told["number"] = first["BGM"][1][0]
    told["answer"] = first["BGM"][3][0]
    named = [values[0][1] for tag, values in rows if tag == "RFF" and values[0][0] == "ON"]
    check(named, f"it names no order: {text}")
    told["order"] = named[0]
    told["lines"] = edifact_lines(rows)
    if kind == "INVOIC":
        edifact_sums(told, rows)
    return told


def parts(segment):
    """The elements of a segment, each a list of components, and empty ones behind."""
    elements = [one if isinstance(one, list) else [one] for one in segment.elements]
    return [one + [""] * 6 for one in elements] + [[""] * 6] * 12


def counts(rows, text):
    """What UNT says of the message is so."""
    start = next(at for at, (tag, _) in enumerate(rows) if tag == "UNH")
    ends = [(at, values) for at, (tag, values) in enumerate(rows) if tag == "UNT"]
    if ends:
        at, values = ends[0]
        check(int(values[0][0]) == at - start + 1, f"UNT miscounts {text}")


def edifact_lines(rows):
    """The lines, as in X12."""
    lines, line = {}, None
    for tag, values in rows:
        if tag == "LIN":
            line = lines.setdefault(values[0][0], {"says": [], "amounts": {}, "quantities": {}})
            line["change"], line["product"] = values[1][0], values[2][0]
        elif tag == "UNS":
            line = None
        elif line is not None and tag == "QTY":
            kind, quantity, unit = values[0][0], Decimal(values[0][1]), values[0][2]
            line["unit"] = unit
            line["quantities"][kind] = line["quantities"].get(kind, Decimal(0)) + quantity
        elif line is not None and tag == "PRI":
            line["price"] = Decimal(values[0][1])
        elif line is not None and tag == "MOA":
            line["amounts"][values[0][0]] = Decimal(values[0][1])
    for line in lines.values():
        own = [one for kind, one in line["quantities"].items() if kind in ("21", "12", "47")]
        line["quantity"] = own[0] if own else Decimal(0)
    return lines


def edifact_sums(told, rows):
    """The sums of an INVOIC, as of an 810."""
    for name, line in told["lines"].items():
        line["amount"] = cents(line["quantity"] * line["price"])
        stated = line["amounts"].get("203", line["amount"])
        check(stated == line["amount"], f"line {name}: {line} in {told['text']}")
    goods = sum(line["amount"] for line in told["lines"].values())
    at = next(at for at, (tag, _) in enumerate(rows) if tag == "UNS")
    sums = {}
    for tag, values in rows[at:]:
        if tag == "MOA":
            sums.setdefault(values[0][0], Decimal(values[0][1]))
    total, tax = sums.get("9", sums.get("77", sums.get("139"))), sums.get("124", sums.get("176"))
    check(None not in (total, tax), f"sums are missing: {sums}")
    told.update(net=goods, tax=tax, total=total)
    check(goods + tax == total, f"{goods} and {tax} tax are not {total}: {told['text']}")
