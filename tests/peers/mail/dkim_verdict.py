"""Verifies the DKIM signature of the mail on standard input with dkimpy.

    python dkim_verdict.py NAME RECORD < mail

NAME and RECORD are the one TXT record that the DNS of the test holds. Prints `pass` or `fail`.
"""

import sys

import dkim


def main():
    name, record = sys.argv[1].encode() + b".", sys.argv[2].encode()
    mail = sys.stdin.buffer.read()
    found = dkim.verify(mail, dnsfunc=lambda asked, timeout=5: record if asked == name else None)
    print("pass" if found else "fail")


main()
