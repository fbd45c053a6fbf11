"""What leaves an inbox: once, grouped, in working time, and only what its reader may still see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone, translation

from parvis.content import actions as content
from parvis.content.models import Entry
from parvis.delivery import actions, turns
from parvis.delivery.channels import Channel, TryLater, one_by_one, register, unregister
from parvis.delivery.choices import choices_of
from parvis.delivery.models import Choice, Told, Turn
from parvis.delivery.noting import begin, note_as_told, take_back
from parvis.delivery.planning import look_again
from parvis.delivery.tasks import ask_for_due_turns, forget_old, take_back_what_was_lost
from parvis.foundation.errors import Forbidden, Invalid
from parvis.foundation.jobs import run_pending_jobs
from parvis.foundation.richtext import mention_source
from parvis.notifications import actions as notifications
from parvis.notifications.models import Notification
from parvis.notifications.queries import InboxLine, unread_lines_of
from parvis.people.models import Person, Unit
from tests.world import World

pytestmark = pytest.mark.django_db

Kind, When = Choice.Kind, Choice.When
Letter = tuple[str, list[str]]


class Post:
    """A channel that keeps what leaves, and fails as it is told."""

    def __init__(self) -> None:
        self.left: list[Letter] = []
        self.languages: list[str | None] = []
        self.fails_with: Exception | None = None
        self.cannot_write_to: Person | None = None
        self.after_each: Callable[[], None] = lambda: None

    def write(self, person: Person, lines: list[InboxLine]) -> Callable[[], None]:
        if person == self.cannot_write_to:
            raise ValueError("a fault")
        letter = (person.full_name, [line.notification.subject for line in lines])
        self.languages.append(translation.get_language())

        def carry() -> None:
            if self.fails_with is not None:
                raise self.fails_with
            self.left.append(letter)
            self.after_each()

        return carry

    def to(self, person: Person) -> list[list[str]]:
        return [subjects for name, subjects in self.left if name == person.full_name]


@pytest.fixture
def post(world: World) -> Iterator[Post]:
    """A channel without delay, and a world with nothing in any inbox."""
    run_pending_jobs()
    with world.bound():
        Notification.objects.all().delete()
    kept = Post()
    usual = {Kind.MENTION: When.NOW, Kind.REPLY: When.NOW, Kind.SPACE: When.DIGEST}
    register(
        Channel(
            name="test",
            label="Test",
            delay=timedelta(),
            reaches=lambda people: people,
            write=one_by_one(kept.write),
            at_first=usual,
        )
    )
    yield kept
    unregister("test")


class Clock:
    """Who is off until when."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.off_for = timedelta()
        monkeypatch.setattr(
            turns, "opens_at", lambda people, at: {one.id: at + self.off_for for one in people}
        )


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def mention(world: World, name: str = "bob") -> Entry:
    person = world.people[name]
    with world.bound():
        text = f"Look, {mention_source('person', person.id, person.full_name)}"
        return content.publish(author=world.alice, space=world.lounge, body=text)


def call_urgently(world: World, entry: Entry) -> None:
    notifications.notify(
        recipients=[world.bob.id],
        subject="urgent:1",
        reason=Notification.Reason.MENTION,
        actor_id=world.alice.id,
        entry_id=entry.id,
        is_urgent=True,
    )


def sweep(world: World) -> None:
    with world.bound():
        Turn.objects.filter(is_held=False).update(due_at=timezone.now())
        ask_for_due_turns()
    run_pending_jobs()


def the_morning(world: World, clock: Clock) -> None:
    clock.off_for = timedelta()
    with world.bound():
        Turn.objects.update(due_at=timezone.now())
    sweep(world)


def test_what_calls_somebody_leaves_once(world: World, post: Post) -> None:
    entry = mention(world)
    run_pending_jobs()
    assert post.to(world.people["bob"]) == [[f"thread:{entry.id}"]]
    sweep(world)
    assert len(post.left) == 1
    with world.bound():
        assert not Turn.objects.exists()
        assert Told.objects.get(channel="test").left_at is not None


def test_what_grows_leaves_again_and_what_was_read_does_not(world: World, post: Post, clock: Clock) -> None:
    clock.off_for = timedelta(hours=10)
    entry = mention(world)
    run_pending_jobs()
    with world.bound():
        notifications.mark_read(person=world.bob, subject=f"thread:{entry.id}")
    the_morning(world, clock)
    assert post.left == []
    with world.bound():
        content.reply(
            author=world.chloe, to=entry, body=mention_source("person", world.bob.id, world.bob.full_name)
        )
    run_pending_jobs()
    assert len(post.to(world.people["bob"])) == 1


def test_what_waited_for_the_morning_arrives_together(world: World, post: Post, clock: Clock) -> None:
    clock.off_for = timedelta(hours=10)
    entries = [mention(world), mention(world)]
    run_pending_jobs()
    with world.bound():
        held = Turn.objects.get(person=world.bob)
        assert held.is_held and held.due_at > timezone.now() + timedelta(hours=9)
    assert post.left == []
    the_morning(world, clock)
    assert post.to(world.people["bob"]) == [[f"thread:{entry.id}" for entry in reversed(entries)]]


def test_what_is_urgent_does_not_wait(world: World, post: Post, clock: Clock) -> None:
    clock.off_for = timedelta(hours=10)
    calm, urgent = mention(world), mention(world)
    run_pending_jobs()
    with world.bound():
        call_urgently(world, urgent)
    run_pending_jobs()
    assert post.to(world.people["bob"]) == [["urgent:1"]]
    the_morning(world, clock)
    assert post.to(world.people["bob"])[1:] == [[f"thread:{urgent.id}", f"thread:{calm.id}"]]


def test_a_change_of_hours_asks_again(world: World, post: Post, clock: Clock) -> None:
    clock.off_for = timedelta(hours=10)
    mention(world)
    run_pending_jobs()
    clock.off_for = timedelta()
    with world.bound():
        look_again([world.chloe.id])
        assert Turn.objects.get(person=world.bob).is_held
        look_again()
    sweep(world)
    assert len(post.left) == 1


def test_nothing_leaves_of_what_became_invisible(world: World, post: Post, clock: Clock) -> None:
    clock.off_for = timedelta(hours=10)
    entry = mention(world)
    run_pending_jobs()
    with world.bound():
        content.delete_entry(actor=world.alice, entry=entry)
    the_morning(world, clock)
    assert post.left == []


def test_nothing_leaves_for_who_was_suspended(world: World, post: Post, clock: Clock) -> None:
    clock.off_for = timedelta(hours=10)
    mention(world)
    run_pending_jobs()
    with world.bound():
        Person.objects.filter(pk=world.bob.pk).update(state=Person.State.SUSPENDED)
    the_morning(world, clock)
    assert post.left == []


def test_what_could_not_leave_is_tried_again(world: World, post: Post) -> None:
    post.fails_with = TryLater("the server is down")
    entry = mention(world)
    run_pending_jobs()
    with world.bound():
        assert not Told.objects.exists()
        assert Turn.objects.get(person=world.bob).attempts == 1
    post.fails_with = None
    sweep(world)
    assert post.to(world.people["bob"]) == [[f"thread:{entry.id}"]]


def test_what_may_have_left_is_never_sent_again(world: World, post: Post) -> None:
    post.fails_with = RuntimeError("cut in the middle")
    mention(world)
    run_pending_jobs()
    post.fails_with = None
    sweep(world)
    assert post.left == []
    with world.bound():
        assert Told.objects.get().left_at is None


def test_a_text_that_cannot_be_written_keeps_nobody_waiting(world: World, post: Post) -> None:
    post.cannot_write_to = world.people["bob"]
    with world.bound():
        named = [world.people[name] for name in ("bob", "chloe")]
        text = " ".join(mention_source("person", one.id, one.full_name) for one in named)
        content.publish(author=world.alice, space=world.lounge, body=text)
    run_pending_jobs()
    assert [name for name, _ in post.left] == [world.people["chloe"].full_name]
    with world.bound():
        assert Turn.objects.get().person_id == world.bob.id


def written_and_not_begun(world: World, entry: Entry, *, ago: timedelta) -> None:
    """As a worker leaves it that was killed before it came to Bob."""
    with world.bound():
        line = unread_lines_of([world.bob])[0][0]
        assert line.notification.entry_id == entry.id
        note_as_told("test", [(world.bob, [line])], waits_since=timezone.now() - ago)
        Turn.objects.all().delete()
        take_back_what_was_lost()
    run_pending_jobs()


def test_what_was_written_and_never_begun_leaves_after_all(world: World, post: Post, clock: Clock) -> None:
    clock.off_for = timedelta(hours=1)
    entry = mention(world)
    run_pending_jobs()
    clock.off_for = timedelta()
    written_and_not_begun(world, entry, ago=timedelta(minutes=1))
    assert post.left == []
    written_and_not_begun(world, entry, ago=timedelta(minutes=10))
    assert post.to(world.people["bob"]) == [[f"thread:{entry.id}"]]


def test_what_a_slow_server_kept_waiting_is_asked_about_anew(
    world: World, post: Post, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with world.bound():
        named = [world.people[name] for name in ("bob", "chloe")]
        text = " ".join(mention_source("person", one.id, one.full_name) for one in named)
        content.publish(author=world.alice, space=world.lounge, body=text)
    monkeypatch.setattr(turns, "STAYS_TRUE_FOR", timedelta())
    # Whoever comes first: the other's day ends while the server is slow.
    post.after_each = lambda: setattr(clock, "off_for", timedelta(hours=10))
    run_pending_jobs()
    assert len(post.left) == 1
    with world.bound():
        assert Turn.objects.get().is_held
        assert Told.objects.filter(channel="test").count() == 1
    the_morning(world, clock)
    assert sorted(name for name, _subjects in post.left) == sorted(one.full_name for one in named)


def test_what_is_urgent_is_tried_again_before_the_morning(world: World, post: Post, clock: Clock) -> None:
    clock.off_for = timedelta(hours=10)
    entry = mention(world)
    run_pending_jobs()
    post.fails_with = TryLater("the server is down")
    with world.bound():
        call_urgently(world, entry)
    run_pending_jobs()
    with world.bound():
        assert Turn.objects.get().due_at < timezone.now() + timedelta(minutes=5)
    post.fails_with = None
    with world.bound():
        Turn.objects.update(due_at=timezone.now())
        ask_for_due_turns()
    run_pending_jobs()
    assert post.to(world.people["bob"]) == [["urgent:1"]]
    with world.bound():
        assert Turn.objects.get().due_at > timezone.now() + timedelta(hours=9)


def test_a_slow_worker_leaves_what_was_taken_back(world: World) -> None:
    with world.bound():
        then = timezone.now() - timedelta(minutes=10)
        note_as_told("test", [(world.bob, [InboxLine(Notification(subject="thread:1"))])], waits_since=then)
        assert list(take_back(before=timezone.now())) == [("test", then)]
        assert not begin("test", world.bob.id, waits_since=then)


def test_it_is_written_in_the_language_of_its_reader(world: World, post: Post) -> None:
    with world.bound():
        Person.objects.filter(pk=world.bob.pk).update(language="fr")
    mention(world)
    run_pending_jobs()
    assert post.languages == ["fr"]


def test_old_notes_are_forgotten(world: World, post: Post) -> None:
    mention(world)
    run_pending_jobs()
    with world.bound():
        Told.objects.update(through_at=timezone.now() - timedelta(days=100))
        forget_old()
        assert not Told.objects.exists()


# Who decides what leaves


def left_for_bob(world: World, post: Post) -> bool:
    before = len(post.to(world.people["bob"]))
    mention(world)
    run_pending_jobs()
    return len(post.to(world.people["bob"])) > before


@pytest.fixture
def workshop(world: World) -> UUID:
    """Bob's unit, below another."""
    with world.bound():
        plant = Unit.objects.create(name="Plant")
        workshop = Unit.objects.create(name="Workshop", parent=plant)
        Person.objects.filter(pk=world.bob.pk).update(unit=workshop)
        return workshop.parent_id


def test_the_nearest_choice_decides(world: World, post: Post, workshop: UUID) -> None:
    plant, kind = workshop, Kind.MENTION
    assert left_for_bob(world, post)
    with world.bound():
        actions.choose_for(actor=world.alice, unit=None, channel="test", kind=kind, when=When.NEVER)
    assert not left_for_bob(world, post)
    with world.bound():
        unit = Unit.objects.get(pk=plant)
        actions.choose_for(actor=world.alice, unit=unit, channel="test", kind=kind, when=When.NOW)
        assert choices_of(world.bob)["test"][kind].unit == unit
    assert left_for_bob(world, post)
    with world.bound():
        actions.choose(person=world.bob, channel="test", kind=kind, when=When.DIGEST)
        assert choices_of(world.bob)["test"][kind].origin == "person"
        assert choices_of(world.chloe)["test"][kind].when == When.NEVER
    assert not left_for_bob(world, post)
    with world.bound():
        actions.choose(person=world.bob, channel="test", kind=kind, when="")
    assert left_for_bob(world, post)


def test_only_administrators_decide_for_others(world: World, post: Post) -> None:
    with world.bound(), pytest.raises(Forbidden):
        actions.choose_for(actor=world.bob, unit=None, channel="test", kind=Kind.MENTION, when=When.NEVER)


@pytest.mark.parametrize(
    "wrong",
    [{"channel": "pigeon"}, {"kind": "everything"}, {"when": "tomorrow"}],
    ids=lambda it: next(iter(it)),
)
def test_a_choice_that_does_not_exist_is_refused(world: World, post: Post, wrong: dict[str, str]) -> None:
    choice = {"channel": "test", "kind": str(Kind.MENTION), "when": str(When.NOW)} | wrong
    with world.bound(), pytest.raises(Invalid):
        actions.choose(person=world.bob, **choice)
