"""Polls: one vote each, counted right, seen when it may be, and anonymous by construction."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone

from parvis.content import actions as content
from parvis.content.models import Entry
from parvis.foundation.errors import DomainError, Forbidden, Invalid, NotFound
from parvis.foundation.models import RecordedEvent
from parvis.foundation.tenancy import organization_scope
from parvis.people.models import Person
from parvis.polls import actions, queries
from parvis.polls.models import Option, Poll, Vote, Voter
from parvis.polls.queries import PollDraft, PollView
from tests.browsing import Visitor, text_of
from tests.world import World, join

pytestmark = pytest.mark.django_db
Visit = Callable[[str], Visitor]


def ask(world: World, *options: str, space: str = "lounge", author: str = "bob", **how: Any) -> Poll:
    post = content.publish(
        author=getattr(world, author), space=getattr(world, space), body="Where do we eat?"
    )
    return actions.add_poll(
        author=getattr(world, author),
        entry=post,
        draft=PollDraft(options=options or ("Here", "There", "Nowhere"), **how),
    )


def choose(poll: Poll, person: Person, *texts: str) -> None:
    ids = Option.objects.filter(poll=poll, text__in=texts).values_list("id", flat=True)
    actions.vote(voter=person, poll=poll, option_ids=list(ids))


def seen(poll: Poll, viewer: Person) -> PollView:
    return queries.poll_view(viewer, queries.find_poll(viewer, poll.entry_id))


def tallies(poll: Poll, viewer: Person) -> dict[str, int | None]:
    return {option.text: option.votes for option in seen(poll, viewer).options}


def test_votes_are_counted_and_can_be_changed_until_the_end(world: World) -> None:
    with world.bound():
        poll = ask(world)
        choose(poll, world.bob, "Here")
        choose(poll, world.chloe, "Here")
        choose(poll, world.chloe, "There")
        assert tallies(poll, world.bob) == {"Here": 1, "There": 1, "Nowhere": 0}
        assert seen(poll, world.chloe).voter_count == 2
        actions.take_vote_back(voter=world.chloe, poll=poll)
        actions.take_vote_back(voter=world.chloe, poll=poll)
        assert tallies(poll, world.bob) == {"Here": 1, "There": 0, "Nowhere": 0}
        assert (seen(poll, world.bob).voter_count, seen(poll, world.chloe).has_voted) == (1, False)
        actions.close_poll(actor=world.bob, poll=poll)
        with pytest.raises(Invalid):
            choose(poll, world.chloe, "There")


def test_several_choices_only_where_they_are_allowed(world: World) -> None:
    with world.bound():
        single, multiple = ask(world), ask(world, is_multiple=True)
        with pytest.raises(Invalid):
            choose(single, world.bob, "Here", "There")
        choose(multiple, world.bob, "Here", "There")
        assert tallies(multiple, world.bob) == {"Here": 1, "There": 1, "Nowhere": 0}
        assert seen(multiple, world.bob).voter_count == 1
        with pytest.raises(Invalid):
            actions.vote(voter=world.bob, poll=single, option_ids=[])
        with pytest.raises(Invalid):
            choose(single, world.bob, "Nothing of the kind")
        with pytest.raises(Invalid):
            actions.vote(
                voter=world.bob, poll=single, option_ids=[Option.objects.filter(poll=multiple)[0].id]
            )


@pytest.mark.parametrize(
    ("options", "how"),
    [
        (("One",), {}),
        (("Same", " Same "), {}),
        (("a", "b"), {"closes_at": timezone.now() - timedelta(minutes=1)}),
        (("a", "b"), {"closes_at": datetime.fromisoformat("9999-12-31T23:59:59-12:00")}),
        (("a", "x" * 201), {}),
        (tuple(map(str, range(21))), {}),
        (("a", "b"), {"shows_results": "never"}),
    ],
)
def test_what_is_no_poll_is_refused(world: World, options: tuple[str, ...], how: dict[str, Any]) -> None:
    with world.bound(), pytest.raises(Invalid):
        ask(world, *options, **how)


def test_results_show_when_the_author_said(world: World) -> None:
    hidden = {"Here": None, "There": None, "Nowhere": None}
    with world.bound():
        always, voted, closed = (ask(world, shows_results=when) for when in ("always", "voted", "closed"))
        for poll in (always, voted, closed):
            choose(poll, world.bob, "Here")
        assert tallies(always, world.chloe)["Here"] == 1
        assert (tallies(voted, world.chloe), tallies(voted, world.bob)["Here"]) == (hidden, 1)
        assert tallies(closed, world.bob) == hidden
        for poll in (voted, closed):
            actions.close_poll(actor=world.alice, poll=poll)
            assert tallies(poll, world.chloe)["Here"] == 1


def test_a_poll_ends_at_its_time_even_before_the_sweeper_comes(world: World) -> None:
    with world.bound():
        poll = ask(world, closes_at=timezone.now() + timedelta(hours=1))
        Poll.objects.filter(pk=poll.pk).update(closes_at=timezone.now() - timedelta(seconds=1))
        assert not seen(poll, world.bob).is_open
        with pytest.raises(Invalid):
            choose(poll, world.bob, "Here")
        assert (actions.close_due(), actions.close_due()) == (1, 0)


def test_only_those_who_take_part_vote_and_only_author_and_hosts_end(world: World) -> None:
    with world.bound():
        poll = ask(world, space="project")
        with pytest.raises(NotFound):
            queries.find_poll(world.chloe, poll.entry_id)
        with pytest.raises(Forbidden):
            actions.vote(voter=world.sam, poll=poll, option_ids=[poll.options.all()[0].id])
        with pytest.raises(Forbidden):
            actions.close_poll(actor=world.grace, poll=poll)
        choose(poll, world.grace, "Here")
        with pytest.raises(Forbidden):
            actions.add_poll(author=world.alice, entry=poll.entry, draft=PollDraft(options=["a", "b"]))


def test_an_anonymous_poll_shows_nothing_before_its_end_nor_below_five_votes(world: World) -> None:
    with world.bound():
        poll = ask(world, is_anonymous=True, shows_results="always")
        people = [world.alice, world.bob, world.chloe, world.dan]
        for person in people:
            choose(poll, person, "Here")
        assert tallies(poll, world.bob)["Here"] is None
        with pytest.raises(Invalid):
            choose(poll, world.bob, "There")
        with pytest.raises(Invalid):
            actions.take_vote_back(voter=world.bob, poll=poll)
        actions.close_poll(actor=world.bob, poll=poll)
        assert tallies(poll, world.bob)["Here"] is None and seen(poll, world.bob).is_too_small
        Poll.objects.filter(pk=poll.pk).update(closed_at=None)
        choose(poll, world.max, "There")
        actions.close_poll(actor=world.bob, poll=poll)
        assert tallies(poll, world.bob) == {"Here": 4, "There": 1, "Nowhere": 0}
        with pytest.raises(NotFound):
            queries.ballots_of(world.bob, poll)


def test_nothing_in_the_database_links_a_voter_to_a_choice(world: World) -> None:
    """By construction: no row, no event, no job, no time, no order leads from who voted to what was chosen."""
    with world.bound():
        poll = ask(world, is_anonymous=True)
        before = RecordedEvent.objects.count()
        choose(poll, world.chloe, "Here")
        assert not Vote.objects.filter(poll=poll).exists()
        voter = Voter.objects.get(poll=poll)
        # A random id: a UUIDv7 would say when.
        assert voter.id.version == 4
        assert {field.name for field in Voter._meta.fields} == {"id", "organization", "poll", "person"}
        events = RecordedEvent.objects.order_by("-id")[: RecordedEvent.objects.count() - before]
        assert [(event.actor_id, event.type) for event in events] == [(None, "content.entry_part_changed")]
        assert str(world.chloe.id) not in str([event.payload for event in events])
        with connection.cursor() as cursor:
            # All tallies were written together: the youngest row is no hint.
            cursor.execute(
                "SELECT count(DISTINCT xmin::text) FROM polls_option WHERE poll_id = %s", [poll.id]
            )
            assert cursor.fetchone() == (1,)
            cursor.execute(
                "SELECT count(*) FROM procrastinate_jobs WHERE args::text LIKE %s", [f"%{world.chloe.id}%"]
            )
            (jobs,) = cursor.fetchone()
            cursor.execute(
                "SELECT count(*) FROM procrastinate_jobs WHERE args::text LIKE %s",
                [f"%{poll.options.get(text='Here').id}%"],
            )
            assert cursor.fetchone() == (0,) or jobs == 0


def vote_now(**fields: Any) -> None:
    Vote.objects.create(**fields)
    check_constraints()


def promise_now(poll: Poll) -> None:
    Poll.objects.filter(pk=poll.pk).update(is_anonymous=True)
    check_constraints()


def check_constraints() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_database_refuses_a_name_in_an_anonymous_poll(world: World) -> None:
    with world.bound():
        poll = ask(world, is_anonymous=True)
        option = poll.options.all()[0]
        with pytest.raises(IntegrityError), transaction.atomic():
            vote_now(poll=poll, option=option, person=world.bob)
        with pytest.raises(IntegrityError), transaction.atomic():
            Vote.objects.create(poll=poll, option=option, person=world.bob, is_anonymous=True)


def test_a_poll_with_names_cannot_become_anonymous_with_its_votes(world: World) -> None:
    with world.bound():
        poll = ask(world)
        choose(poll, world.bob, "Here")
        with pytest.raises(IntegrityError), transaction.atomic():
            promise_now(poll)


def test_what_is_posted_twice_is_asked_once(world: World) -> None:
    with world.bound():
        poll = ask(world)
        again = actions.add_poll(author=world.bob, entry=poll.entry, draft=PollDraft(options=["x", "y"]))
    assert again.id == poll.id


def test_a_post_with_a_poll_is_written_in_the_browser_and_voted_on(world: World, visitor: Visit) -> None:
    typed = {
        "space": world.spaces["lounge"].id,
        "body": "Where do we eat?",
        "poll_option": ["Here", "There", "", ""],
        "poll_results": "voted",
        "poll_closes": "2027-01-01T12:00",
    }
    bob, chloe = visitor("bob"), visitor("chloe")
    assert bob.post("/entries", typed).status_code == 302
    with world.bound():
        poll = Poll.objects.get()
        here = poll.options.get(text="Here")
    card = text_of(chloe.get(f"/entries/{poll.entry_id}"))
    assert "There" in card and 'type="radio"' in card and "poll__bar" not in card
    answer = chloe.post(f"/entries/{poll.entry_id}/poll/vote", {"option": str(here.id)}, fragment=True)
    assert answer.status_code == 200 and "poll__bar" in text_of(answer) and "100 %" in text_of(answer)
    assert bob.get(f"/entries/{poll.entry_id}/poll/votes").status_code == 404
    assert "Chloé Élan" in text_of(chloe.get(f"/entries/{poll.entry_id}/poll/votes"))
    refused = chloe.post(f"/entries/{poll.entry_id}/poll/vote", {}, fragment=True)
    assert refused.status_code == 422 and "Faites d’abord votre choix." in text_of(refused)
    assert visitor("dan").get(f"/entries/{poll.entry_id}/poll/votes").status_code == 404
    back = chloe.post(f"/entries/{poll.entry_id}/poll/vote", {"_method": "DELETE"}, fragment=True)
    assert back.status_code == 200 and "poll__bar" not in text_of(back)
    ended = bob.post(f"/entries/{poll.entry_id}/poll/closing", fragment=True)
    assert "Ended" in text_of(ended)


def test_a_poll_that_cannot_be_asked_publishes_nothing_and_loses_nothing(
    world: World, visitor: Visit
) -> None:
    typed = {"space": world.spaces["lounge"].id, "body": "A question alone", "poll_option": ["Only one", ""]}
    answer = visitor("bob").post("/entries", typed, fragment=True)
    assert answer.status_code == 422
    assert "Only one" in text_of(answer) and "A question alone" in text_of(answer)
    with world.bound():
        assert not Entry.objects.filter(body="A question alone").exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_anonymous", [False, True])
def test_ten_votes_at_once_of_one_person_are_one(world: World, is_anonymous: bool) -> None:
    with world.bound():
        poll = ask(world, is_anonymous=is_anonymous)
        ids = [option.id for option in poll.options.all()]
        everybody = [join(f"Voter {n}", email=f"voter{n}@atelier.example") for n in range(4)]
    start, refusals = threading.Barrier(12), list[str]()

    def run(person: Person, number: int) -> None:
        try:
            start.wait()
            with organization_scope(world.organization):
                actions.vote(voter=person, poll=poll, option_ids=[ids[number % 2]])
        except DomainError as refusal:
            refusals.append(str(refusal))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(everybody[number % 4], number)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with world.bound():
        poll.refresh_from_db()
        assert (poll.voter_count, Voter.objects.filter(poll=poll).count()) == (4, 4), refusals
        # In an anonymous poll the first vote of each is final; with names the last one counts.
        assert len(refusals) == (8 if is_anonymous else 0), refusals
        assert sum(option.votes for option in poll.options.all()) == 4
        assert Vote.objects.filter(poll=poll).count() == (0 if is_anonymous else 4)
