"""Ask, vote, take a vote back, end a poll."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Case, F, IntegerField, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.content.actions import hide_part, part_changed, show_part
from parvis.content.models import Entry
from parvis.foundation.errors import Forbidden, Invalid
from parvis.foundation.richtext import clean_text
from parvis.people.models import Person
from parvis.polls.models import Option, Poll, Vote, Voter
from parvis.polls.policy import can
from parvis.polls.queries import PollDraft

PART = "poll"
OPTION_LIMIT = 20
OPTION_LENGTH = 200
LONGEST = timedelta(days=3_650)


def add_poll(*, author: Person, entry: Entry, draft: PollDraft) -> Poll:
    """Ask something in one's own post; again with the same entry, it is the poll that is there."""
    if entry.author_id != author.id or not entry.is_root:
        raise Forbidden
    existing: Poll | None = Poll.objects.filter(entry=entry).first()
    if existing is not None:
        return existing
    texts = checked_options(draft)
    with transaction.atomic():
        poll: Poll = Poll.objects.create(
            entry=entry,
            is_multiple=draft.is_multiple,
            is_anonymous=draft.is_anonymous,
            # What is seen while one votes would tell who chose what.
            shows_results=Poll.Results.CLOSED if draft.is_anonymous else draft.shows_results,
            closes_at=draft.closes_at,
        )
        Option.objects.bulk_create(
            Option(poll=poll, position=position, text=text) for position, text in enumerate(texts)
        )
        show_part(entry=entry, part=PART)
    return poll


def take_poll_away(*, author: Person, entry: Entry) -> None:
    """Ask nothing any more in a post of one's own that nobody has read yet."""
    if entry.author_id != author.id or not entry.is_unpublished:
        raise Forbidden
    if Poll.objects.filter(entry=entry).delete()[0]:
        hide_part(entry=entry, part=PART)


def checked_options(draft: PollDraft) -> list[str]:
    """Return the choices, each once; `Invalid` for too few, too many, too long, or an end that has passed or is too far."""
    texts = list(
        dict.fromkeys(text for option in draft.options if (text := " ".join(clean_text(option).split())))
    )
    if draft.shows_results not in Poll.Results.values:
        raise Invalid({"poll": [_("Say when the results may be seen.")]})
    if len(texts) < 2:
        raise Invalid({"poll": [_("A poll needs two different choices at least.")]})
    if len(texts) > OPTION_LIMIT:
        raise Invalid({"poll": [_("At most %(limit)s choices.") % {"limit": OPTION_LIMIT}]})
    if any(len(text) > OPTION_LENGTH for text in texts):
        raise Invalid({"poll": [_("A choice has at most %(limit)s characters.") % {"limit": OPTION_LENGTH}]})
    if draft.closes_at is not None and draft.closes_at <= timezone.now():
        raise Invalid({"poll": [_("Choose an end that is still to come.")]})
    if draft.closes_at is not None and draft.closes_at > timezone.now() + LONGEST:
        raise Invalid({"poll": [_("Choose an end within ten years.")]})
    return texts


def vote(*, voter: Person, poll: Poll, option_ids: Collection[UUID]) -> None:
    """Vote, or change a vote; in an anonymous poll a vote is final, for nobody knows what to take back."""
    with transaction.atomic():
        poll = _locked(poll)
        if not can(voter, "vote", poll):
            raise _refusal(poll)
        chosen = _checked_choice(poll, option_ids)
        _voter, is_new = Voter.objects.get_or_create(poll=poll, person=voter)
        if poll.is_anonymous:
            if not is_new:
                raise Invalid({"poll": [_("You have voted. In an anonymous poll a vote cannot be changed.")]})
            _count(poll, add=chosen)
        else:
            _replace_ballot(poll, voter, chosen)
        if is_new:
            Poll.objects.filter(pk=poll.pk).update(voter_count=F("voter_count") + 1)
        # Without an actor: what is heard of a vote does not say whose.
        part_changed(entry=poll.entry, part=PART)


def take_vote_back(*, voter: Person, poll: Poll) -> None:
    """Vote no more; not in an anonymous poll."""
    with transaction.atomic():
        poll = _locked(poll)
        if not can(voter, "vote", poll):
            raise _refusal(poll)
        if poll.is_anonymous:
            raise Invalid({"poll": [_("In an anonymous poll a vote cannot be taken back.")]})
        if Voter.objects.filter(poll=poll, person=voter).delete()[0]:
            _replace_ballot(poll, voter, set())
            Poll.objects.filter(pk=poll.pk).update(voter_count=F("voter_count") - 1)
            part_changed(entry=poll.entry, part=PART)


def _locked(poll: Poll) -> Poll:
    """Let the votes of one poll come one after the other."""
    polls = Poll.objects.select_related("entry__space", "entry__author").select_for_update(of=("self",))
    locked: Poll = polls.get(pk=poll.pk)
    return locked


def _refusal(poll: Poll) -> Exception:
    return Forbidden() if poll.is_open else Invalid({"poll": [_("This poll has ended.")]})


def _checked_choice(poll: Poll, option_ids: Collection[UUID]) -> set[UUID]:
    chosen = set(option_ids)
    if not chosen:
        raise Invalid({"poll": [_("Choose something first.")]})
    if not poll.is_multiple and len(chosen) > 1:
        raise Invalid({"poll": [_("Choose one only.")]})
    if Option.objects.filter(poll=poll, id__in=chosen).count() != len(chosen):
        raise Invalid({"poll": [_("There is no such choice.")]})
    return chosen


def _replace_ballot(poll: Poll, voter: Person, chosen: set[UUID]) -> None:
    before = set(Vote.objects.filter(poll=poll, person=voter).values_list("option_id", flat=True))
    Vote.objects.filter(poll=poll, person=voter, option_id__in=before - chosen).delete()
    Vote.objects.bulk_create(
        Vote(poll=poll, option_id=option_id, person=voter) for option_id in chosen - before
    )
    _count(poll, add=chosen - before, subtract=before - chosen)


def _count(poll: Poll, *, add: set[UUID], subtract: set[UUID] = frozenset()) -> None:  # type: ignore[assignment]
    """Change the tallies. Every option is written, so that which row is the youngest says nothing either."""
    step = Case(
        When(id__in=add, then=Value(1)),
        When(id__in=subtract, then=Value(-1)),
        default=Value(0),
        output_field=IntegerField(),
    )
    Option.objects.filter(poll=poll).update(votes=F("votes") + step)


def close_poll(*, actor: Person, poll: Poll) -> None:
    """End a poll before its time."""
    with transaction.atomic():
        poll = _locked(poll)
        if not can(actor, "close", poll):
            raise _refusal(poll)
        _close(poll, actor_id=actor.id)


def close_due() -> int:
    """End the polls whose time has come, in every open window too; return how many."""
    due = Poll.objects.filter(closed_at__isnull=True, closes_at__lte=timezone.now()).select_related("entry")
    polls = list(due.select_for_update(skip_locked=True, of=("self",))[:200])
    for poll in polls:
        _close(poll, actor_id=None)
    return len(polls)


def _close(poll: Poll, *, actor_id: UUID | None) -> None:
    poll.closed_at = timezone.now()
    poll.save(update_fields=["closed_at"])
    part_changed(entry=poll.entry, part=PART, actor_id=actor_id)
