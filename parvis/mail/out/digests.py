"""What a digest says: what waits and no mail told of, and what is new and worth it in one's spaces.

Nothing in it was seen before, as far as is known: an inbox's line that was read is seen, and so is a conversation in
which somebody wrote, reacted or kept something. What was merely scrolled past is not recorded, here or anywhere.
What an earlier digest covered is not covered again, shown or not.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, F, OuterRef, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.content.models import Bookmark, Entry, Reaction, ThreadFollow
from parvis.delivery.choices import choices_of, kind_of
from parvis.delivery.models import Choice, Told
from parvis.foundation.richtext import excerpt
from parvis.foundation.ui.formats import short_date
from parvis.mail.models import DigestChoice
from parvis.mail.out import stopping
from parvis.mail.out.letters import Letter, Post
from parvis.mail.out.notices import items_of, more_waiting
from parvis.mail.out.quotes import quotes_of
from parvis.notifications.models import Notification, SpaceLevel
from parvis.notifications.queries import InboxLine, unread_lines
from parvis.notifications.sentences import thread_name
from parvis.people.addresses import page_address
from parvis.people.models import Person, PersonFollow
from parvis.spaces.queries import my_spaces

MOST_LINES, MOST_POSTS = 6, 6
# Among so many of the newest the worthiest are chosen.
CANDIDATES = 200
Rhythm = DigestChoice.Rhythm


def digest_for(
    person: Person, *, since: datetime, until: datetime, rhythm: str, is_own_choice: bool
) -> tuple[Letter, list[InboxLine]] | None:
    """Return a digest, in the language that is active, and the lines that it tells of; None when nothing is new."""
    lines = untold_lines(person, since=since)
    posts = new_posts(person, since=since, until=until)
    if not lines and not posts:
        return None
    shown, worthiest = lines[:MOST_LINES], posts[:MOST_POSTS]
    letter = Letter(
        subject=_subject(person, shown, worthiest, len(lines) + len(posts)),
        heading=_("What is new for you"),
        preheader=" · ".join(_title(post) for post in worthiest[:3]),
        items_heading=_("Waiting for you") if shown else "",
        items=items_of(person, shown, quotes_of([(person, shown)])[0]),
        more_items=more_waiting(len(lines) - len(shown)),
        posts_heading=_("New in your spaces"),
        posts=[_post(person, post) for post in worthiest],
        more_posts=_more_posts(len(posts) - len(worthiest)),
        button=_("Open %(organization)s") % {"organization": person.organization.name},
        button_url=page_address(person.organization, "web:home"),
        why=_why(rhythm, is_own_choice=is_own_choice),
        stops=[
            (_("No more digests"), stopping.address_of(person, stopping.DIGEST)),
            (_("How often it comes"), page_address(person.organization, "mail:settings")),
        ],
    )
    return letter, shown


def untold_lines(person: Person, *, since: datetime) -> list[InboxLine]:
    """Return the unread lines that belong into a digest and that no mail has told of."""
    lines = [line for line in unread_lines(person) if line.notification.happened_at > since]
    if not lines:
        return []
    subjects = [line.notification.subject for line in lines]
    rows = Told.objects.filter(person=person, channel=stopping.CHANNEL, subject__in=subjects)
    told = dict(rows.values_list("subject", "through_at"))
    quiet = stopping.quiet_subjects(person, subjects)
    chosen = choices_of(person)[stopping.CHANNEL]

    def belongs(row: Notification) -> bool:
        is_told = row.subject in told and told[row.subject] >= row.happened_at
        wanted = chosen[kind_of(row.reason)].when == Choice.When.DIGEST
        return wanted and not is_told and row.subject not in quiet

    return [line for line in lines if belongs(line.notification)]


def new_posts(person: Person, *, since: datetime, until: datetime) -> list[Entry]:
    """Return the conversations begun in somebody's spaces that they have not seen, the worthiest first."""
    rows = _unseen(person).filter(published_at__gt=since, published_at__lte=until)
    found = list(rows.select_related("author", "space").order_by("-published_at")[:CANDIDATES])
    followed = set(PersonFollow.objects.filter(follower=person).values_list("followed_id", flat=True))

    def worth(post: Entry) -> int:
        return post.reply_count * 2 + post.reaction_count + (5 if post.author_id in followed else 0)

    return sorted(found, key=worth, reverse=True)


def _unseen(person: Person) -> QuerySet[Entry]:
    """Return roots in the spaces that somebody joined and listens to, in which they did nothing yet."""
    silent = SpaceLevel.objects.filter(person=person, level=SpaceLevel.Level.NOTHING).values("space_id")
    spaces = my_spaces(person).order_by().exclude(id__in=silent).values("id")
    subject = Concat(Value("thread:"), Cast(OuterRef("pk"), TextField()))
    mine = {"person": person}
    return (
        Entry.objects.visible_to(person)
        .roots()
        .filter(space__in=spaces)
        .exclude(author=person)
        # A line of the inbox about it is told there, or was read.
        .exclude(Exists(Notification.objects.filter(**mine, subject=subject)))
        .exclude(Exists(Entry.objects.filter(author=person, thread=OuterRef("pk"))))
        .exclude(Exists(Reaction.objects.filter(**mine, entry=OuterRef("pk"))))
        .exclude(Exists(Bookmark.objects.filter(**mine, entry=OuterRef("pk"))))
        .exclude(Exists(ThreadFollow.objects.filter(**mine, thread=OuterRef("pk"), level="muted")))
    )


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
    rows = DigestChoice.objects.filter(person__isnull=True) | DigestChoice.objects.filter(person=person)
    own = rows.order_by(F("person").asc(nulls_last=True)).first()
    return (own.rhythm, own.person_id is not None) if own is not None else (Rhythm.WEEKLY, False)
