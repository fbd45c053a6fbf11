"""What a digest says: what waits and no mail told of, and what is new and worth it in one's spaces.

Nothing in it was seen before, as far as is known: an inbox's line that was read is seen, and so is a conversation that
somebody opened, or in which they wrote, reacted or kept something. What was merely scrolled past is not recorded, here
or anywhere: a visit of a feed says little of what was looked at, and a digest that took it for reading would lose much.
What an earlier digest covered is not covered again, shown or not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.content.models import Bookmark, Entry, Reaction, ThreadFollow
from parvis.content.queries.streams import in_order
from parvis.delivery.choices import Chosen, choices_of_all, kind_of
from parvis.delivery.models import Choice
from parvis.delivery.noting import told_of
from parvis.foundation.prepared import prepared
from parvis.foundation.richtext import excerpt
from parvis.foundation.ui.formats import short_date
from parvis.mail.models import DigestChoice
from parvis.mail.out import stopping
from parvis.mail.out.letters import Letter, Post, as_read_by
from parvis.mail.out.notices import items_of, more_waiting
from parvis.mail.out.quotes import Quotes, quotes_of
from parvis.notifications.models import Notification, OpenedThread, SpaceLevel
from parvis.notifications.queries import InboxLine, unread_lines_of
from parvis.notifications.sentences import thread_name
from parvis.people.addresses import page_address
from parvis.people.models import Person, PersonFollow
from parvis.spaces.queries import my_spaces

MOST_LINES, MOST_POSTS = 6, 6
# Among so many of the newest the worthiest are chosen.
CANDIDATES = 200
Rhythm = DigestChoice.Rhythm


@dataclass(frozen=True)
class Reader:
    """Somebody whose digest is due: since when it tells, and how often it comes."""

    person: Person
    since: datetime
    rhythm: str
    is_own_choice: bool


class Candidate(NamedTuple):
    """A conversation that may be told of, and what makes it worth it."""

    id: UUID
    author_id: UUID
    replies: int
    reactions: int


Digest = tuple[Letter, list[InboxLine]]


def digests_for(readers: Sequence[Reader], *, until: datetime) -> list[Digest | None]:
    """Return each reader's digest, and the lines that it tells of; None for whom nothing is new.

    As many statements as for one of them.
    """
    lines, news = _untold_lines(readers), new_posts(readers, until=until)
    shown = [some[:MOST_LINES] for some in lines]
    quotes = quotes_of([(reader.person, some) for reader, some in zip(readers, shown, strict=True)])
    worthiest = [some[:MOST_POSTS] for some in news]
    posts = {post.id: post for post in in_order({one.id for some in worthiest for one in some})}
    found: list[Digest | None] = []
    for number, reader in enumerate(readers):
        count = len(lines[number]) + len(news[number])
        if not count:
            found.append(None)
            continue
        told = [posts[one.id] for one in worthiest[number] if one.id in posts]
        with as_read_by(reader.person):
            letter = _letter(
                reader, shown[number], quotes[number], told, len(lines[number]), len(news[number])
            )
        found.append((letter, shown[number]))
    return found


def _letter(
    reader: Reader, lines: list[InboxLine], quotes: Quotes, posts: list[Entry], all_lines: int, all_posts: int
) -> Letter:
    person = reader.person
    return Letter(
        subject=_subject(person, lines, posts, all_lines + all_posts),
        heading=_("What is new for you"),
        preheader=" · ".join(_title(post) for post in posts[:3]),
        items_heading=_("Waiting for you") if lines else "",
        items=items_of(person, lines, quotes),
        more_items=more_waiting(all_lines - len(lines)),
        posts_heading=_("New in your spaces"),
        posts=[_post(person, post) for post in posts],
        more_posts=_more_posts(all_posts - len(posts)),
        button=_("Open %(organization)s") % {"organization": person.organization.name},
        button_url=page_address(person.organization, "web:home"),
        why=_why(reader.rhythm, is_own_choice=reader.is_own_choice),
        stops=[
            (_("No more digests"), stopping.address_of(person, stopping.DIGEST)),
            (_("How often it comes"), page_address(person.organization, "mail:settings")),
        ],
    )


def _untold_lines(readers: Sequence[Reader]) -> list[list[InboxLine]]:
    """Return the unread lines that belong into each digest and that no mail has told of."""
    people = [reader.person for reader in readers]
    lines = [
        [line for line in some if line.notification.happened_at > reader.since]
        for reader, some in zip(readers, unread_lines_of(people), strict=True)
    ]
    asked = [
        (person, [line.notification.subject for line in some])
        for person, some in zip(people, lines, strict=True)
    ]
    told, quiet, chosen = (
        told_of(stopping.CHANNEL, asked),
        stopping.quiet_subjects_of(asked),
        choices_of_all(people),
    )
    return [
        [line for line in some if _belongs(line.notification, told[number], quiet[number], chosen[person.id])]
        for number, (person, some) in enumerate(zip(people, lines, strict=True))
    ]


def _belongs(
    row: Notification, told: dict[str, datetime], quiet: set[str], chosen: dict[str, dict[str, Chosen]]
) -> bool:
    is_told = row.subject in told and told[row.subject] >= row.happened_at
    wanted = chosen[stopping.CHANNEL][kind_of(row.reason)].when == Choice.When.DIGEST
    return wanted and not is_told and row.subject not in quiet


def new_posts(readers: Sequence[Reader], *, until: datetime) -> list[list[Candidate]]:
    """Return the conversations begun in each one's spaces that they have not seen, the worthiest first."""
    followed: dict[UUID, set[UUID]] = defaultdict(set)
    follows = PersonFollow.objects.filter(follower__in=[reader.person.id for reader in readers])
    for follower, author in follows.values_list("follower_id", "followed_id"):
        followed[follower].add(author)
    found = _unseen.each([(reader.person, reader.since, until) for reader in readers])
    return [
        sorted(
            (Candidate(*row) for row in rows), key=partial(_worth, followed[reader.person.id]), reverse=True
        )
        for reader, rows in zip(readers, found, strict=True)
    ]


def _worth(followed: set[UUID], post: Candidate) -> int:
    return post.replies * 2 + post.reactions + (5 if post.author_id in followed else 0)


@prepared
def _unseen(person: Person, since: datetime, until: datetime) -> QuerySet[Entry, tuple[UUID, UUID, int, int]]:
    """Return roots in the spaces that somebody joined and listens to, in which they did nothing yet."""
    silent = SpaceLevel.objects.filter(person=person, level=SpaceLevel.Level.NOTHING).values("space_id")
    spaces = my_spaces(person).order_by().exclude(id__in=silent).values("id")
    subject = Concat(Value("thread:"), Cast(OuterRef("pk"), TextField()))
    mine = {"person": person}
    rows = (
        Entry.objects.visible_to(person)
        .roots()
        .filter(space__in=spaces, published_at__gt=since, published_at__lte=until)
        .exclude(author=person)
        # A line of the inbox about it is told there, or was read.
        .exclude(Exists(Notification.objects.filter(**mine, subject=subject)))
        .exclude(Exists(OpenedThread.objects.filter(**mine, thread=OuterRef("pk"))))
        .exclude(Exists(Entry.objects.filter(author=person, thread=OuterRef("pk"))))
        .exclude(Exists(Reaction.objects.filter(**mine, entry=OuterRef("pk"))))
        .exclude(Exists(Bookmark.objects.filter(**mine, entry=OuterRef("pk"))))
        .exclude(Exists(ThreadFollow.objects.filter(**mine, thread=OuterRef("pk"), level="muted")))
    )
    newest = rows.order_by("-published_at")[:CANDIDATES]
    return newest.values_list("id", "author_id", "reply_count", "reaction_count")


def _post(person: Person, entry: Entry) -> Post:
    title = _title(entry)
    return Post(
        url=page_address(person.organization, "content:thread", entry.id),
        author=entry.author,
        title=title,
        text=excerpt(entry.body_text, 160) if entry.title else "",
        place=entry.space.name,
        at=short_date(entry.published_at),
        activity=ngettext("%(count)s reply", "%(count)s replies", entry.reply_count)
        % {"count": entry.reply_count}
        if entry.reply_count
        else "",
    )


def _title(entry: Entry) -> str:
    return entry.title or excerpt(entry.body_text, 120) or thread_name(entry)


def _subject(person: Person, lines: list[InboxLine], posts: list[Entry], count: int) -> str:
    first = _title(posts[0]) if posts else thread_name(lines[0].notification.entry)
    if not first:
        return _("What is new at %(organization)s") % {"organization": person.organization.name}
    if count == 1:
        return _("What is new: %(first)s") % {"first": excerpt(first, 80)}
    text = ngettext(
        "What is new: %(first)s, and %(count)s more", "What is new: %(first)s, and %(count)s more", count - 1
    )
    return text % {"first": excerpt(first, 80), "count": count - 1}


def _more_posts(number: int) -> str:
    text = ngettext("%(count)s more in your spaces.", "%(count)s more in your spaces.", number)
    return text % {"count": number} if number > 0 else ""


def _why(rhythm: str, *, is_own_choice: bool) -> str:
    if is_own_choice:
        return (
            _("You chose a digest every working day.")
            if rhythm == Rhythm.DAILY
            else _("You chose a digest once a week.")
        )
    return (
        _("Your organization sends a digest every working day.")
        if rhythm == Rhythm.DAILY
        else _("Your organization sends a digest once a week.")
    )


def rhythm_of(person: Person) -> tuple[str, bool]:
    """Return how often somebody receives a digest, and whether they chose so themselves."""
    return rhythms_of([person])[person.id]


def rhythms_of(people: Sequence[Person]) -> dict[UUID, tuple[str, bool]]:
    """Return the same for each of these people."""
    rows = DigestChoice.objects.filter(Q(person=None) | Q(person__in=[person.id for person in people]))
    chosen: dict[UUID | None, str] = dict(rows.values_list("person_id", "rhythm"))
    usual = chosen.get(None, str(Rhythm.WEEKLY))
    return {person.id: (chosen.get(person.id, usual), person.id in chosen) for person in people}
