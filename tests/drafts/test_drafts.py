"""What somebody writes and has not sent: theirs alone, on all their devices, and never overwritten unseen."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from parvis.content import actions as content
from parvis.content.actions.files import bring_file
from parvis.content.later import later_choices
from parvis.content.models import Entry
from parvis.drafts import actions, queries
from parvis.drafts.actions import Typed
from parvis.drafts.models import Draft
from parvis.foundation.errors import Conflict, Invalid
from parvis.foundation.files import unattached_files
from parvis.foundation.jobs import run_pending_jobs
from parvis.notifications.queries import inbox
from parvis.people.models import Person
from parvis.polls.models import Poll
from parvis.spaces import actions as spaces
from tests.browsing import Visitor, text_of
from tests.world import World

pytestmark = pytest.mark.django_db
Visit = Callable[[str], Visitor]


def keep(person: Person, body: str, *, place: str = "post", base: int = 0, **more: object) -> Draft | None:
    return actions.keep_draft(person=person, place=place, typed=Typed(body=body, **more), base=base)  # type: ignore[arg-type]


def test_a_draft_is_kept_per_person_and_place(world: World) -> None:
    with world.bound():
        keep(world.bob, "Bob's")
        keep(world.chloe, "Chloé's")
        keep(world.bob, "Elsewhere", place="reply-1")
        draft = queries.find_draft(world.bob, "post")
        assert draft is not None and draft.body == "Bob's"
        assert queries.find_draft(world.dan, "post") is None


def test_another_windows_text_is_not_overwritten_unseen(world: World) -> None:
    with world.bound():
        keep(world.bob, "First")
        keep(world.bob, "First and second", base=1)
        with pytest.raises(Conflict) as conflict:
            keep(world.bob, "Something else", base=1)
        assert conflict.value.current.body == "First and second"
        same = keep(world.bob, "First and second", base=1)
        assert same is not None and same.version == 3
        assert keep(world.bob, "Decided", base=3)


def test_what_was_sent_is_no_draft_any_more_and_does_not_come_back(world: World) -> None:
    own = uuid.uuid4()
    with world.bound():
        keep(world.bob, "Sent", entry_id=own)
        content.publish(author=world.bob, space=world.lounge, body="Sent", id=own)
    run_pending_jobs()
    with world.bound():
        assert queries.find_draft(world.bob, "post") is None
        assert keep(world.bob, "Sent (late)", entry_id=own) is None
        post = world.entries["lounge post"]
        keep(world.alice, "Changed", place=f"edit-{post.id}-1")
        content.edit_entry(editor=world.alice, entry=post, body="Changed", expected_version=1)
    run_pending_jobs()
    with world.bound():
        assert not Draft.objects.exists()


def test_what_is_too_long_or_cannot_be_stored_is_refused(world: World) -> None:
    with world.bound():
        for body, place in (("x" * 100_001, "post"), ("x", "p" * 121)):
            with pytest.raises(Invalid):
                keep(world.bob, body, place=place)


def test_a_window_saves_reads_and_discards(world: World, visitor: Visit) -> None:
    bob, address = visitor("bob"), "/drafts/post"
    assert bob.get(address).status_code == 204
    assert bob.post(address, {"body": "Half", "base": "0"}).json() == {"version": 1}
    assert visitor("bob").get(address).json()["body"] == "Half"
    assert visitor("chloe").get(address).status_code == 204
    refused = bob.post(address, {"body": "Other", "base": "0"})
    assert refused.status_code == 409 and refused.json()["body"] == "Half"
    assert bob.send("DELETE", address).status_code == 204
    assert bob.get(address).status_code == 204


def test_the_page_leads_back_to_each_place_and_shows_nothing_that_was_lost(
    world: World, visitor: Visit
) -> None:
    post, secret = world.entries["lounge post"], world.entries["cellar post"]
    with world.bound():
        keep(world.bob, "A post", place="post", space_id=world.spaces["lounge"].id)
        keep(world.bob, "An answer", place=f"reply-{post.id}")
        keep(world.bob, "To what I lost", place=f"reply-{secret.id}")
    page = text_of(visitor("bob").get("/drafts"))
    for said in ("Post in Lounge", "Comment to Alice Martin", "An answer", "To what I lost"):
        assert said in page
    assert "Chloé" not in page and str(secret.id) not in page.replace(f"/drafts/reply-{secret.id}", "")
    assert "An answer" not in text_of(visitor("chloe").get("/drafts"))


@pytest.fixture
def later(world: World, visitor: Visit) -> Callable[..., Entry]:
    def write(**more: object) -> Entry:
        moment = (timezone.localtime(timezone=ZoneInfo("Europe/Paris")) + timedelta(days=2)).strftime(
            "%Y-%m-%dT09:00"
        )
        typed = {"space": world.spaces["lounge"].id, "body": "In two days", "publish_at": moment, **more}
        answer = visitor("bob").post("/entries", typed, fragment=True)
        assert answer.status_code == 202 and "Will be published on" in text_of(answer)
        with world.bound():
            return Entry.objects.get(body="In two days")

    return write


def test_a_post_waits_for_its_hour_in_the_writers_own_zone(
    world: World, visitor: Visit, later: Callable[..., Entry]
) -> None:
    entry = later(poll_option=["Yes", "No"])
    assert entry.state == Entry.State.SCHEDULED and entry.publish_at is not None
    assert timezone.localtime(entry.publish_at, ZoneInfo("Europe/Paris")).hour == 9
    assert visitor("chloe").get(f"/entries/{entry.id}").status_code == 404
    assert visitor("chloe").get(f"/scheduled/{entry.id}").status_code == 404
    assert "In two days" in text_of(visitor("bob").get("/drafts"))
    with world.bound():
        Entry.objects.filter(pk=entry.pk).update(publish_at=timezone.now() - timedelta(seconds=1))
        assert content.publish_due() == 1
        assert Poll.objects.get(entry=entry).options.count() == 2
    assert "In two days" in text_of(visitor("chloe").get(f"/entries/{entry.id}"))


def test_a_waiting_post_is_changed_published_now_or_kept_back(
    world: World, visitor: Visit, later: Callable[..., Entry]
) -> None:
    entry, bob = later(), visitor("bob")
    assert 'type="datetime-local"' in text_of(bob.get(f"/scheduled/{entry.id}"))
    assert bob.post(f"/scheduled/{entry.id}", {"body": "Changed"}).status_code == 302
    refused = bob.post(f"/scheduled/{entry.id}", {"body": "Kept", "publish_at": "2020-01-01T09:00"})
    assert refused.status_code == 422 and "Kept" in text_of(refused)
    assert bob.send("DELETE", f"/scheduled/{entry.id}").status_code == 302
    with world.bound():
        assert not Entry.objects.filter(pk=entry.pk).exists()
        assert [one.draft.body for one in queries.drafts_of(world.bob)] == ["Changed"]
    again = later()
    assert bob.post(f"/scheduled/{again.id}/publication").status_code == 302
    with world.bound():
        again.refresh_from_db()
    assert again.state == Entry.State.PUBLISHED


@pytest.mark.parametrize("moment", ["2020-01-01T09:00", "nonsense", "2027-03-28T02:30"])
def test_an_hour_that_does_not_exist_or_has_passed_is_refused(
    world: World, visitor: Visit, moment: str
) -> None:
    typed = {"space": world.spaces["lounge"].id, "body": "Never", "publish_at": moment}
    answer = visitor("bob").post("/entries", typed, fragment=True)
    assert answer.status_code == 422 and "Never" in text_of(answer)
    with world.bound():
        assert not Entry.objects.filter(body="Never").exists()


def test_nine_oclock_is_nine_oclock_across_the_change_of_clocks() -> None:
    paris = ZoneInfo("Europe/Paris")
    with timezone.override(paris):
        saturday = datetime(2027, 3, 27, 10, tzinfo=paris)
        moments = dict(later_choices(saturday))
        assert list(moments) == ["2027-03-27T14:00", "2027-03-28T09:00", "2027-03-29T09:00"]
        tomorrow = timezone.make_aware(datetime.fromisoformat("2027-03-28T09:00"))
        assert tomorrow.astimezone(UTC).hour == 7
        sunday_evening = datetime(2027, 3, 28, 20, tzinfo=paris)
        assert list(dict(later_choices(sunday_evening))) == ["2027-03-29T09:00"]


def test_a_poll_and_files_are_kept_with_a_draft(world: World, visitor: Visit) -> None:
    bob, address = visitor("bob"), "/drafts/post"
    with world.bound():
        mine = bring_file(person=world.bob, source=BytesIO(b"Minutes"), name="minutes.txt")
        theirs = bring_file(person=world.chloe, source=BytesIO(b"Secret"), name="secret.txt")
    typed = {
        "body": "Which one?",
        "poll_option": ["Tea", "Coffee", ""],
        "poll_multiple": "on",
        "attachments": [str(mine.id), str(theirs.id)],
    }
    assert bob.post(address, {**typed, "base": "0"}).json() == {"version": 1}
    kept = visitor("bob").get(address).json()
    assert kept["fields"] == {"poll_option": ["Tea", "Coffee", ""], "poll_multiple": ["on"]}
    assert str(mine.id) in kept["files"] and str(theirs.id) not in kept["files"]
    page = text_of(bob.get("/drafts"))
    assert "Poll with 2 choices" in page and "1 file" in page
    with world.bound():
        assert mine not in unattached_files(before=timezone.now())
        actions.discard_draft(person=world.bob, place="post")
        assert mine in unattached_files(before=timezone.now())


def test_going_on_opens_the_composer_of_that_draft(world: World, visitor: Visit) -> None:
    place = f"post-{world.spaces['lounge'].id}"
    with world.bound():
        keep(world.bob, "Begun", place=place)
    bob = visitor("bob")
    assert f"draft={place}" in text_of(bob.get("/drafts"))
    assert f'data-draft="{place}"' in text_of(bob.get(f"/entries?draft={place}"))
    assert 'data-draft="edit-1"' not in text_of(bob.get("/entries?draft=edit-1"))


def test_fields_of_a_draft_that_grow_without_end_are_refused(world: World) -> None:
    with world.bound(), pytest.raises(Invalid):
        keep(world.bob, "x", fields={"poll_option": ["x" * 500] * 20})


def test_a_post_that_waits_can_ask_something_else_and_keeps_it_when_it_is_taken_back(
    world: World, visitor: Visit, later: Callable[..., Entry]
) -> None:
    entry = later(poll_option=["A", "B"])
    bob = visitor("bob")
    page = text_of(bob.get(f"/scheduled/{entry.id}"))
    assert 'value="A"' in page
    saved = bob.post(f"/scheduled/{entry.id}", {"body": "In two days", "poll_option": ["C", "D", "E"]})
    assert saved.status_code == 302
    with world.bound():
        assert list(Poll.objects.get().options.values_list("text", flat=True)) == ["C", "D", "E"]
    bob.send("DELETE", f"/scheduled/{entry.id}")
    with world.bound():
        assert not Poll.objects.exists()
        assert Draft.objects.get().fields["poll_option"] == ["C", "D", "E"]


def test_whoever_can_no_longer_post_there_is_told_and_keeps_the_text(
    world: World, visitor: Visit, later: Callable[..., Entry]
) -> None:
    entry = later()
    with world.bound():
        spaces.remove_member(actor=world.alice, space=world.lounge, person=world.bob)
        Entry.objects.filter(pk=entry.pk).update(publish_at=timezone.now() - timedelta(minutes=1))
        content.publish_due()
    run_pending_jobs()
    bob = visitor("bob")
    assert "In two days" in text_of(bob.get("/drafts"))
    with world.bound():
        [line] = [one for one in inbox(world.bob)[0] if one.notification.reason == "not_published"]
    assert bob.get(f"/notifications/{line.notification.id}").url.endswith("/drafts")
