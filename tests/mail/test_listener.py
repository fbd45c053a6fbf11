"""The listener, spoken to by Python's own LMTP and SMTP clients and by swaks: refusals in time, an answer for each."""

from __future__ import annotations

import pathlib
import shutil
import smtplib
import subprocess
from collections.abc import Callable, Iterator

import pytest

from parvis.foundation.tenancy import organization_scope
from parvis.mail.addresses import reply_address, revoke_addresses
from parvis.mail.incoming.letters import read_letter
from parvis.mail.incoming.listener import Listener
from parvis.mail.models import ReceivedMail, SentMail
from parvis.mail.out.return_paths import return_path
from parvis.people.actions import create_organization
from parvis.people.models import Organization, Person
from tests.mail.writing import letter

pytestmark = [pytest.mark.usefixtures("mail_comes_in"), pytest.mark.django_db(transaction=True)]

# The client that mail servers are tried with.
SWAKS = shutil.which("swaks")
SENDER = "ann@house.example"


@pytest.fixture
def house() -> tuple[Organization, Person]:
    """An organization of one."""
    return create_organization(
        slug="house", name="House", administrator_email=SENDER, administrator_name="Ann", password="x" * 20
    )


@pytest.fixture
def address(house: tuple[Organization, Person]) -> str:
    """An address that leads somewhere."""
    with organization_scope(house[0]):
        return reply_address(house[1], "thread:1")


@pytest.fixture
def listening(tmp_path: pathlib.Path) -> Iterator[Callable[[str], Listener]]:
    """Start listeners that end with the test."""
    started: list[Listener] = []

    def listen(where: str) -> Listener:
        started.append(Listener(where))
        started[-1].start()
        return started[-1]

    yield listen
    for listener in started:
        listener.stop()


def kept(house: tuple[Organization, Person]) -> int:
    """Return how many mails were kept."""
    with organization_scope(house[0]):
        return ReceivedMail.objects.count()


def test_each_recipient_gets_an_answer_of_their_own(
    house: tuple[Organization, Person], address: str, listening: Callable[[str], Listener]
) -> None:
    listener = listening("127.0.0.1:0")
    with organization_scope(house[0]):
        revoked = reply_address(house[1], "thread:2")
        revoke_addresses(house[1])
        good, other = reply_address(house[1], "thread:1"), reply_address(house[1], "thread:3")
    invented = "r1" + "a" * 39 + "@reply.atelier.example"
    with smtplib.LMTP("127.0.0.1", listener.port) as client:
        client.ehlo()
        client.mail(SENDER)
        codes = [
            client.rcpt(recipient)[0]
            for recipient in (good, revoked, invented, other, "bob@elsewhere.example")
        ]
        assert codes == [250, 250, 550, 250, 550]
        code, _said = client.docmd("DATA")
        assert code == 354
        client.send(letter("Hello", sender=SENDER) + b".\r\n")
        # Revoked looks genuine until the database is asked.
        assert [client.getreply()[0] for _each in range(3)] == [250, 550, 250]
    assert kept(house) == 2


def test_what_is_too_large_is_refused_before_and_while_it_is_read(
    house: tuple[Organization, Person],
    address: str,
    listening: Callable[[str], Listener],
    set_mail: Callable[..., None],
) -> None:
    set_mail(mail_limit_mb=1)
    listener = listening("127.0.0.1:0")
    large = letter("x" * 900 + "\r\n" + ("y" * 900 + "\r\n") * 1_300, sender=SENDER)
    with smtplib.LMTP("127.0.0.1", listener.port) as client:
        with pytest.raises(smtplib.SMTPSenderRefused):
            client.sendmail(SENDER, [address], large)
        client.rset()
        # Without a word about its size.
        client.mail(SENDER)
        client.rcpt(address)
        assert client.data(large)[0] == 552
        client.rset()
        assert client.sendmail(SENDER, [address], letter("Short", sender=SENDER)) == {}
    assert kept(house) == 1


def test_a_bounce_has_no_sender_and_a_mail_is_kept_through_a_socket_file(
    house: tuple[Organization, Person],
    address: str,
    listening: Callable[[str], Listener],
    tmp_path: pathlib.Path,
) -> None:
    path = tmp_path / "l.sock"
    # What a killed process left behind is no hindrance.
    path.touch()
    listening(f"unix:{path}")
    with smtplib.LMTP(str(path)) as client:
        assert client.sendmail("", [address], letter("Gone")) == {}
    with organization_scope(house[0]):
        assert ReceivedMail.objects.get().sender == ""


def test_smtp_is_spoken_where_a_server_knows_nothing_else(
    house: tuple[Organization, Person], address: str, listening: Callable[[str], Listener]
) -> None:
    listener = listening("smtp://127.0.0.1:0")
    with smtplib.SMTP("127.0.0.1", listener.port) as client:
        assert client.sendmail(SENDER, [address], letter("Hello", sender=SENDER)) == {}
    assert kept(house) == 1


@pytest.mark.skipif(SWAKS is None, reason="needs another program that sends: apt-get install swaks")
@pytest.mark.parametrize(("protocol", "where"), [("LMTP", ""), ("SMTP", "smtp://")])
def test_another_program_than_ours_hands_over_a_mail_with_a_file(
    house: tuple[Organization, Person],
    address: str,
    listening: Callable[[str], Listener],
    protocol: str,
    where: str,
) -> None:
    port = listening(f"{where}127.0.0.1:0").port
    envelope = ["--protocol", protocol, "--server", f"127.0.0.1:{port}", "--from", SENDER, "--to", address]
    content = ["--header", "Subject: Re: News", "--body", "From another program", "--attach", "a few words"]
    done = subprocess.run([str(SWAKS), *envelope, *content], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    with organization_scope(house[0]):
        raw = bytes(ReceivedMail.objects.get().raw or b"")
    read = read_letter(raw)
    assert (read.text.strip(), read.senders) == ("From another program", [SENDER])
    assert [file.content.strip() for file in read.files] == [b"a few words"]


def test_when_nothing_can_be_kept_the_server_is_asked_to_come_again(
    address: str, listening: Callable[[str], Listener], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object, **_options: object) -> bool:
        raise OSError("the database is away")

    monkeypatch.setattr("parvis.mail.incoming.listener.receive", broken)
    listener = listening("127.0.0.1:0")
    with (
        smtplib.LMTP("127.0.0.1", listener.port) as client,
        pytest.raises(smtplib.SMTPDataError, match="try again"),
    ):
        client.sendmail(SENDER, [address], letter("Hello"))


def test_a_mail_that_could_not_be_delivered_is_noted_where_it_returns(
    house: tuple[Organization, Person], listening: Callable[[str], Listener]
) -> None:
    with organization_scope(house[0]):
        sent = SentMail.objects.create(person=house[1], kind=SentMail.Kind.NOTICE, address=SENDER)
        returns_to = return_path(sent)
    report = (
        b"From: MAILER-DAEMON@mx.example\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nSorry.\r\n"
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        b"Final-Recipient: rfc822; ann@house.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
    )
    with smtplib.LMTP("127.0.0.1", listening("127.0.0.1:0").port) as client:
        assert client.sendmail("", [returns_to], report) == {}
    with organization_scope(house[0]):
        assert SentMail.objects.get().state == SentMail.State.BOUNCED
    assert kept(house) == 0
