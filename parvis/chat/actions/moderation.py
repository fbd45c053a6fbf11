"""Report a message; hide it and give it back, as moderation decides. A report quotes it, and opens no room."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from parvis.chat.actions.writing import tell
from parvis.chat.events import MessageDeleted, MessageRestored
from parvis.chat.models import Message, ReportedMessage
from parvis.chat.policy import can_with
from parvis.foundation.addresses import reverse
from parvis.foundation.audit import audit
from parvis.foundation.errors import Forbidden
from parvis.moderation.actions import report_words
from parvis.moderation.elsewhere import Elsewhere, register
from parvis.moderation.models import Report
from parvis.people.models import Person

SAID = "message"


def report_message(*, reporter: Person, message: Message, reason: str, note: str = "") -> None:
    """Tell the moderators what was said; they get these words alone. Reporting twice is reporting once."""
    if not can_with(reporter, "report", message):
        raise Forbidden
    with transaction.atomic():
        # Two windows of the same person report one after the other.
        Message.objects.select_for_update().get(pk=message.pk)
        mine = ReportedMessage.objects.filter(message=message, report__reporter=reporter)
        if mine.filter(report__state=Report.State.OPEN).exists():
            return
        report = report_words(
            reporter=reporter,
            person=message.author,
            words=message.body_text,
            said=SAID,
            reason=reason,
            message=note,
        )
        ReportedMessage.objects.create(report=report, message=message)


def hide_message(*, actor: Person, message: Message) -> None:
    """Take a message out of sight for everybody: moderation authorises, this carries out."""
    _set_state(actor, message, Message.State.HIDDEN, MessageDeleted, replies=-1)


def unhide_message(*, actor: Person, message: Message) -> None:
    """Give a hidden message back to its readers."""
    _set_state(actor, message, Message.State.PUBLISHED, MessageRestored, replies=1)


def _set_state(actor: Person, message: Message, state: str, event: type[Any], *, replies: int) -> None:
    with transaction.atomic():
        changed = Message.objects.filter(pk=message.pk).exclude(state__in=[state, Message.State.DELETED])
        if not changed.update(state=state):
            return
        message.state = state
        if message.thread_id is not None:
            roots = Message.objects.filter(pk=message.thread_id)
            roots.update(reply_count=F("reply_count") + replies)
        audit(action=f"chat.message_{state}", actor_id=actor.id, target=message, room=message.room_id)
        tell(event, message, actor)


def _message_of(report: Report) -> Message:
    about = ReportedMessage.objects.select_related("message__author", "message__room__space")
    message: Message = about.get(report=report).message
    return message


def _same(report: Report) -> list[UUID]:
    about = ReportedMessage.objects.filter(message=_message_of(report))
    return list(about.values_list("report_id", flat=True))


def _hide(moderator: Person, report: Report) -> None:
    hide_message(actor=moderator, message=_message_of(report))


def _give_back(moderator: Person, report: Report) -> None:
    unhide_message(actor=moderator, message=_message_of(report))


def _address(viewer: Person, report: Report) -> str:
    message = _message_of(report)
    if not Message.objects.visible_to(viewer).filter(pk=message.pk).exists():
        return ""
    return f"{reverse('chat:room', args=[message.room_id])}?message={message.id}"


register(Elsewhere(kind=SAID, same=_same, hide=_hide, give_back=_give_back, address=_address))
