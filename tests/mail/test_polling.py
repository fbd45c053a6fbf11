"""A mailbox is looked into: a real IMAP server where one is installed (Debian: dovecot-imapd), else only its reading."""

from __future__ import annotations

import contextlib
import grp
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator

import pytest
from django.test import TestCase

from parvis.foundation.jobs import run_pending_jobs
from parvis.mail.addresses import reply_address
from parvis.mail.incoming.letters import read_headers
from parvis.mail.incoming.polling import fetch_new, recipients_of
from parvis.mail.models import ReceivedMail
from tests.mail.conftest import DOMAIN
from tests.mail.writing import answers, letter
from tests.world import World

pytestmark = pytest.mark.usefixtures("mail_comes_in")

DOVECOT = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
# Root lets dovecot's own users do what needs none; anybody else does all of it.
NOT_ROOT = """
default_internal_user = {name}
default_internal_group = {group_name}
default_login_user = {name}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
}}
"""
CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail
mail_uid = {user}
mail_gid = {group}
first_valid_uid = 0
first_valid_gid = 0
{not_root}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}
}}
"""


def test_the_recipient_is_read_from_what_the_server_wrote_and_from_nothing_invented(world: World) -> None:
    with world.bound():
        own, other = reply_address(world.bob, "thread:1"), reply_address(world.chloe, "thread:1")
    raw = letter(
        "Hello", headers=f"Delivered-To: {own.upper()}\r\nTo: x@y.example, <{own}>\r\nCc: {other}\r\n"
    )
    assert recipients_of(read_headers(raw)) == [own, other]
    assert recipients_of(read_headers(letter("Hello", headers="To: r1abc@reply.atelier.example\r\n"))) == []


@pytest.fixture
def mailbox() -> Iterator[tuple[str, pathlib.Path]]:
    """Run dovecot with one mailbox; give its address and the folder into which mails are dropped."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # Short, for sockets lie in it, and open to its other users.
    with tempfile.TemporaryDirectory(prefix="imap-", dir="/tmp") as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        user, group = _owner()
        (folder / "run").mkdir()
        for part in ("mail", "mail/.Parvis"):
            for place in ("", "new", "cur", "tmp"):
                (folder / part / place).mkdir()
                os.chown(folder / part / place, user, group)
        (folder / "dovecot.conf").write_text(_configuration(folder, port))
        process = subprocess.Popen([str(DOVECOT), "-F", "-c", str(folder / "dovecot.conf")])
        try:
            _until_it_answers(process, port)
            yield f"imap://bob:secret@127.0.0.1:{port}/INBOX", folder / "mail"
        finally:
            process.terminate()
            process.wait(30)


def _owner() -> tuple[int, int]:
    """Return whose the mails are: dovecot opens none of root's."""
    if os.getuid():
        return os.getuid(), os.getgid()
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def _configuration(folder: pathlib.Path, port: int) -> str:
    user, group = _owner()
    names = {"name": pwd.getpwuid(user).pw_name, "group_name": grp.getgrgid(group).gr_name}
    not_root = NOT_ROOT.format(**names) if os.getuid() else ""
    return CONFIGURATION.format(folder=folder, port=port, user=user, group=group, not_root=not_root)


def _until_it_answers(process: subprocess.Popen[bytes], port: int) -> None:
    for _attempt in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
            return
        except ConnectionRefusedError:
            # One that ended will never answer.
            with contextlib.suppress(subprocess.TimeoutExpired):
                raise AssertionError(f"dovecot ended with {process.wait(0.1)}") from None
    raise AssertionError("dovecot does not answer")


@pytest.mark.skipif(DOVECOT is None, reason="needs an IMAP server: apt-get install dovecot-imapd")
@pytest.mark.slow
def test_what_is_unread_is_kept_once_and_moved_and_the_rest_is_left(
    world: World, mailbox: tuple[str, pathlib.Path]
) -> None:
    url, folder = mailbox
    with world.bound():
        address = reply_address(world.bob, f"thread:{world.entries['lounge post'].id}")
        ours = letter(
            "By way of a mailbox",
            headers=f"Delivered-To: {address}\r\nReturn-Path: <bob@atelier.example>\r\n",
        )
        (folder / "new" / "1.ours").write_bytes(ours)
        (folder / "new" / "2.other").write_bytes(letter("For nobody here", headers="To: x@y.example\r\n"))
        assert fetch_new(f"{url}?move=Parvis") == 1
        assert ReceivedMail.objects.get().sender == "bob@atelier.example"
        assert (
            len(list((folder / ".Parvis" / "cur").iterdir()) + list((folder / ".Parvis" / "new").iterdir()))
            == 1
        )
        # The other one stays, marked as read: nothing is new.
        assert fetch_new(url) == 0
        assert ReceivedMail.objects.count() == 1


@pytest.mark.skipif(DOVECOT is None, reason="needs an IMAP server: apt-get install dovecot-imapd")
@pytest.mark.slow
def test_what_is_too_large_is_not_fetched_and_gets_its_one_answer(
    world: World, mailbox: tuple[str, pathlib.Path], set_mail: Callable[..., None]
) -> None:
    set_mail(mail_domain=DOMAIN, mail_limit_mb=1)
    url, folder = mailbox
    with world.bound():
        address = reply_address(world.bob, f"thread:{world.entries['lounge post'].id}")
        whom = f"Delivered-To: {address}\r\nReturn-Path: <bob@atelier.example>\r\n"
        (folder / "new" / "1.large").write_bytes(letter("Too much. " * 120_000, headers=whom))
        assert fetch_new(url) == 1
        kept = ReceivedMail.objects.get()
        assert kept.size_bytes > 1024 * 1024 > 2_000 > len(bytes(kept.raw or b""))
    with TestCase.captureOnCommitCallbacks(execute=True):
        run_pending_jobs()
    with world.bound():
        kept.refresh_from_db()
        assert (kept.state, kept.cause) == ("refused", "large")
    (answer,) = answers()
    assert "too large" in answer
