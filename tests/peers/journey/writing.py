"""What a buyer's ERP writes: orders, changes and acknowledgements, in X12 004010 and EDIFACT D.96A.

Templates of its own, told by nothing of ours. A line is `(name, quantity, unit, price, product)`.
"""

import datetime
import re

BUYER, SELLER = "GLOBEX", "NORDWIND"


def today():
    """The day, as both syntaxes write it."""
    return datetime.date.today().strftime("%Y%m%d")


class X12:
    """Writes X12."""

    names = {"order": "850", "ack": "997", "change": "860", "answer": "855", "change_answer": "865",
             "dispatch": "856", "invoice": "810"}
    units = {"piece": "EA", "metre": "MR", "wrong": "ZQ"}
    asks = True
    identifier = f"ZZ:{BUYER}"
    functional = {"850": "PO", "860": "PC", "997": "FA"}

    def __init__(self):
        self.number = 0

    def wrap(self, kind, segments):
        """One set in an interchange with the next number."""
        self.number = int(self.number) + 1
        number, day = self.number, today()
        body = [f"ST*{kind}*{number:04}", *segments, f"SE*{len(segments) + 2}*{number:04}"]
        return "~".join([
            f"ISA*00*          *00*          *ZZ*{BUYER:<15}*ZZ*{SELLER:<15}*{day[2:]}*0930*U*00401"
            f"*{number:09}*0*P*>",
            f"GS*{self.functional[kind]}*{BUYER}*{SELLER}*{day}*0930*{number}*X*004010", *body,
            f"GE*1*{number}", f"IEA*1*{number:09}", "",
        ])

    def close(self):
        """Nothing is open."""

    def heard(self, told):
        """What came is read by others."""

    def ended(self, order):
        """This ERP keeps no books of its own."""

    def last(self):
        """By what its acknowledgement will name the last one."""
        return str(self.number)

    def order(self, number, deal, lines):
        """An 850."""
        segments = [f"BEG*00*SA*{number}**{today()}", "CUR*BY*EUR", f"REF*CT*{deal}",
                    "N1*BY*Globex*92*GLOBEX"]
        segments += [f"PO1*{name}*{quantity}*{self.units[unit]}*{price}**VP*{product}"
                     for name, quantity, unit, price, product in lines]
        return self.wrap("850", [*segments, f"CTT*{len(lines)}"])

    def change(self, number, order, lines):
        """An 860; `lines` are (what, by how many, line)."""
        code = {"more": "QI", "price": "PC", "deleted": "DI", "added": "AI"}
        segments = [f"BCH*04*SA*{order}**{number}*{today()}"]
        segments += [
            f"POC*{name}*{code[what]}*{quantity}*{by}*{self.units[unit]}*{price}**VP*{product}"
            for what, by, (name, quantity, unit, price, product) in lines
        ]
        return self.wrap("860", [*segments, f"CTT*{len(lines)}"])

    def acknowledge(self, told):
        """A 997 of what came."""
        return self.wrap("997", [
            f"AK1*{told['functional']}*{told['group']}", f"AK2*{told['kind']}*{told['set']}",
            "AK5*A", "AK9*A*1*1*1",
        ])

    @staticmethod
    def taken(answer):
        """Whether an acknowledgement takes what it is about."""
        return answer in ("A", "E")

    @staticmethod
    def numbered(text, number):
        """The same content under new numbers."""
        text = re.sub(r"\*\d{9}(\*[01]\*[PT]\*)", rf"*{number:09}\1", text, count=1)
        text = re.sub(r"(GS(?:\*[^*]*){5}\*)\d+", rf"\g<1>{number}", text, count=1)
        text = re.sub(r"(GE\*\d+\*)\d+", rf"\g<1>{number}", text, count=1)
        return re.sub(r"(IEA\*\d+\*)\d+", rf"\g<1>{number:09}", text, count=1)


class Edifact:
    """Writes EDIFACT."""

    names = {"order": "ORDERS", "ack": "CONTRL", "change": "ORDCHG", "answer": "ORDRSP", "change_answer": "ORDRSP",
             "dispatch": "DESADV", "invoice": "INVOIC"}
    asks = True
    identifier = f"ZZZ:{BUYER}"
    units = {"piece": "PCE", "metre": "MTR", "wrong": "XQZ1"}

    def __init__(self):
        self.number = 0

    def wrap(self, kind, segments, asks="++++1"):
        """One message in an interchange with the next number."""
        self.number = int(self.number) + 1
        body = [f"UNH+1+{kind}", *segments, f"UNT+{len(segments) + 2}+1"]
        return "'\n".join([
            f"UNB+UNOC:3+{BUYER}:ZZZ+{SELLER}:ZZZ+{today()[2:]}:0930+{self.number}{asks}", *body,
            f"UNZ+1+{self.number}", "",
        ])

    def close(self):
        """Nothing is open."""

    def heard(self, told):
        """What came is read by others."""

    def ended(self, order):
        """This ERP keeps no books of its own."""

    def last(self):
        """By what its acknowledgement will name the last one."""
        return str(self.number)

    def line(self, name, quantity, unit, price, product, action=""):
        """The segments of a line."""
        return [f"LIN+{name}+{action}+{product}:SA", f"QTY+21:{quantity}:{self.units[unit]}",
                f"PRI+AAA:{price}"]

    def order(self, number, deal, lines):
        """An ORDERS."""
        segments = [f"BGM+220+{number}+9", f"DTM+137:{today()}:102", f"RFF+CT:{deal}",
                    "NAD+BY+GLOBEX::92++Globex", "CUX+2:EUR:9"]
        for line in lines:
            segments += self.line(*line)
        return self.wrap("ORDERS:D:96A:UN", [*segments, "UNS+S", f"CNT+2:{len(lines)}"])

    def change(self, number, order, lines):
        """An ORDCHG."""
        code = {"more": "3", "price": "3", "deleted": "2", "added": "1"}
        segments = [f"BGM+230+{number}+4", f"DTM+137:{today()}:102", f"RFF+ON:{order}",
                    "NAD+BY+GLOBEX::92++Globex", "CUX+2:EUR:9"]
        for what, _, line in lines:
            segments += self.line(*line, action=code[what])
        return self.wrap("ORDCHG:D:96A:UN", [*segments, "UNS+S", f"CNT+2:{len(lines)}"])

    def acknowledge(self, told):
        """A CONTRL of what came."""
        message = ":".join(told["version"][:4])
        return self.wrap("CONTRL:D:3:UN", [
            f"UCI+{told['interchange']}+{SELLER}:ZZZ+{BUYER}:ZZZ+7",
            f"UCM+{told['set']}+{message}+7",
        ], asks="")

    @staticmethod
    def taken(answer):
        """Whether an acknowledgement takes what it is about."""
        return answer in ("7", "8")

    @staticmethod
    def numbered(text, number):
        """The same content under new numbers."""
        text = re.sub(r"(UNB(?:\+[^+]*){4}\+)\d+", rf"\g<1>{number}", text, count=1)
        return re.sub(r"(UNZ\+1\+)\d+", rf"\g<1>{number}", text, count=1)
