"""Add, rename, withdraw and remove emoji; remember habits."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from emoji import is_emoji

from parvis.emoji import policy
from parvis.emoji.events import EmojiAdded, EmojiOfferedAgain, EmojiRemoved, EmojiRenamed, EmojiWithdrawn
from parvis.emoji.models import NAME_LENGTH, CustomEmoji, EmojiHabit
from parvis.emoji.queries import MOST_EMOJI, is_offered, offered_emoji
from parvis.foundation.errors import Forbidden, Invalid
from parvis.foundation.events import record
from parvis.foundation.files import discard, store
from parvis.foundation.files.recoding import MOST_FRAMES, frame_count, recoded
from parvis.foundation.models import StoredFile
from parvis.foundation.richtext import emoji_for
from parvis.people.models import Person

PICTURE_LIMIT_BYTES = 1024 * 1024
# What every reader of a page loads: small, also when it moves.
SHOWN_LIMIT_BYTES = 256 * 1024
SIDE_PIXELS = 128
NAME = re.compile(r"(?=.*[a-z])[a-z0-9][a-z0-9_+-]{1,%d}" % (NAME_LENGTH - 1))  # noqa: UP031 - braces
MOST_RECENT = 24

Written = TypeVar("Written")


def add_emoji(*, actor: Person, name: str, source: Any) -> CustomEmoji:
    """Add a picture under a name. What it is, its bytes say; it is made anew, small and without metadata."""
    if not policy.can(actor, "add", actor.organization):
        raise Forbidden
    name = _checked_name(name)
    if offered_emoji().count() >= MOST_EMOJI:
        raise Invalid({"": [_("There are %(most)s emoji. Withdraw one first.") % {"most": MOST_EMOJI}]})
    picture, still = _pictures(source)
    with transaction.atomic():
        emoji: CustomEmoji = _named_once(
            lambda: CustomEmoji.objects.create(
                name=name,
                picture=_kept(picture, name, actor),
                still=_kept(still, name, actor) if still else None,
                added_by=actor,
            )
        )
        record(EmojiAdded(actor_id=actor.id, emoji_id=emoji.id, name=name))
    return emoji


def rename_emoji(*, actor: Person, emoji: CustomEmoji, name: str) -> CustomEmoji:
    """Call an emoji otherwise; what was written with the former name still shows it."""
    if not policy.can(actor, "add", actor.organization):
        raise Forbidden
    former, name = emoji.name, plain_name(name)
    if name == former:
        return emoji
    emoji.name = _checked_name(name)
    emoji.former_names = [*(one for one in emoji.former_names if one != name), former][-20:]
    with transaction.atomic():
        _named_once(lambda: emoji.save(update_fields=["name", "former_names"]))
        record(EmojiRenamed(actor_id=actor.id, emoji_id=emoji.id, name=name, former_name=former))
    return emoji


def withdraw_emoji(*, actor: Person, emoji: CustomEmoji) -> None:
    """Offer an emoji no more; where it was used it stays."""
    if not policy.can(actor, "add", actor.organization):
        raise Forbidden
    if emoji.is_offered:
        with transaction.atomic():
            emoji.withdrawn_at = timezone.now()
            emoji.save(update_fields=["withdrawn_at"])
            record(EmojiWithdrawn(actor_id=actor.id, emoji_id=emoji.id, name=emoji.name))


def offer_again(*, actor: Person, emoji: CustomEmoji) -> None:
    """Offer a withdrawn emoji again, if nothing else has its name meanwhile."""
    if not policy.can(actor, "add", actor.organization):
        raise Forbidden
    if not emoji.is_offered:
        with transaction.atomic():
            emoji.withdrawn_at = None
            _named_once(lambda: emoji.save(update_fields=["withdrawn_at"]))
            record(EmojiOfferedAgain(actor_id=actor.id, emoji_id=emoji.id, name=emoji.name))


def remove_emoji(*, actor: Person, emoji: CustomEmoji) -> None:
    """Take a picture away everywhere: its name alone stays in what was written."""
    if not policy.can(actor, "remove", actor.organization):
        raise Forbidden
    with transaction.atomic():
        record(EmojiRemoved(actor_id=actor.id, emoji_id=emoji.id, name=emoji.name))
        files = [file for file in (emoji.picture, emoji.still) if file is not None]
        emoji.delete()
        for file in files:
            discard(file)


def choose_skin_tone(*, person: Person, tone: int) -> None:
    """Remember the skin tone that somebody wants their hands and people to have; 0 for none."""
    if not 0 <= tone <= 5:
        raise Invalid({"tone": [_("There is no such skin tone.")]})
    EmojiHabit.objects.update_or_create(person=person, defaults={"skin_tone": tone})


def remember_used(*, person: Person, emoji: str) -> None:
    """Remember that somebody used an emoji; what is none is forgotten."""
    if not is_emoji(emoji) and not is_offered(emoji.strip(":")):
        return
    with transaction.atomic():
        habit, _is_new = EmojiHabit.objects.select_for_update().get_or_create(person=person)
        habit.recent = [emoji, *(one for one in habit.recent if one != emoji)][:MOST_RECENT]
        habit.save(update_fields=["recent"])


def plain_name(typed: str) -> str:
    """Return a name as it is written: without colons and accents, in small letters, hyphens for spaces."""
    letters = unicodedata.normalize("NFKD", typed.strip().strip(":").casefold())
    kept = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return "-".join(kept.split())


def _checked_name(typed: str) -> str:
    name = plain_name(typed)
    if not NAME.fullmatch(name):
        limits = {"most": NAME_LENGTH}
        raise Invalid(
            {"name": [_("A name has 2 to %(most)s letters, digits, hyphens or underscores.") % limits]}
        )
    if meant := emoji_for(name):
        raise Invalid({"name": [_("This name means %(emoji)s already.") % {"emoji": meant}]})
    return name


def _named_once(write: Callable[[], Written]) -> Written:
    """Write what has a name; `Invalid` where another one has it."""
    try:
        with transaction.atomic():
            return write()
    except IntegrityError as error:
        raise Invalid({"name": [_("Another emoji has this name.")]}) from error


def _pictures(source: Any) -> tuple[bytes, bytes | None]:
    """Return the picture as it is shown and, of a moving one, what stands for it without motion."""
    data = source.read(PICTURE_LIMIT_BYTES + 1)
    if len(data) > PICTURE_LIMIT_BYTES:
        raise Invalid({"picture": [_("This picture is too large: 1 MB at most.")]})
    frames = frame_count(data)
    if frames > MOST_FRAMES:
        limits = {"most": MOST_FRAMES}
        raise Invalid({"picture": [_("This animation has more than %(most)s pictures.") % limits]})
    still = recoded(data, box=SIDE_PIXELS)
    moving = recoded(data, box=SIDE_PIXELS, moving=True) if still and frames > 1 else None
    if still is None or (frames > 1 and moving is None):
        raise Invalid(
            {"picture": [_("This is not a picture that can be shown: use a JPEG, PNG, WebP or GIF file.")]}
        )
    if len(moving or still) > SHOWN_LIMIT_BYTES:
        raise Invalid({"picture": [_("This animation is too heavy, even made small. Use fewer pictures.")]})
    return (moving, still) if moving else (still, None)


def _kept(picture: bytes, name: str, actor: Person) -> StoredFile:
    organization = actor.organization
    return store(
        io.BytesIO(picture),
        name=f"{name}.webp",
        created_by_id=actor.id,
        limit_bytes=SHOWN_LIMIT_BYTES,
        quota_bytes=organization.storage_limit_bytes,
    )
