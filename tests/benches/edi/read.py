"""pyx12 and pydifact, once through a file: bytes, nanoseconds of CPU time, segments."""

import logging
import sys
import time


def pyx12(path):
    import pyx12.x12file

    logging.disable(logging.CRITICAL)
    reader = pyx12.x12file.X12Reader(path)
    return sum(1 for _ in reader)


def pydifact(path):
    from pydifact.segmentcollection import Interchange

    with open(path, encoding="latin-1", newline="") as file:
        return len(Interchange.from_str(file.read()).segments)


def main(what, path):
    with open(path, "rb") as file:
        length = len(file.read())
    start = time.process_time_ns()
    count = {"pyx12": pyx12, "pydifact": pydifact}[what](path)
    print(f"{length}\t{time.process_time_ns() - start}\t{count}")


main(*sys.argv[1:])
