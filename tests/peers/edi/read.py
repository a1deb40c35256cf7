"""What a reader that is not ours makes of an interchange: pyx12 of X12, pydifact of EDIFACT.

Reads the interchange from stdin. Prints its segments, one a line, elements parted by `|`; exits with
1 and prints what is wrong where the reader finds something.
"""

import io
import sys

import pyx12.x12file
from pydifact.segmentcollection import Interchange


def x12(text):
    reader = pyx12.x12file.X12Reader(io.StringIO(text))
    for segment in reader:
        values = [segment.get_value(f"{place:02}") or "" for place in range(1, len(segment) + 1)]
        yield segment.get_seg_id(), values
    reader.cleanup()
    faults = reader.pop_errors()
    if faults:
        sys.exit("\n".join(map(str, faults)))


def edifact(text):
    interchange = Interchange.from_str(text)
    for message in interchange.get_messages():
        yield "UNH", [message.type, message.version]
        for segment in message.segments:
            parts = [part if isinstance(part, list) else [part] for part in segment.elements]
            yield segment.tag, [":".join(str(one) for one in part) for part in parts]


def main():
    text = sys.stdin.read()
    for tag, values in (x12 if text.startswith("ISA") else edifact)(text):
        print("|".join([tag, *values]))


if __name__ == "__main__":
    main()
