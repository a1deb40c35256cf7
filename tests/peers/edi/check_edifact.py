"""Shows EDIFACT files to readers that are not ours: `check_edifact.py FILE...`.

pydifact reads every file; mock-edi validates the messages that it knows. Prints one line a file and
reader; exits with 1 when one of them refuses a file, with 2 for no files.

Where a reader is wrong, its finding is left out here, with the reason:
- mock-edi knows a part of the code lists; a code that it does not know is no fault.
- mock-edi knows a part of the segments of a message, and no MOA after UNS in ORDERS, where D.96A has
  it; a segment that it does not know is no fault.
"""

import sys
import warnings

from mockedi import edifact, validate
from pydifact.segmentcollection import Interchange

warnings.simplefilter("ignore")  # pydifact warns of directories that it does not have
NO_FAULT = ("is not a code", "is not a segment", "has data element errors", "not at this point")
KNOWN = ("ORDERS", "ORDRSP", "ORDCHG", "DESADV", "INVOIC", "CONTRL")


def pydifact(text):
    """pydifact: the envelope and the number of messages and segments."""
    try:
        interchange = Interchange.from_str(text)
        messages = list(interchange.get_messages())
    except Exception as refusal:  # the library raises what it likes
        return [repr(refusal)]
    return [] if messages else ["no message"]


def mock(text):
    """mock-edi: a trading partner."""
    if not any(f"+{kind}:" in text for kind in KNOWN):
        return None
    report = validate.validate(edifact.parse(text))
    found = [
        f"{segment.tag}@{segment.position}: {note}"
        for message in report.messages
        for segment in message.segments
        for note in [segment.note] + [element.note for element in segment.elements]
        if note and not any(known in note for known in NO_FAULT)
    ]
    found += [note for message in report.messages for _, note in message.set_errors]
    found = [note for note in found if "one or more segments in error" not in note]
    return found + [str(one) for one in report.envelope_errors]


def main(paths):
    """One verdict a line."""
    if not paths:
        print(__doc__, file=sys.stderr)
        return 2
    refused = 0
    for path in paths:
        with open(path, "rb") as file:
            raw = file.read()
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            text = raw.decode("latin-1")
        for name, findings in {"pydifact": pydifact(text), "mock-edi": mock(text)}.items():
            if findings is None:
                continue
            refused += bool(findings)
            print(f"{path}: {name}: {'; '.join(findings) or 'taken'}")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
