"""pyas2lib as a station: one line of JSON asks, one line answers.

station.py OWN-KEY-AND-CERTIFICATE.pem PARTNER-CERTIFICATE.pem OWN-NAME PARTNER-NAME
"""

import base64
import json
import re
import sys

# oscrypto 1.3.0 looks for one digit after the last dot of OpenSSL's version: 3.0.19 has two.
_search = re.search


def _mended(pattern, text, flags=0):
    found = _search(pattern, text, flags)
    if found is None and pattern == "\\b(\\d\\.\\d\\.\\d[a-z]*)\\b":
        found = _search(r"\b(\d\.\d\.\d+[a-z]*)\b", text, flags)
    return found


re.search = _mended
from pyas2lib import as2  # noqa: E402

re.search = _search


def station(key_file, partner_file, own, partner):
    with open(key_file, "rb") as file:
        key = file.read()
    with open(partner_file, "rb") as file:
        certificate = file.read()
    organization = as2.Organization(
        as2_name=own, sign_key=key, sign_key_pass="", decrypt_key=key, decrypt_key_pass=""
    )

    def partner_with(ask):
        return as2.Partner(
            as2_name=partner,
            verify_cert=certificate,
            encrypt_cert=certificate,
            validate_certs=False,
            sign=bool(ask.get("sign")),
            digest_alg=ask.get("sign") or "sha256",
            encrypt=bool(ask.get("encrypt")),
            enc_alg=ask.get("encrypt") or "aes_256_cbc",
            compress=bool(ask.get("compress")),
            mdn_mode=ask.get("mdn"),
            mdn_digest_alg=ask.get("mdn_digest"),
        )

    return organization, partner_with


def whole(thing):
    headers = "".join(f"{name}: {value}\r\n" for name, value in thing.headers.items())
    return base64.b64encode(headers.encode() + b"\r\n" + thing.content).decode()


def main():
    organization, partner_with = station(*sys.argv[1:5])
    made = None
    for line in sys.stdin:
        ask = json.loads(line)
        partner = partner_with(ask)
        if ask["do"] == "make":
            made = as2.Message(organization, partner)
            document = base64.b64decode(ask["document"])
            made.build(
                document,
                filename="order.edi",
                subject="order",
                content_type=ask.get("content_type", "application/octet-stream"),
                disposition_notification_to="station@example.org",
            )
            mic = made.mic.decode() if isinstance(made.mic, bytes) else made.mic
            told = {"raw": whole(made), "mic": mic, "message_id": made.message_id}
        elif ask["do"] == "read":
            message = as2.Message()
            status, problem, mdn = message.parse(
                base64.b64decode(ask["raw"]),
                lambda name: organization,
                lambda name: partner,
                lambda id, name: False,
            )
            told = {
                "status": status,
                "problem": str(problem[0]) if problem[0] else None,
                "document": base64.b64encode(message.content or b"").decode(),
                "mdn": whole(mdn) if mdn else None,
            }
        else:
            mdn = as2.Mdn()
            status, detail = mdn.parse(
                base64.b64decode(ask["raw"]), lambda id, name: made
            )
            told = {"status": status, "detail": detail}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
