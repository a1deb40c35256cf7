"""What other readers say of a folder of EDI files, beside what we say, as one table.

    oracles.py [--folder FOLDER] [--reasons FILE] [--readers NAME...] ENTENTE EDIFACT_RS

ENTENTE is our binary, EDIFACT_RS the program in `edifact-rs/`. A reader takes a file (`ok`), finds
faults (their codes) or has no opinion (`.`): another dialect, or a set that it has no grammar for.
Where a reader that has an opinion differs from ours, `reasons.tsv` has a line of file, reader,
finding and reason; `@word` is a reason that stands at the head of that file, for many lines, and
the file may be a pattern, such as `*_code_unknown.edi`.

Exits with 1 where a difference has no reason, where a reason fits no difference any more, or where
it finds something else than the reason was written for; with 2 for no files.
"""

import argparse
import codecs
import collections
import contextlib
import fnmatch
import io
import json
import logging
import pathlib
import re
import subprocess
import sys
import warnings

import edi_parser
import edi_parser.core.grammar as bots_grammars
import edi_parser.grammars.edifact as bots_edifact
import edi_parser.lib.utils as bots_files
import pyx12.errors
import pyx12.x12file
import x12doctor.cli
import x12_tidy.cli
from pydifact.segmentcollection import Interchange

HERE = pathlib.Path(__file__).parent
READERS = ("x12-doctor", "x12-tidy", "pyx12", "bots", "pydifact", "edifact-rs")


def dialect(raw):
    """`x12`, `edifact` or nothing, by the first letters."""
    body = raw.removeprefix(b"\xef\xbb\xbf").lstrip()
    if body.startswith(b"ISA"):
        return "x12"
    return "edifact" if body[:2] == b"UN" else None


def text(raw):
    """The letters of a file: UTF-8, or Latin-1 where it is not."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def entente(program, paths):
    """Our verdict: the rules that each file breaks."""
    answer = subprocess.run(
        [program, "edi", "validate", "--json", *paths], capture_output=True, check=False
    )
    found = {str(path): [] for path in paths}
    outcomes = 0
    for line in answer.stdout.decode().splitlines():
        told = json.loads(line)
        outcomes += "outcome" in told
        about = next(told[part] for part in ("set", "group", "interchange", "outcome") if part in told)
        faults = about.get("faults", []) + [fault for fault in [about.get("unread")] if fault]
        found[told["file"]] += [one["rule"] for one in faults if one["weight"] == "error"]
        if "outcome" in told and told["outcome"]["errors"] != len(found[told["file"]]):
            sys.exit(f"{told['file']}: not all faults were read: {line}")
    if outcomes != len(paths):
        sys.exit(f"{outcomes} outcomes for {len(paths)} files: {answer.stderr.decode()}")
    return found


def edifact_rs(program, paths):
    """edifact-rs: characters, segments, envelopes and their counts."""
    answer = subprocess.run([program, *paths], capture_output=True, check=True, text=True)
    lines = [line.split("\t") for line in answer.stdout.splitlines()]
    return {line[0]: [one.split(" ")[0] for one in line[1:]] for line in lines}


def doctor(path, _raw):
    """x12-doctor: envelopes, counts, some of the sums; what it calls errors."""
    told = io.StringIO()
    with contextlib.redirect_stdout(told), contextlib.redirect_stderr(io.StringIO()):
        x12doctor.cli.main(["check", str(path), "--format", "json"])
    findings = json.loads(told.getvalue())["findings"]
    return [one["code"] for one in findings if one["severity"] == "error"]


def tidy(path, _raw):
    """x12-tidy: the envelopes; what it calls errors or fatal."""
    told, aside = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(told), contextlib.redirect_stderr(aside):
        x12_tidy.cli.main(["check", str(path)])
    return re.findall(r"^\[(?:ERROR|FATAL) ([^]]+)\]", aside.getvalue(), re.MULTILINE)


def pyx12_reader(_path, raw):
    """pyx12: its reader, so envelopes and counts; its maps have none of our business sets."""
    try:
        reader = pyx12.x12file.X12Reader(io.StringIO(text(raw)))
        for _ in reader:
            pass
        reader.cleanup()
        return [f"{kind}:{code}" for kind, code, *_ in reader.pop_errors()]
    except (pyx12.errors.X12Error, pyx12.errors.EngineError) as refusal:
        return [type(refusal).__name__]


def bots(_path, raw):
    """bots: structure, order, lengths and formats by its grammars; no conditions, no codes.

    Its grammars are named by releases, so what names a guide behind GS08 or S009 is left out. Its
    EDIFACT reader looks for grammars beside their folders, cannot take bytes and asks Python for
    the charsets of EDIFACT by their names; so it is given all three. By itself it takes
    segments in any order.
    """
    for syntax in (bots_grammars.edifact, bots_grammars.x12):
        syntax.defaultsyntax["allow_flexible_optional_order"] = False
    folder = pathlib.Path(bots_edifact.__file__).parent
    bots_edifact.__path__ = [str(folder), *map(str, folder.glob("D*"))]
    shown = re.sub(rb"(\*00[3-8]0[1-9]0)[A-Z0-9]+(?=[~\r\n])", rb"\1", raw)
    shown = re.sub(rb"(UNH\+[^:]+:[^:]+:[^:]+:UN):[^'+]+", rb"\1", shown)
    bots_files.readdata_bin = lambda filename: shown
    answer = edi_parser.validate_edi(
        content=text(shown),
        editype=dialect(raw),
        messagetype=dialect(raw),
        allow_flexible_optional_order=False,
    )
    if "No (valid) grammar" in json.dumps(answer["errors"]):
        return None
    return [
        (re.findall(r"\[([A-Z][0-9]+)\]", one["message"]) or [one["category"]])[0]
        for one in answer["errors"]
    ]


def charset(name):
    """The charsets of EDIFACT that the samples use."""
    known = {"unoa": "ascii", "unob": "ascii", "unoc": "latin-1", "unoy": "utf-8"}
    return codecs.lookup(known[name]) if name in known else None


def pydifact(_path, raw):
    """pydifact: the envelope and what is between."""
    try:
        list(Interchange.from_str(text(raw)).get_messages())
    except Exception as refusal:  # the library raises what it likes
        return [type(refusal).__name__]
    return []


def gather(folder, ours, theirs, readers):
    """Of each file: its name, our rules, and each reader's findings (none: no opinion)."""
    paths = sorted(folder.glob("*.edi"))
    if not paths:
        sys.exit(2)
    says = entente(ours, paths)
    is_edifact = {path: dialect(path.read_bytes()) == "edifact" for path in paths}
    rust = edifact_rs(theirs, [path for path in paths if is_edifact[path]])
    rows = []
    for path in paths:
        raw = path.read_bytes()
        ask = {"bots": bots}
        ask |= {"pydifact": pydifact} if is_edifact[path] else {
            "x12-doctor": doctor, "x12-tidy": tidy, "pyx12": pyx12_reader,
        }
        ask = {name: reader for name, reader in ask.items() if name in readers}
        told = {name: reader(path, raw) for name, reader in ask.items()}
        if "edifact-rs" in readers:
            told["edifact-rs"] = rust.get(str(path))
        rows.append((path.name, brief(says[str(path)]), {
            name: None if found is None else brief(found) for name, found in told.items()
        }))
    return rows


def brief(findings):
    """The kinds of findings, each once; `ok` for none."""
    kinds = sorted(set(findings))
    shown = " ".join(kinds[:6]) + (" …" if len(kinds) > 6 else "")
    return shown or "ok"


def differences(rows):
    """(file, reader): what it finds, where one takes what the other does not."""
    return {
        (file, name): found
        for file, ours, told in rows
        for name, found in told.items()
        if found is not None and (found == "ok") != (ours == "ok")
    }


def reasons(path):
    """(file, reader): the finding that it is about, and the reason."""
    shared, found = {}, {}
    for number, line in enumerate(path.read_text().splitlines(), 1):
        cells = line.split("\t")
        if not line or line.startswith("#"):
            continue
        if line.startswith("@") and len(cells) == 2:
            shared[cells[0]] = cells[1]
        elif len(cells) == 4 and cells[3] and cells[:2] != ["file", "reader"]:
            if tuple(cells[:2]) in found:
                sys.exit(f"{path.name} line {number}: told twice")
            found[cells[0], cells[1]] = (cells[2], cells[3])
        elif cells[:2] != ["file", "reader"]:
            sys.exit(f"{path.name} line {number}: not file, reader, finding, reason")
    used = {reason for _, reason in found.values()}
    for (file, name), (_, reason) in found.items():
        if reason.startswith("@") and reason not in shared:
            sys.exit(f"{path.name}: {file} {name}: nothing is called {reason}")
    unused = sorted(set(shared) - used)
    return found, [f"the reason {one} is used by no line" for one in unused]


def print_table(rows):
    """One line a file."""
    head = ("file", "Entente", *READERS)
    table = [head] + [
        (file, ours, *(told.get(name) or "." for name in READERS))
        for file, ours, told in rows
    ]
    widest = [min(34, max(len(row[at]) for row in table)) for at in range(len(head))]
    for row in table:
        cells = [
            (cell if len(cell) <= width else cell[: width - 1] + "…").ljust(width)
            for cell, width in zip(row, widest)
        ]
        print("  ".join(cells).rstrip())


def judge(rows, path):
    """What is wrong between the table and its reasons."""
    told, wrong = reasons(path)
    differing = differences(rows)
    used = set()
    for (file, name), found in sorted(differing.items()):
        fits = [one for one in told if one[1] == name and fnmatch.fnmatch(file, one[0])]
        used.update(fits)
        finding = told[fits[0]][0] if fits else None
        if finding is None:
            wrong.append(f"no reason: {file}\t{name}\t{found}\t")
        elif finding != found:
            wrong.append(f"another finding: {file}\t{name}\t{found}\t(was {finding})")
    wrong += [
        f"fits no difference: {file}\t{name}\t{finding}"
        for (file, name), (finding, _) in sorted(told.items())
        if (file, name) not in used
    ]
    return differing, wrong


def main():
    """The table, the sums, what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=pathlib.Path)
    parser.add_argument("--reasons", type=pathlib.Path, default=HERE / "reasons.tsv")
    parser.add_argument("--readers", nargs="+", choices=READERS, default=READERS)
    parser.add_argument("entente")
    parser.add_argument("edifact_rs")
    wish = parser.parse_args()
    codecs.register(charset)
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    samples = HERE.parents[2] / "protocol/trade/tests/samples"
    rows = gather(wish.folder or samples, wish.entente, wish.edifact_rs, wish.readers)
    print_table(rows)
    differing, wrong = judge(rows, wish.reasons)
    by_reader = collections.Counter(name for _, name in differing)
    opinions = collections.Counter(
        name for _, _, told in rows for name, found in told.items() if found is not None
    )
    taken = sum(ours == "ok" for _, ours, _ in rows)
    print(f"\n{len(rows)} files, of which we take {taken}; of those that a reader knows it "
          "judges otherwise: "
          + ", ".join(f"{name} {by_reader[name]} of {opinions[name]}" for name in READERS))
    print(f"{len(differing)} differences, {len(wrong)} to be looked at")
    for one in wrong:
        print(one)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
