"""The pages of announcements: written, acknowledged with and without scripts, followed, printed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client

from parvis.announcements import actions
from parvis.announcements.models import Acknowledgement, Announcement, Evidence, Recipient
from parvis.foundation.jobs import run_pending_jobs
from parvis.notifications.models import Notification
from parvis.people.models import Person, Unit
from tests.announcements.test_announcements import announce, of
from tests.browsing import Visitor, text_of, visit
from tests.world import World

pytestmark = pytest.mark.django_db

Visit = Callable[[str], Visitor]


@pytest.fixture
def visitor(world: World) -> Visit:
    """Somebody of the cast with a browser."""
    return lambda name: visit(world, name, Client(SERVER_NAME="localhost"))


def form(world: World, **more: object) -> dict[str, object]:
    return {
        "space": str(world.spaces["lounge"].id),
        "title": "Gloves at press 4",
        "body": "Wear **cut** gloves.",
        "audience": "space",
        "asks": "on",
        "reminders": "2,5",
        "escalation": "hosts",
        "ends_on": "2027-01-31",
        "do": "publish",
        **more,
    }


def follow(visitor: Visitor, answer: HttpResponse) -> str:
    assert answer.status_code == 302, text_of(answer)
    return text_of(visitor.get(answer["Location"]))


def test_it_is_written_published_and_followed(world: World, visitor: Visit) -> None:
    with world.bound():
        alice = visitor("alice")
        assert "Who gets it" in text_of(alice.get(f"/announcements/new?space={world.lounge.id}"))
        answer = alice.post("/announcements/new", form(world))
        assert answer.status_code == 302
        run_pending_jobs()
        shown = text_of(alice.get(answer["Location"]))
        assert "Bob Dupont" in shown and "0 %" in shown and "Everybody in Lounge" in shown
        for name in ("bob", "dan", "grace"):
            assert visitor(name).get(answer["Location"]).status_code == 404
            assert visitor(name).get("/announcements/new").status_code == 404


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"deadline": "2020-01-01T08:00"}, "The deadline has passed"),
        ({"deadline": "soon"}, "Enter a valid date/time."),
        ({"audience": "groups"}, "fill in one group at least"),
        ({"audience": "groups", "group_location": "Atlantis"}, "Nobody is meant by this"),
        ({"title": ""}, "Give it a title"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    world: World, visitor: Visit, more: dict[str, object], said: str
) -> None:
    with world.bound():
        typed = form(world, question_fr="J’ai lu la consigne", **more)
        answer = visitor("alice").post("/announcements/new", typed)
        shown = text_of(answer)
        assert answer.status_code == 422 and said in shown
        assert "Wear **cut** gloves." in shown and "J’ai lu la consigne" in shown
        assert "2027-01-31" in shown
        for value in more.values():
            assert str(value) in shown
        assert not Announcement.objects.filter(asked_at__isnull=False).exists()


def test_an_audience_that_cannot_read_it_stops_until_one_goes_on(world: World, visitor: Visit) -> None:
    with world.bound():
        typed = form(
            world,
            space=str(world.project.id),
            audience="groups",
            group_location=["Lyon", ""],
            group_unit=["", ""],
        )
        alice = visitor("alice")
        refused = alice.post("/announcements/new", typed)
        shown = text_of(refused)
        assert refused.status_code == 422
        assert "1 person whom you mean cannot read Quieter pumps" in shown and "Chloé Élan" in shown
        fragment = text_of(alice.post("/announcements/audience", typed, fragment=True))
        assert "1 person gets it" in fragment and "<html" not in fragment
        assert alice.post("/announcements/new", {**typed, "goes_on": "on"}).status_code == 302
        run_pending_jobs()
        assert Recipient.objects.get().person.full_name == "Bob Dupont"


def test_without_a_script_another_group_is_a_page_that_kept_everything(world: World, visitor: Visit) -> None:
    with world.bound():
        typed = form(world, do="group", audience="groups", group_skill="Pumps", title="Half wri")
        shown = text_of(visitor("alice").post("/announcements/new", typed))
        assert "Half wri" in shown and "Pumps" in shown
        assert shown.count('name="group_skill"') == 2
        assert not Announcement.objects.exists()


def test_one_click_on_a_card_a_page_the_list_and_a_line_of_the_inbox(world: World, visitor: Visit) -> None:
    with world.bound():
        announcement = announce(world.alice, world.everyone, question_en="I have read it and I wear them")
        entry = announcement.entry
        address = f"/entries/{entry.id}/acknowledgement"
        bob, chloe, dan, max_ = (visitor(name) for name in ("bob", "chloe", "dan", "max"))
        assert 'value="feed"' in text_of(bob.get("/"))
        card = bob.post(address, {"version": entry.version, "channel": "feed"}, fragment=True)
        assert "You acknowledged this" in text_of(card) and "<html" not in text_of(card)
        thread = text_of(chloe.get(f"/entries/{entry.id}"))
        assert "Vous" not in thread or "Alice Martin" in thread
        assert chloe.post(address, {"version": entry.version, "channel": "page"}).status_code == 302
        assert "Gloves at press 4" in text_of(dan.get("/announcements"))
        assert "Gloves at press 4" in text_of(dan.get("/announcements/waiting", fragment=True))
        listed = dan.post(address, {"version": entry.version, "channel": "list"}, fragment=True)
        assert "Gloves at press 4" not in text_of(listed)
        inbox = text_of(max_.get("/notifications"))
        line = re.search(r'name="line" value="([0-9a-f-]+)"', inbox)
        assert line is not None
        assert inbox.count("I have read it and I wear them") == 1, "the words that are kept as evidence"
        answered = max_.post(
            address, {"version": entry.version, "channel": "inbox", "line": line[1]}, fragment=True
        )
        assert 'id="notification-' in text_of(answered) and address not in text_of(answered)
        kept = dict(Acknowledgement.objects.values_list("person__full_name", "channel"))
        assert kept == {
            "Bob Dupont": "feed",
            "Chloé Élan": "page",
            "Dan Field": "list",
            "Max Arbiter": "inbox",
        }
        # Nobody says of themselves that they answered by mail or by a program.
        assert not Notification.objects.filter(reason="to_acknowledge").exists()


def test_an_older_text_is_not_acknowledged_by_an_open_window(world: World, visitor: Visit) -> None:
    with world.bound():
        announcement = announce(world.alice, world.lounge)
        edit = visitor("alice").post(
            f"/announcements/{announcement.entry_id}/edit",
            form(world, version=announcement.entry.version, title="Other gloves", asks_again="on", do="keep"),
        )
        assert edit.status_code == 302
        refused = visitor("bob").post(
            f"/entries/{announcement.entry_id}/acknowledgement",
            {"version": announcement.entry.version, "channel": "page"},
            fragment=True,
        )
        assert refused.status_code == 422 and "read it again" in text_of(refused)
        assert of(announcement.entry).asked_version > announcement.asked_version


def test_who_gets_the_names_is_told_to_everybody_who_is_asked(world: World, visitor: Visit) -> None:
    with world.bound():
        announcement = announce(world.alice, world.lounge, escalation="managers")
        shown = text_of(visitor("bob").get(f"/entries/{announcement.entry_id}"))
        assert "visible to Alice Martin, the hosts of Lounge and your manager" in shown
        # A manager sees their own people and nobody else.
        Person.objects.filter(pk=world.people["bob"].pk).update(manager=world.people["dan"])
        mine = text_of(visitor("dan").get(f"/announcements/{announcement.entry_id}/progress"))
        assert "Bob Dupont" in mine and "Chloé Élan" not in mine
        assert visitor("max").get(f"/announcements/{announcement.entry_id}/progress").status_code == 404
        for path in ("names.csv", f"evidence/{announcement.id}"):
            for name in ("dan", "bob", "max"):
                assert visitor(name).get(f"/announcements/{announcement.entry_id}/{path}").status_code == 404


def test_the_file_of_names_holds_no_formula(world: World, visitor: Visit) -> None:
    with world.bound():
        Person.objects.filter(pk=world.people["bob"].pk).update(full_name="=HYPERLINK(1)")
        Person.objects.filter(pk=world.people["chloe"].pk).update(unit=Unit.objects.create(name="+Unit"))
        announcement = announce(world.alice, world.lounge)
        answer = visitor("alice").get(f"/announcements/{announcement.entry_id}/names.csv?state=missing")
        lines = text_of(answer).splitlines()
        assert len(lines) == 3
        assert "'=HYPERLINK(1)" in lines[1] and ",'+Unit," in lines[2]


@pytest.mark.parametrize(
    ("name", "language", "words"), [("alice", "en", "Intact"), ("chloe", "fr", "Intact")]
)
def test_evidence_is_a_page_in_both_languages(
    world: World, visitor: Visit, name: str, language: str, words: str
) -> None:
    with world.bound():
        announcement = announce(world.alice, world.lounge)
        somebody = visitor(name)
        answer = somebody.post(f"/announcements/{announcement.entry_id}/evidence")
        shown = follow(somebody, answer)
        made = Evidence.objects.get()
        assert f'lang="{language}"' in shown and words in shown and made.sha256 in shown
        assert "Wear **cut** gloves." in shown
        Evidence.objects.update(sha256="0" * 64)
        assert words not in follow(somebody, answer)


def test_administrators_say_who_announces_to_all(world: World, visitor: Visit) -> None:
    with world.bound():
        alice = visitor("alice")
        assert "Bob Dupont" in text_of(alice.get("/announcements/announcers?q=bob"))
        assert alice.post("/announcements/announcers", {"person": str(world.bob.id)}).status_code == 302
        assert visitor("bob").get("/announcements/new").status_code == 200
        assert visitor("bob").get("/announcements/announcers").status_code == 404
        alice.post("/announcements/announcers", {"person": str(world.bob.id), "do": "revoke"})
        assert visitor("bob").get("/announcements/new").status_code == 404


def test_a_draft_shows_whom_it_will_reach_and_is_published_from_there(world: World, visitor: Visit) -> None:
    with world.bound():
        alice = visitor("alice")
        answer = alice.post("/announcements/new", form(world, do="keep"))
        shown = follow(alice, answer)
        assert "2 people get it" in shown
        assert "Gloves at press 4" in text_of(alice.get("/announcements/sent"))
        edited = text_of(alice.get(f"{answer['Location']}/edit"))
        assert "Wear **cut** gloves." in edited
        assert alice.post(f"{answer['Location']}/publication").status_code == 302
        run_pending_jobs()
        assert Recipient.objects.count() == 2
        assert actions.take_due_steps() == 0
