"""What a mail does: with its sender's rights, once; and all the mails that must do nothing."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from parvis.announcements.models import Acknowledgement
from parvis.announcements.reasons import subject_of
from parvis.chat import actions as chat
from parvis.chat.models import Message
from parvis.content import actions as content
from parvis.content.models import Entry, Reaction, ThreadFollow
from parvis.mail.addresses import reply_address, revoke_addresses, space_address
from parvis.mail.incoming.receiving import receive
from parvis.mail.models import ReceivedMail
from parvis.people import actions as people
from parvis.people.models import Person
from parvis.polls.actions import add_poll
from parvis.polls.models import Vote
from parvis.polls.queries import PollDraft
from parvis.spaces import actions as spaces
from tests.announcements.test_announcements import announce
from tests.mail.writing import answers, hand_over, letter
from tests.world import World

pytestmark = pytest.mark.usefixtures("mail_comes_in")

State, Cause = ReceivedMail.State, ReceivedMail.Cause


def reply_to(world: World, name: str = "bob", entry: str = "lounge post") -> str:
    """Return the address at which somebody answers an entry."""
    post = world.entries[entry]
    return reply_address(getattr(world, name), f"thread:{post.root_id}", entry_id=post.id)


def said_in(entry: Entry) -> list[str]:
    """Return what was answered in a thread, the latest last."""
    return list(Entry.objects.filter(thread_id=entry.id).order_by("id").values_list("body", flat=True))


def test_a_reply_by_mail_answers_in_the_thread_as_its_sender(world: World) -> None:
    post = world.entries["lounge post"]
    with world.bound():
        received = hand_over(
            letter("I will go.\n\nOn 23/11/2026 10:02, Atelier wrote:\n> Hello"), reply_to(world)
        )
        answer = Entry.objects.get(thread_id=post.id, author=world.bob)
    assert (received.state, received.did, received.raw) == (State.DONE, "reply", None)
    assert (answer.body, answer.reply_to_id) == ("I will go.", post.id)
    assert mail.outbox == []


def test_the_same_mail_delivered_twice_answers_once(world: World) -> None:
    with world.bound():
        raw, address = letter("Only once."), reply_to(world)
        hand_over(raw, address)
        assert receive(raw, sender="bob@atelier.example", recipient=address.upper())
        assert said_in(world.entries["lounge post"]).count("Only once.") == 1
        assert ReceivedMail.objects.count() == 1


def test_a_mail_to_the_address_of_a_space_posts_there_with_its_files(world: World) -> None:
    raw = (
        b"From: bob@atelier.example\r\nSubject: Fwd: Minutes of Monday\r\nMessage-ID: <post@mail.atelier.example>\r\n"
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n# Decided\r\n\r\n"
        b"> as quoted\r\n\r\n-- \r\nBob\r\n--b\r\nContent-Type: text/csv; name=noise.csv\r\n"
        b"Content-Disposition: attachment; filename=noise.csv\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.b64encode(b"hour;noise\n10;62\n")
        + b"\r\n--b--\r\n"
    )
    with world.bound():
        received = hand_over(raw, space_address(world.bob, world.lounge))
        post = Entry.objects.get(title="Minutes of Monday")
        assert received.did == "post" and post.author_id == world.bob.id
        assert post.body == "# Decided\n\n> as quoted"
        assert [(file.name, file.file.created_by_id) for file in post.attachments.all()] == [
            ("noise.csv", world.bob.id)
        ]


def test_a_reply_about_a_conversation_says_it_in_its_room(world: World) -> None:
    with world.bound():
        room = chat.open_direct(viewer=world.alice, person=world.bob)
        hand_over(letter("See you at two."), reply_address(world.bob, f"room:{room.id}"))
        said = Message.objects.get(room=room, author=world.bob)
        assert said.body == "See you at two."
        # “Stop” is for the conversation, not said in it.
        hand_over(letter("stop"), reply_address(world.bob, f"room:{room.id}"))
        assert Message.objects.filter(room=room, author=world.bob).count() == 1


def test_one_word_acknowledges_an_announcement_and_a_question_is_a_comment(world: World) -> None:
    with world.bound():
        announcement = announce(world.alice, world.lounge)
        address = reply_address(world.bob, subject_of(announcement), entry_id=announcement.entry_id)
        assert hand_over(letter("For press 5, too?"), address).did == "reply"
        assert said_in(announcement.entry) == ["For press 5, too?"]
        assert hand_over(letter("Lu !\n\nBob"), address).did == "acknowledge"
        kept = Acknowledgement.objects.get()
        assert (kept.channel, kept.version) == ("mail", announcement.asked_version)
        assert len(said_in(announcement.entry)) == 1


@pytest.mark.parametrize(
    ("said", "emoji"),
    [("+1", "👍"), ("Merci beaucoup !", "🙏"), ("🎉", "🎉"), ("Thanks.\n\nBob", "🙏"), ("OK", "👍")],
)
def test_a_word_of_thanks_is_a_reaction(world: World, said: str, emoji: str) -> None:
    with world.bound():
        received = hand_over(letter(said), reply_to(world, entry="lounge comment"))
        reaction = Reaction.objects.get(person=world.bob)
    assert received.did == "react"
    assert (reaction.entry_id, reaction.emoji) == (world.entries["lounge comment"].id, emoji)


def test_stop_mutes_and_read_reads_without_a_word_in_the_thread(world: World) -> None:
    with world.bound():
        before = said_in(world.entries["lounge post"])
        assert hand_over(letter("STOP !"), reply_to(world)).did == "stop"
        assert (
            ThreadFollow.objects.get(person=world.bob, thread_id=world.entries["lounge post"].id).level
            == ThreadFollow.Level.MUTED
        )
        assert hand_over(letter("Lu."), reply_to(world)).did == "read"
        assert said_in(world.entries["lounge post"]) == before


def test_the_number_or_the_words_of_a_choice_vote(world: World) -> None:
    with world.bound():
        post = content.publish(author=world.alice, space=world.lounge, body="When?")
        add_poll(author=world.alice, entry=post, draft=PollDraft(options=["Monday", "À midi", "Never"]))
        address = reply_address(world.bob, f"thread:{post.id}")
        assert hand_over(letter("2"), address).did == "vote"
        assert [vote.option.text for vote in Vote.objects.filter(person=world.bob)] == ["À midi"]
        assert hand_over(letter("monday"), address).did == "vote"
        assert [vote.option.text for vote in Vote.objects.filter(person=world.bob)] == ["Monday"]
        assert hand_over(letter("12"), address).did == "reply"


def test_who_lost_access_hears_no_more_than_that_it_is_no_longer_possible(world: World) -> None:
    with world.bound():
        address, to_space = reply_to(world, entry="project post"), space_address(world.bob, world.project)
        spaces.remove_member(actor=world.alice, space=world.project, person=world.bob)
        refused = hand_over(letter("Still here"), address)
        again = hand_over(letter("And here"), to_space)
    assert {refused.cause, again.cause} == {Cause.GONE}
    # One answer for one cause and day, without a name of anything.
    (told,) = answers()
    assert "no longer possible" in told and "pump" not in told.casefold()


def test_who_left_does_nothing_and_a_revoked_address_leads_nowhere(world: World) -> None:
    with world.bound():
        address, revoked = reply_to(world), reply_to(world, "chloe")
        revoke_addresses(world.chloe)
        assert not receive(letter("Hello"), sender="chloe@atelier.example", recipient=revoked)
        people.suspend_person(actor=world.alice, person=world.bob)
        assert hand_over(letter("Hello"), address).cause == Cause.GONE


def test_another_sender_does_nothing_and_is_told_in_their_language_without_a_word_of_the_subject(
    world: World,
) -> None:
    with world.bound():
        refused = hand_over(letter("I am Bob", sender="chloe@atelier.example"), reply_to(world))
        hand_over(letter("I am Bob", sender="chloe@atelier.example"), reply_to(world))
        assert refused.cause == Cause.SENDER
        assert "I am Bob" not in said_in(world.entries["lounge post"])
    (told,) = mail.outbox
    assert told.to == ["chloe@atelier.example"] and "personne à qui" in str(told.body)
    assert told.extra_headers["Auto-Submitted"] == "auto-replied"


@pytest.mark.parametrize(
    "headers",
    [
        "From: bob@atelier.example\r\n",
        "Sender: x\r\nFrom: a@b.example, bob@atelier.example\r\n",
    ],
)
def test_two_senders_are_none(world: World, headers: str) -> None:
    with world.bound():
        assert hand_over(letter("Hello", headers=headers), reply_to(world)).cause == Cause.SENDER
    assert answers() == []


TRUSTED = "Authentication-Results: mx.atelier.example; "
CHEAT = "Authentication-Results: mx.atelier.example; dmarc=pass header.from=atelier.example\r\n"


@pytest.mark.parametrize(
    ("headers", "state"),
    [
        (TRUSTED + "dmarc=pass header.from=atelier.example\r\n", State.DONE),
        (TRUSTED + "dmarc=fail header.from=atelier.example\r\n", State.REFUSED),
        (TRUSTED + "dmarc=fail header.from=atelier.example; dkim=pass header.d=x.example\r\n", State.REFUSED),
        (TRUSTED + "dkim=fail header.d=atelier.example\r\n", State.REFUSED),
        # Written by the sender, below what the relay found.
        (TRUSTED + "dmarc=fail header.from=atelier.example\r\n" + CHEAT, State.REFUSED),
        # Nobody's business: another server's.
        ("Authentication-Results: evil.example; dmarc=fail header.from=x\r\n", State.DONE),
        (TRUSTED + "none\r\n", State.DONE),
        ("", State.DONE),
        ("Authentication-Results: " + "(" * 4000 + "\r\n", State.DONE),
    ],
)
def test_what_the_trusted_relay_found_forged_does_nothing(
    world: World, set_mail: Callable[..., None], headers: str, state: str
) -> None:
    set_mail(mail_authserv_id="mx.atelier.example")
    with world.bound():
        received = hand_over(letter("Is it me?", headers=headers), reply_to(world))
    assert received.state == state and answers() == []
    assert received.cause == (Cause.FORGED if state == State.REFUSED else "")


@pytest.mark.parametrize(
    ("headers", "subject", "envelope", "cause"),
    [
        ("Auto-Submitted: auto-replied\r\n", "Re: News", "bob@atelier.example", Cause.AUTOMATIC),
        ("Precedence: bulk\r\n", "Re: News", "bob@atelier.example", Cause.AUTOMATIC),
        ("List-Id: <x.example>\r\n", "Re: News", "bob@atelier.example", Cause.AUTOMATIC),
        ("X-Autoreply: yes\r\n", "Re: News", "bob@atelier.example", Cause.AUTOMATIC),
        ("", "Réponse automatique : News", "bob@atelier.example", Cause.AUTOMATIC),
        ("", "Out of office: back on Monday", "bob@atelier.example", Cause.AUTOMATIC),
        ("", "Re: News", "", Cause.AUTOMATIC),
        ("X-Loop: parvis\r\n", "Re: News", "bob@atelier.example", Cause.LOOP),
    ],
)
def test_what_a_machine_wrote_does_nothing_and_is_never_answered(
    world: World, headers: str, subject: str, envelope: str, cause: str
) -> None:
    with world.bound():
        raw = letter("I am away.", subject=subject, headers=headers)
        received = hand_over(raw, reply_to(world), sender=envelope)
        assert (received.state, received.cause) == (State.REFUSED, cause)
    assert answers() == []


def test_our_own_mail_coming_back_is_a_loop(world: World) -> None:
    raw = re.sub(rb"Message-ID: \S+", b"Message-ID: <1@reply.atelier.example>", letter("Hello"))
    with world.bound():
        assert hand_over(raw, reply_to(world)).cause == Cause.LOOP


def test_an_old_address_does_nothing_and_says_so(world: World) -> None:
    with world.bound():
        address = reply_to(world)
        with time_machine.travel(timezone.now() + timedelta(days=181), tick=False):
            assert hand_over(letter("Hello"), address).cause == Cause.STALE
    assert ["too old" in told for told in answers()] == [True]


def test_nothing_written_is_told_and_too_many_mails_wait(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from parvis.foundation.throttle import Rate
    from parvis.mail.incoming import acting

    monkeypatch.setattr(acting, "RATE", Rate(1, 3600))
    with world.bound():
        assert hand_over(letter("> only a quote"), reply_to(world)).cause == Cause.EMPTY
        assert hand_over(letter("More"), reply_to(world)).cause == Cause.RATE


def test_what_an_action_refuses_is_said_to_the_sender(world: World) -> None:
    with world.bound():
        raw = letter("x" * 250_000)
        assert hand_over(raw, reply_to(world)).cause == Cause.INVALID
    (told,) = answers()
    assert "could not be taken in" in told


def test_a_mail_cannot_put_words_into_headers_of_the_answer(world: World) -> None:
    raw = letter("Hi", sender="eve@evil.example").replace(
        b"@mail.atelier.example>", b"@x>=?utf-8?q?=0aBcc:=20all=40atelier.example?="
    )
    with world.bound():
        hand_over(raw, reply_to(world))
    (told,) = mail.outbox
    assert "In-Reply-To" not in told.extra_headers and told.recipients() == ["eve@evil.example"]


@pytest.mark.parametrize(
    "raw",
    [
        b"X: y\r\n" * 10_000 + b"\r\nhello",
        b'Content-Type: multipart/mixed; boundary="a"\r\n\r\n'
        + b'--a\r\nContent-Type: multipart/mixed; boundary="a"\r\n\r\n' * 5_000,
        b"Content-Type: message/rfc822\r\n\r\n" * 3_000,
        b'Content-Type: multipart/mixed; boundary="a"\r\n\r\n' + b"--a\r\n\r\nx\r\n" * 100_000,
        b"Content-Type: text/html\r\n\r\n" + b"<b></i>" * 40_000,
    ],
    ids=["headers", "nested", "mails within mails", "parts", "markup"],
)
def test_bombs_are_refused_before_they_are_parsed(world: World, raw: bytes) -> None:
    with world.bound():
        received = hand_over(b"From: bob@atelier.example\r\n" + raw, reply_to(world))
    assert received.cause == Cause.MALFORMED and answers() == []


def test_the_answer_to_a_known_sender_is_in_their_language(world: World) -> None:
    with world.bound():
        Person.objects.filter(pk=world.bob.pk).update(language="fr")
        hand_over(letter("> rien"), reply_to(world))
    assert answers()[0].startswith("Bonjour,")
