"""What the posts of the demo carry, and what its people have not sent yet: polls, links, drafts, a webhook's log."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from django.utils import timezone

from parvis.content import actions as content
from parvis.content.models import Entry
from parvis.demo import attachments, emblems
from parvis.demo.clock import working_day
from parvis.demo.reading import WORLD, World
from parvis.demo.walls import Written, id_at
from parvis.drafts.actions import Typed, keep_draft
from parvis.drafts.models import Draft
from parvis.emoji.actions import add_emoji
from parvis.foundation.files import store
from parvis.people.models import Person
from parvis.polls.actions import add_poll
from parvis.polls.models import Option, Poll, Vote, Voter
from parvis.polls.queries import PollDraft
from parvis.previews.models import LinkedPage, Preview
from parvis.previews.queries import fingerprint
from parvis.spaces.models import Space
from parvis.webhooks.models import Delivery, Webhook

FILE = WORLD / "pieces.toml"
EMBLEMS = {"manchot": emblems.manchot, "flocon": emblems.flocon, "pompe": emblems.pompe}
HOUR_OF_ENDS = 18


def read_pieces() -> dict[str, Any]:
    """Return what posts carry, by kind and name."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def draw_emoji(administrator: Person) -> None:
    """Add the company's own emoji, before anybody writes with them."""
    for name, drawn in EMBLEMS.items():
        add_emoji(actor=administrator, name=name, source=BytesIO(drawn()))


def hang_on(world: World, written: list[Written], people: dict[str, Person], *, now: datetime) -> None:
    """Put polls and previews below the posts that name them."""
    pieces = read_pieces()
    for item in written:
        members = [people[key] for key in world.spaces[item.line.space].members]
        if name := item.line.poll:
            _ask(item, pieces["poll"][name], [one for one in members if one != item.entry.author], now=now)
        if name := item.line.link:
            _preview(item, pieces["link"][name], now=now)


def _ask(item: Written, asked: dict[str, Any], members: list[Person], *, now: datetime) -> None:
    """Write a poll with the votes that it has had, as they are kept: an anonymous one knows no names."""
    closes = _end(asked["closes"], now=now) if "closes" in asked else None
    votes = asked["votes"] or [0] * len(asked["options"])
    dice = random.Random(item.line.place)  # noqa: S311
    is_anonymous, is_multiple = asked.get("anonymous", False), asked.get("multiple", False)
    poll = Poll.objects.create(
        entry=item.entry,
        is_multiple=is_multiple,
        is_anonymous=is_anonymous,
        shows_results=Poll.Results.CLOSED if is_anonymous else Poll.Results.ALWAYS,
        closes_at=closes,
        closed_at=closes if closes and closes < now else None,
        created_at=item.entry.published_at,
    )
    options = [
        Option(poll=poll, position=position, text=text, votes=votes[position])
        for position, text in enumerate(asked["options"])
    ]
    Option.objects.bulk_create(options)
    ballots = _ballots(options, members, is_multiple=is_multiple, dice=dice)
    voters = list(dict.fromkeys(person for _option, person in ballots))
    Voter.objects.bulk_create(Voter(poll=poll, person=person) for person in voters)
    if not is_anonymous:
        Vote.objects.bulk_create(Vote(poll=poll, option=option, person=person) for option, person in ballots)
    Poll.objects.filter(pk=poll.pk).update(voter_count=len(voters))
    Entry.objects.filter(pk=item.entry.pk).update(parts=["poll"])


def _ballots(
    options: list[Option], members: list[Person], *, is_multiple: bool, dice: random.Random
) -> list[tuple[Option, Person]]:
    """Say who may have voted so: each once, or for several where that is allowed."""
    if is_multiple:
        return [(option, person) for option in options for person in dice.sample(members, option.votes)]
    left = dice.sample(members, sum(option.votes for option in options))
    return [(option, left.pop()) for option in options for _vote in range(option.votes)]


def _end(days: int, *, now: datetime) -> datetime:
    here = timezone.localtime(now)
    day = working_day(here.date(), days)
    return here.replace(year=day.year, month=day.month, day=day.day, hour=HOUR_OF_ENDS, minute=0, second=0)


def _preview(item: Written, page: dict[str, Any], *, now: datetime) -> None:
    """Show a link as it was looked up; nothing is asked of anybody."""
    name = page.get("picture")
    picture = store(BytesIO(attachments.make(name, now=now)), name=name) if name else None
    found = LinkedPage.objects.create(
        url=page["url"],
        url_hash=fingerprint(page["url"]),
        state=LinkedPage.State.READY,
        title=page["title"],
        description=page["description"],
        site_name=page["site"],
        image=picture,
        asked_at=item.entry.published_at,
    )
    Preview.objects.create(entry=item.entry, page=found)
    Entry.objects.filter(pk=item.entry.pk).update(parts=["preview"])


def leave_unsent(people: dict[str, Person], spaces: dict[str, Space], *, now: datetime) -> None:
    """Leave drafts and posts that wait with those whose logins are printed."""
    sofiane, nadia, alexis, priya = (
        people[key] for key in ("sofiane.meziane", "nadia.belkacem", "alexis.roman", "priya.nair")
    )
    _draft(
        sofiane,
        spaces["maintenance"],
        "Outillage : qu'est-ce qui vous manque le plus ?",
        "Budget de fin d'année à placer avant le 15. Une seule ligne, alors on choisit bien.",
        ago=timedelta(hours=2, minutes=10),
        fields={"poll_option": ["Un second détecteur hélium", "Des embouts magnétiques", "Un vrai chariot"]},
    )
    _draft(
        priya,
        spaces["nordet"],
        "Home 03, what the neighbours hear",
        "Measured at the fence, 2 a.m., fan at night speed: **31 dB(A)**. The fridge inside is louder. To check:",
        ago=timedelta(minutes=35),
    )
    _draft(
        alexis,
        spaces["data"],
        "",
        "Coupure du stockage dimanche, de 6 h à 8 h : prévenir",
        ago=timedelta(days=1),
    )
    _schedule(
        alexis,
        spaces["everyone"],
        "Dimanche matin, deux heures sans réseau · two hours offline on Sunday",
        "On remplace le cœur du réseau **de 6 h à 8 h**. Le mur et le chat se mettent en pause, rien ne se perd. "
        "We come back with coffee.",
        at=_end(2, now=now),
        poll=None,
    )
    _schedule(
        nadia,
        spaces["falkenau"],
        "Visit in Thiers: which afternoon?",
        "The line is free on both days, the canteen serves *truffade* on one of them. :manchot:",
        at=_end(1, now=now),
        poll=PollDraft(options=["Tuesday, 14:00", "Thursday, 14:00 (truffade)"], closes_at=_end(4, now=now)),
    )


def _draft(
    person: Person,
    space: Space,
    title: str,
    body: str,
    *,
    ago: timedelta,
    fields: dict[str, list[str]] | None = None,
) -> None:
    typed = Typed(title=title, body=body, space_id=space.id, fields=fields or {})
    draft = keep_draft(person=person, place=f"post-{space.id}", typed=typed, base=0)
    assert draft is not None
    Draft.objects.filter(pk=draft.pk).update(saved_at=timezone.now() - ago)


def _schedule(
    author: Person, space: Space, title: str, body: str, *, at: datetime, poll: PollDraft | None
) -> None:
    entry = content.save_draft(author=author, space=space, title=title, body=body, id=id_at(timezone.now()))
    if poll is not None:
        add_poll(author=author, entry=entry, draft=poll)
    content.schedule(actor=author, entry=entry, at=at)


def connect(
    people: dict[str, Person], spaces: dict[str, Space], written: list[Written], *, now: datetime
) -> None:
    """Keep what programs elsewhere are told, with the log of the last days.

    Rows, not the action: nobody answers at these addresses, and none is asked.
    """
    tickets = Webhook.objects.create(
        registrant=people["alexis.roman"],
        name="GMAO : une panne, un bon d'intervention",
        url="https://gmao.hivernel.example/entrees/parvis",
        events=["entry.published", "reply.published"],
        created_at=now - timedelta(days=40),
    )
    supplier = Webhook.objects.create(
        registrant=people["nadia.belkacem"],
        name="Falkenau action list",
        url="https://quality.falkenau.example/hooks/8d",
        events=["entry.published", "entry.edited"],
        space=spaces["falkenau"],
        failing_since=now - timedelta(hours=5),
        failures_in_a_row=3,
        created_at=now - timedelta(days=31),
    )
    Delivery.objects.bulk_create([*_log(tickets, written, now=now), *_log(supplier, written, now=now)])


def _log(webhook: Webhook, written: list[Written], *, now: datetime) -> Iterator[Delivery]:
    """The newest entries that it heard of, mostly arrived; of a failing one the last are tried again."""
    heard = [one for one in written if webhook.space_id in (None, one.entry.space_id)]
    newest = sorted(heard, key=lambda one: one.entry.published_at)[-14:]
    dice = random.Random(webhook.name)  # noqa: S311
    for place, item in enumerate(newest):
        happened, is_last = item.entry.published_at, place >= len(newest) - 2
        delivery = Delivery(
            webhook=webhook,
            event="reply.published"
            if item.entry.thread_id and webhook.space_id is None
            else "entry.published",
            facts={"entry_id": str(item.entry.id), "space_id": str(item.entry.space_id)},
            happened_at=happened,
            state=Delivery.State.DELIVERED,
            attempts=1,
            attempted_at=happened + timedelta(seconds=1),
            response_status=200,
            duration_ms=dice.randint(40, 320),
            created_at=happened,
        )
        if place == 3:
            delivery.attempts, delivery.response_status = 2, 202
        if webhook.space_id and is_last:
            delivery.state, delivery.attempts = Delivery.State.WAITING, 3
            delivery.response_status, delivery.duration_ms = 503, 2_140
            delivery.next_attempt_at = now + timedelta(minutes=18)
        if webhook.space_id and place == len(newest) - 3:
            delivery.state, delivery.attempts = Delivery.State.FAILED, 8
            delivery.response_status, delivery.problem, delivery.duration_ms = None, "time", None
        yield delivery
