"""How fast pyas2lib is: `speed.py KEY-AND-CERTIFICATE.pem CERTIFICATE.pem BYTES SECONDS`.

Prints two numbers: messages signed and encrypted a second of its own processor time, and
messages decrypted, verified and receipted.
"""

import sys
import time

from station import as2, station

KEY, CERTIFICATE, SIZE, SECONDS = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
USUAL = {"sign": "sha256", "encrypt": "aes_128_cbc", "mdn": "SYNC", "mdn_digest": "sha256"}
LINE = b"PO1*1*10*EA*9.25*PE*VN*4000862141404~\r\n"
DOCUMENT = (LINE * (SIZE // len(LINE) + 1))[:SIZE]

sender, receiver_of = station(KEY, CERTIFICATE, "GLOBEX", "ACME")
receiver, sender_of = station(KEY, CERTIFICATE, "ACME", "GLOBEX")


def rate(run):
    begun, count = time.process_time(), 0
    while time.process_time() - begun < SECONDS:
        run()
        count += 1
    return count / (time.process_time() - begun)


def make():
    message = as2.Message(sender, receiver_of(USUAL))
    message.build(DOCUMENT, filename="order.edi", content_type="application/edi-x12")
    return message


made = make()
lines = "".join(f"{name}: {' '.join(str(value).split())}\r\n" for name, value in made.headers.items())
RAW = lines.encode() + b"\r\n" + made.content


def read():
    message = as2.Message()
    status, problem, mdn = message.parse(
        RAW, lambda name: receiver, lambda name: sender_of(USUAL), lambda id, name: False
    )
    if status != "processed":
        sys.exit(f"{status}: {problem}")


read()
print(rate(make), rate(read))
