"""Shows X12 files to validators that are not ours: `check_x12.py FILE...`.

x12-doctor looks at every file, mock-edi at the sets it knows, pyx12 at 997. Prints one line a file
and validator; exits with 1 when one of them refuses a file, with 2 for no files.

Where a validator is wrong, its finding is left out here, with the reason:
- x12-doctor C01 and C03 say that a 997 reports a rejection: that is its content, not a fault.
- x12-doctor A05 finds separators unusual that ISA declares, and B04 counts SN1 in an 856, of which
  CTT01 counts the HL.
- x12-doctor A11 takes a TA1 between ISA and GS for a stray: ASC X12.5 puts it just there.
- pyx12 has the 997 of health care only and takes no TA1 before GS, so it is shown AK1 and AK2 with
  codes that its map knows, and no TA1; nor does it know ISA07 with 12, a telephone number.
- mock-edi knows a part of the code lists; a code that it does not know is no fault.
"""

import io
import json
import logging
import pathlib
import re
import subprocess
import sys
import tempfile

import pyx12.params
import pyx12.x12n_document
from mockedi import validate, x12

NO_FAULT = {"A05", "A11", "C01", "C03"}


def doctor(path):
    """x12-doctor: every finding is a refusal, a remark too."""
    program = pathlib.Path(sys.executable).with_name("x12doctor")
    command = [program, "check", path, "--format", "json"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode == 0:
        return []
    try:
        findings = json.loads(answer.stdout)["findings"]
    except (json.JSONDecodeError, KeyError, TypeError):
        return [(answer.stdout + answer.stderr).strip()]
    found = [one for one in findings if one["code"] not in NO_FAULT]
    found = [one for one in found if "SN1 segments" not in one["message"]]
    return [f"{one['code']}: {one['message']}" for one in found]


def pyx12_map(text):
    """pyx12: only for a 997, the one set of ours that it has a map for."""
    if "*997*" not in text:
        return None
    text = re.sub(r"AK1\*[A-Z]{2}\*", "AK1*HC*", text)
    text = re.sub(r"AK2\*[0-9]{3}\*", "AK2*837*", text)
    text = re.sub(r"TA1\*[^~]*~\s*", "", text)
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    logging.getLogger("pyx12").addHandler(handler)
    with tempfile.TemporaryFile("w+") as answer:
        param = pyx12.params.params()
        good = pyx12.x12n_document.x12n_document(param, io.StringIO(text), answer, None)
    logging.getLogger("pyx12").removeHandler(handler)
    found = [line for line in log.getvalue().splitlines() if "Interchange ID Qualifier" not in line]
    return [] if good else found


def mock(text):
    """mock-edi: a trading partner; it knows no quotes."""
    if "*840*" in text or "*843*" in text or "ST*" not in text:
        return None
    report = validate.validate(x12.parse(text))
    if report.clean:
        return []
    found = [
        f"{segment.tag}{element.position:02}: {element.note}"
        for message in report.messages
        for segment in message.segments
        for element in segment.elements
        if "is not a code" not in element.note
    ]
    found += [note for message in report.messages for _, note in message.set_errors]
    found = [note for note in found if note != "one or more segments in error"]
    return found + [str(one) for one in report.envelope_errors]


def main(paths):
    """One verdict a line."""
    if not paths:
        print(__doc__, file=sys.stderr)
        return 2
    refused = 0
    for path in paths:
        with open(path, encoding="latin-1", newline="") as file:
            text = file.read()
        verdicts = {"x12-doctor": doctor(path), "pyx12": pyx12_map(text), "mock-edi": mock(text)}
        for name, findings in verdicts.items():
            if findings is None:
                continue
            refused += bool(findings)
            print(f"{path}: {name}: {'; '.join(findings) or 'taken'}")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
