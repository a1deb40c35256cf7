"""A mailbox in a real IMAP server (Debian's dovecot), on this machine alone.

    dovecot.py serve FOLDER PORT    runs it in the foreground; user `replies`, password `secret`
    dovecot.py append PORT          puts the mail from standard input into its INBOX
    dovecot.py seen PORT            prints how many mails there are, and how many were seen
"""

import getpass
import grp
import imaplib
import os
import pathlib
import shutil
import sys

CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
mail_location = maildir:{folder}/mail
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


def serve(folder, port):
    home = pathlib.Path(folder)
    home.joinpath("mail").mkdir(parents=True, exist_ok=True)
    uid, gid = os.getuid(), os.getgid()
    user, group = getpass.getuser(), grp.getgrgid(gid).gr_name
    if uid == 0:
        # It serves no mail to root, and wants a user of its own.
        user, group, uid, gid = "dovenull", "dovenull", 65534, 65534
        os.chown(home / "mail", uid, gid)
        home.chmod(0o755)
    text = CONFIG.format(folder=home, port=port, user=user, group=group, uid=uid, gid=gid)
    config = home / "dovecot.conf"
    config.write_text(text)
    program = shutil.which("dovecot") or "/usr/sbin/dovecot"
    os.execv(program, [program, "-F", "-c", str(config)])


def box(port):
    server = imaplib.IMAP4("127.0.0.1", int(port), timeout=10)
    server.login("replies", "secret")
    server.select("INBOX")
    return server


def main():
    act, *rest = sys.argv[1:]
    if act == "serve":
        serve(*rest)
    server = box(*rest)
    if act == "append":
        mail = sys.stdin.buffer.read().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        told = server.append("INBOX", None, None, mail)
        sys.exit(0 if told[0] == "OK" else 1)
    count = lambda what: len(server.search(None, what)[1][0].split())
    print(count("ALL"), count("SEEN"))


main()
