"""A mail server that writes to us: sends one mail by SMTP and prints what was answered.

The mail comes from a file or standard input, whole, with its headers. One line of JSON each
time: {"code", "enhanced", "answer", "at": "connect|rcpt|data|done"}. Exit code 0 if the last
answer was 250.
"""

import argparse
import json
import pathlib
import re
import smtplib
import ssl
import sys


def once(asked, mail):
    where = "connect"
    try:
        with smtplib.SMTP(asked.host, asked.port, "client.test", timeout=asked.timeout) as smtp:
            smtp.ehlo()
            if asked.starttls:
                anybody = ssl.create_default_context()
                anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
                smtp.starttls(context=anybody)
                smtp.ehlo()
            smtp.mail(asked.sender, ["BODY=8BITMIME"] if smtp.has_extn("8bitmime") else [])
            where = "rcpt"
            for recipient in asked.to:
                code, answer = smtp.rcpt(recipient)
                if code != 250:
                    return code, answer, where
            where = "data"
            code, answer = smtp.data(mail)
            return code, answer, "done" if code == 250 else where
    except smtplib.SMTPResponseException as refused:
        return refused.smtp_code, refused.smtp_error, where
    except (OSError, smtplib.SMTPException) as broken:
        return 0, str(broken).encode(), where


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--from", dest="sender", default="")
    options.add_argument("--to", action="append", required=True)
    options.add_argument("--starttls", action="store_true")
    options.add_argument("--times", type=int, default=1)
    options.add_argument("--timeout", type=float, default=20)
    options.add_argument("file", nargs="?", type=pathlib.Path, help="standard input if missing")
    asked = options.parse_args()
    mail = asked.file.read_bytes() if asked.file else sys.stdin.buffer.read()
    code = 0
    for _ in range(asked.times):
        code, answer, where = once(asked, mail)
        text = answer.decode("utf-8", "replace")
        enhanced = re.match(r"\d\.\d+\.\d+", text)
        told = {"code": code, "enhanced": enhanced and enhanced[0], "answer": text, "at": where}
        print(json.dumps(told), flush=True)
    return 0 if code == 250 else 1


sys.exit(main())
