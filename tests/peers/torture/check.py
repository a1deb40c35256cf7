"""Reads what everybody of a torture said and heard, and the logs as they stood in the end, and
says which promises of the rooms were broken. It knows the socket's frames and nothing of the hub.

    check.py FOLDER

FOLDER has `truth.jsonl` (every event of every room, as the host read it after the last death),
`client-NAME.jsonl`, `parties.jsonl` (when a company was put out and let in) and `chaos.jsonl`.

R1  each line brings a room's events one after the other, none twice, none left out
R2  what was acknowledged stands once, at the seq that was told
R3  one id is one event, however often it was sent
R4  what one heard is what stands
R5  what one line said stands in the order in which it was said
R6  nothing was heard that does not stand
R7  who was put out hears, reads and says nothing from then on
R9  a line on which nothing is said any more is ended in time
R10 what was missed is told of, and what is read, heard and brought together is the whole log
"""

import collections
import json
import pathlib
import sys

# A line is over 35 s after its last frame; the rest is for a machine that has other things to do.
SILENCE = 35_000_000 + 25_000_000


class Judge:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.broken = collections.defaultdict(list)
        self.counts = collections.Counter()
        self.truth = collections.defaultdict(dict)
        self.clients = {}

    def blame(self, rule, words):
        self.broken[rule].append(words)

    def lines(self, name):
        with open(self.folder / name, encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def judge(self):
        self.read_truth()
        for path in sorted(self.folder.glob("client-*.jsonl")):
            self.clients[path.stem] = self.lines(path.name)
        self.acknowledgements()
        for name, notes in self.clients.items():
            who = notes[0]
            self.order(name, notes, who)
            Listener(self, name, notes, who).listen()
        self.parties()
        self.chaos()

    # What stands.

    def read_truth(self):
        said = {}
        for event in self.lines("truth.jsonl"):
            room, seq = event["room"], event["seq"]
            log = self.truth[room]
            if seq != len(log) + 1:
                self.blame("R1", f"{room} itself: {seq} follows {len(log)}")
            log[seq] = event
            if "cid" in event:
                key = (room, event["author"], event["cid"])
                if key in said:
                    self.blame("R3", f"{key} stands at {said[key]} and at {seq}")
                said[key] = seq
        self.said = said
        self.counts["events that stand"] = sum(map(len, self.truth.values()))
        self.redacted = {
            (room, event["target"])
            for room, log in self.truth.items()
            for event in log.values()
            if event["kind"] == "redact"
        }
        # Membership by seq: when which company came and went, in each room.
        self.moves = collections.defaultdict(list)
        for room, log in self.truth.items():
            for seq, event in sorted(log.items()):
                detail = event.get("detail") or {}
                if event["kind"] == "party" and detail.get("organisation") == "Kestrel":
                    self.moves[room].append((seq, detail["move"] == "accept"))
        self.counts["times a company was put out"] = sum(
            not came for moves in self.moves.values() for _, came in moves
        )

    def is_in(self, room, seq):
        """Whether the tossed company was in after this event."""
        state = False
        for at, came in self.moves[room]:
            if at <= seq:
                state = came
        return state

    def was_out(self, room, after, upto):
        """The event by which it was put out, of those after one and up to another."""
        return next((at for at, came in self.moves[room] if after < at <= upto and not came), None)

    # What was said.

    def acknowledgements(self):
        told = {}
        for name, notes in self.clients.items():
            person = notes[0]["person"]
            acts = {}
            for note in notes:
                frame = note.get("frame", {})
                if note["do"] == "say" and frame["t"] in ("react", "redact"):
                    acts[frame["cid"]] = frame["target"]
                if note["do"] != "heard" or frame.get("t") != "ack":
                    continue
                self.counts["acknowledged"] += 1
                room, cid, seq = frame["room"], frame["cid"], frame["seq"]
                event = self.truth[room].get(seq)
                target = acts.get(cid)
                # What was done to a message already is not done again: the ack tells where.
                if frame.get("dup") and event and target in (seq, event.get("target")):
                    self.counts["acknowledged, and was so already"] += 1
                    continue
                if event is None or event.get("cid") != cid or event["author"] != person:
                    self.blame("R2", f"{name}: {cid} was acknowledged at {seq} of {room}, where stands {event}")
                key = (room, person, cid)
                if told.setdefault(key, seq) != seq:
                    self.blame("R3", f"{name}: {cid} was told to stand at {told[key]} and at {seq}")

    def order(self, name, notes, who):
        """What was said for the first time on a line stands in the order in which it was said."""
        seen, lines, refused = set(), collections.defaultdict(list), set()
        for note in notes:
            frame = note.get("frame", {})
            if note["do"] == "say" and "cid" in frame and not frame.get("trick"):
                self.counts["said"] += 1
                key = (frame["room"], frame["cid"])
                if key in seen:
                    self.counts["said again"] += 1
                    refused.add((note["conn"], *key))
                seen.add(key)
                lines[note["conn"], frame["room"]].append(frame["cid"])
            elif note["do"] == "heard" and frame.get("t") == "nak" and frame.get("cid"):
                self.counts["refused: " + frame["code"]] += 1
                refused.add((note["conn"], frame.get("room"), frame["cid"]))
        for (conn, room), cids in lines.items():
            fresh = [cid for cid in cids if (conn, room, cid) not in refused]
            seqs = [self.said.get((room, who["person"], cid)) for cid in fresh]
            seqs = [seq for seq in seqs if seq is not None]
            if seqs != sorted(seqs):
                self.blame("R5", f"{name}: line {conn} said {fresh}, which stand at {seqs}")

    # Who may hear.

    def parties(self):
        """What was asked for while a company was out was refused."""
        outs = []
        began = {}
        for note in self.lines("parties.jsonl"):
            if note["do"] == "out":
                began[note["room"]] = note["at"]
            elif note["do"] == "in" and note["room"] in began:
                outs.append((note["room"], began.pop(note["room"]), note["began"]))
        for name, notes in self.clients.items():
            if not notes[0]["tossed"]:
                continue
            for note in notes:
                if note["do"] != "page" or note["status"] != 200:
                    continue
                for room, out, back in outs:
                    if room == note["room"] and out < note["began"] and note["at"] < back:
                        self.blame("R7", f"{name}: a page of {room} was read at {note['began']}, out since {out}")
        tossed = {notes[0]["person"] for notes in self.clients.values() if notes[0]["tossed"]}
        for room, log in self.truth.items():
            for seq, event in log.items():
                if event["author"] in tossed and event["kind"] != "party" and not self.is_in(room, seq):
                    self.blame("R7", f"{event['cid']} stands at {seq} of {room}, said by who was out")

    def chaos(self):
        for note in self.lines("chaos.jsonl"):
            if note["do"] == "begins":
                self.counts[note["what"].split("(")[0].lower()] += 1
            elif note["do"] in ("died", "stays"):
                self.blame("nodes", f"node {note['node']} {note['do']} by itself")


class Listener:
    """One client, and what it has of each room."""

    def __init__(self, judge, name, notes, who):
        self.judge, self.name, self.notes, self.who = judge, name, notes, who
        self.has = collections.defaultdict(set)
        # Of the line that is open: the cursor that was told, the seq that comes next, and the
        # head when the room began to be followed.
        self.cursor, self.next, self.head = {}, {}, {}

    def blame(self, rule, words):
        self.judge.blame(rule, f"{self.name}: {words}")

    def listen(self):
        muted = None
        for note in self.notes:
            what = note["do"]
            if what == "open":
                self.cursor, self.next, self.head = {}, {}, {}
                self.judge.counts["lines"] += 1
            elif what == "mute":
                muted = note
            elif what == "end":
                self.judge.counts[f"ended with {note['code']}"] += note["code"] > 1
                if muted and note["at"] - muted["at"] > SILENCE:
                    self.blame("R9", f"line {note['conn']} stood for {note['at'] - muted['at']} µs")
                muted = None
            elif what == "say" and note["frame"]["t"] == "sub":
                self.cursor[note["frame"]["room"]] = note["frame"]["cursor"]["seq"]
            elif what == "page" and note["status"] == 200:
                self.page(note)
            elif what == "heard":
                self.hear(note["frame"])
        for room, log in self.judge.truth.items():
            missing = sorted(set(log) - self.has[room])
            if missing and self.who["manner"] != "Mute":
                self.blame("R10", f"has not {missing[:10]} of {room}")

    def page(self, note):
        room, after = note["room"], note["after"]
        self.judge.counts["pages"] += 1
        for event in note["items"]:
            after += 1
            if event["seq"] != after:
                self.blame("R10", f"a page of {room} has {event['seq']} where {after} should be")
                after = event["seq"]
            self.keep(room, event)

    def hear(self, frame):
        word, room = frame["t"], frame.get("room")
        if word == "broken":
            self.blame("R1", f"a frame is no JSON: {frame['text'][:80]}")
        elif word == "subd":
            self.begin(frame)
        elif word == "ev":
            self.event(frame)
        elif word == "caught":
            if self.next.get(room) != frame["seq"] + 1:
                self.blame("R1", f"caught up in {room} at {frame['seq']}, but stands before {self.next.get(room)}")
        elif word in ("gap", "revoked"):
            self.judge.counts[word] += 1
            self.next.pop(room, None)

    def begin(self, frame):
        room, mode = frame["room"], frame["mode"]
        self.judge.counts[f"followed: {mode}"] += 1
        if mode == "gap":
            self.next.pop(room, None)
            return
        if frame["from"] != self.cursor.get(room, 0) + 1:
            self.blame("R1", f"{room} begins with {frame['from']} after {self.cursor.get(room)}")
        if self.who["tossed"] and not self.judge.is_in(room, frame["head"]):
            self.blame("R7", f"follows {room} at head {frame['head']}, where it is out")
        self.next[room], self.head[room] = frame["from"], frame["head"]

    def event(self, frame):
        room, seq = frame["room"], frame["seq"]
        self.judge.counts["heard"] += 1
        expected = self.next.get(room)
        if expected is None:
            self.blame("R7", f"heard {seq} of {room}, which is not followed")
        elif seq != expected:
            self.blame("R1", f"heard {seq} of {room} where {expected} comes next")
        self.next[room] = seq + 1
        if self.who["tossed"]:
            out = self.judge.was_out(room, self.head.get(room, 0), seq - 1)
            if out:
                self.blame("R7", f"heard {seq} of {room}, and was put out by {out}")
        self.keep(room, frame)

    def keep(self, room, event):
        seq = event["seq"]
        stands = self.judge.truth[room].get(seq)
        if stands is None:
            self.blame("R6", f"has {seq} of {room}, which does not stand: {event}")
            return
        for field in ("kind", "author", "cid", "target", "body"):
            mine, theirs = event.get(field), stands.get(field)
            if mine == theirs:
                continue
            about = stands.get("target") if stands["kind"] == "edit" else seq
            if field == "body" and (room, about) in self.judge.redacted:
                continue
            self.blame("R4", f"{field} of {seq} of {room} is {mine!r}, and stands as {theirs!r}")
        self.has[room].add(seq)


def main():
    judge = Judge(sys.argv[1])
    judge.judge()
    for what, count in sorted(judge.counts.items()):
        if count:
            print(f"{count:>9}  {what}")
    if not (judge.counts["acknowledged"] and judge.counts["heard"]):
        judge.blame("nodes", "nothing was said or heard, so nothing was tried")
    for rule, words in sorted(judge.broken.items()):
        print(f"BROKEN {rule}: {len(words)} times")
        for word in words[:5]:
            print(f"    {word[:400]}")
    if not judge.broken:
        print("every promise was kept")
    sys.exit(1 if judge.broken else 0)


main()
