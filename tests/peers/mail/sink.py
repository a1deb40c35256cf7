"""A relay that remembers: takes mail by SMTP and prints each as one line of JSON.

The first line tells where it listens: {"listening": "127.0.0.1:40123"}. Then, a mail each:
{"from", "to", "subject", "message_id", "in_reply_to", "references", "reply_to", "headers",
"text", "html", "raw"} (`raw` in base64). With --answer 550 every recipient is refused so;
with --answer-file the code is read anew for each, so that a test can change its mind.
It ends with its standard input.
"""

import argparse
import asyncio
import base64
import email
import email.policy
import json
import pathlib
import sys

from aiosmtpd.smtp import SMTP


def told(envelope):
    mail = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
    text, html = (mail.get_body(preferencelist=(kind,)) for kind in ("plain", "html"))
    one = lambda name: str(mail[name]) if mail[name] is not None else None
    return {
        "from": envelope.mail_from,
        "to": envelope.rcpt_tos,
        "subject": one("Subject"),
        "message_id": one("Message-ID"),
        "in_reply_to": one("In-Reply-To"),
        "references": (one("References") or "").split(),
        "reply_to": mail["Reply-To"].addresses[0].addr_spec if mail["Reply-To"] else None,
        "headers": [[name, str(value)] for name, value in mail.items()],
        "text": text.get_content() if text else None,
        "html": html.get_content() if html else None,
        "raw": base64.b64encode(envelope.original_content).decode(),
    }


class Sink:
    def __init__(self, asked):
        self.asked = asked

    async def handle_RCPT(self, server, session, envelope, address, options):
        code = self.asked.answer
        if self.asked.answer_file and self.asked.answer_file.exists():
            code = int(self.asked.answer_file.read_text().strip() or code)
        if code == 250:
            envelope.rcpt_tos.append(address)
        return f"{code} as told"

    async def handle_DATA(self, server, session, envelope):
        print(json.dumps(told(envelope)), flush=True)
        return "250 2.0.0 remembered"


async def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--port", type=int, default=0)
    options.add_argument("--answer", type=int, default=250)
    options.add_argument("--answer-file", type=pathlib.Path)
    asked = options.parse_args()
    loop = asyncio.get_running_loop()
    make = lambda: SMTP(Sink(asked), enable_SMTPUTF8=True, data_size_limit=None)
    server = await loop.create_server(make, asked.host, asked.port)
    host, port = server.sockets[0].getsockname()[:2]
    print(json.dumps({"listening": f"{host}:{port}"}), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
