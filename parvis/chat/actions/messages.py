"""Post, edit, delete, react, pin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.chat import wire
from parvis.chat.actions.places import read_own
from parvis.chat.actions.writing import known_satellites, take_place, tell
from parvis.chat.events import (
    LinkSaid,
    MessageDeleted,
    MessageEdited,
    MessagePinned,
    MessagePosted,
    PeopleAddressed,
    ReactionsChanged,
)
from parvis.chat.models import (
    Message,
    MessageAttachment,
    MessageEntry,
    MessageMention,
    MessagePreview,
    MessageReaction,
    MessageRevision,
    Room,
)
from parvis.chat.policy import can, can_with, forget_place
from parvis.chat.queries import readers_of_room, still_reads
from parvis.content.actions import AttachmentDraft
from parvis.content.actions.marks import check_emoji, reaction_named
from parvis.content.models import Entry
from parvis.content.rendering import Text, render_for
from parvis.foundation.errors import Conflict, Forbidden, Invalid
from parvis.foundation.events import record
from parvis.foundation.models import StoredFile
from parvis.foundation.prepared import prepared
from parvis.foundation.tenancy import new_id
from parvis.people.models import Person
from parvis.worktime.urgency import as_kept, mark_urgent

MESSAGE_LIMIT = 20_000
FILE_LIMIT = 20


@dataclass(frozen=True, kw_only=True)
class MessageDraft:
    """What somebody says: words, files, and what they refer to."""

    body: str = ""
    reply_to: UUID | None = None
    thread: UUID | None = None
    files: Sequence[AttachmentDraft] = field(default_factory=tuple)
    # A post of a wall that is shown to the room.
    entry: UUID | None = None
    # Why it may not wait until those who are told work again.
    urgent_reason: str = ""


def post_message(*, author: Person, room: Room, draft: MessageDraft, id: UUID | None = None) -> Message:
    """Say something in a room. The same `id` twice is the same message once; its place comes from the room's lock."""
    return post_once(author=author, room=room, draft=draft, id=id)[0]


def post_once(
    *, author: Person, room: Room, draft: MessageDraft, id: UUID | None = None
) -> tuple[Message, bool]:
    """Say something in a room; tell also whether it is new, or was said by an earlier try."""
    if existing := _posted_before(author, room, id):
        return existing, False
    if not can(author, "post", room):
        raise Forbidden
    text = _rendered(author, room, draft)
    files, quote = _own_files(author, draft.files), _referred(author, room, draft.reply_to)
    thread = _root(_referred(author, room, draft.thread))
    entry = _shared(author, draft.entry)
    try:
        with transaction.atomic():
            seq = _place_of_a_member(author, room)
            message: Message = Message.objects.create(
                id=id or new_id(),
                room=room,
                seq=seq,
                author=author,
                quote=quote,
                thread=thread,
                urgent_reason=as_kept(draft.urgent_reason),
                **_columns(text),
            )
            _hang_on(message, text, files, draft.files, entry)
            if thread is not None:
                _count_reply(thread, message)
            read_own(person=author, room=room, seq=seq)
            _tell_posted(message, author, text, has_entry=entry is not None)
            if text.has_links:
                record(LinkSaid(actor_id=author.id, message_id=message.id))
            if draft.urgent_reason:
                subject = f"room:{room.id}"
                mark_urgent(sender=author, about_id=message.id, reason=draft.urgent_reason, subject=subject)
            if room.kind == Room.Kind.DIRECT or text.mentioned:
                record(PeopleAddressed(actor_id=author.id, message_id=message.id))
    except IntegrityError as error:
        # An id taken elsewhere, even in another organization, gets the same answer.
        if existing := _posted_before(author, room, id):
            return existing, False
        raise Invalid({"id": [_("This id is taken: choose another one.")]}) from error
    return message, True


def _posted_before(author: Person, room: Room, id: UUID | None) -> Message | None:
    """Return what an earlier try of the same request already said."""
    if id is None:
        return None
    return _said.first(id, author.id, room.id)


@prepared
def _said(id: UUID, author_id: UUID, room_id: UUID) -> QuerySet[Message]:
    said = Message.objects.filter(pk=id, author=author_id, room=room_id)
    return said.select_related("author", "quote__author", "room__space")


def _place_of_a_member(author: Person, room: Room) -> int:
    """Take the next place, and look again, now that nobody can be put out: a removed person says nothing more."""
    seq = take_place(room)
    forget_place(room)
    if seq is None or not still_reads(author, room):
        raise Forbidden
    if not can(author, "post", room):
        raise Forbidden
    return seq


def _rendered(author: Person, room: Room, draft: MessageDraft) -> Text:
    if len(draft.body) > MESSAGE_LIMIT:
        raise Invalid({"body": [_("A message has at most %(limit)s characters.") % {"limit": MESSAGE_LIMIT}]})
    text = render_for(
        lambda: readers_of_room(room), organization=author.organization, title="", body=draft.body
    )
    if not text.body and not draft.files and draft.entry is None:
        raise Invalid({"body": [_("Write something, or attach a file.")]})
    return text


def _columns(text: Text) -> dict[str, Any]:
    return {
        "body": text.body,
        "body_html": text.html,
        "body_text": text.text,
        "render_version": text.render_version,
    }


def _own_files(author: Person, drafts: Sequence[AttachmentDraft]) -> dict[UUID, StoredFile]:
    if len(drafts) > FILE_LIMIT:
        raise Invalid({"files": [_("At most %(limit)s files at once.") % {"limit": FILE_LIMIT}]})
    wanted = {draft.file_id for draft in drafts}
    if not wanted:
        return {}
    files = {file.id: file for file in StoredFile.objects.filter(id__in=wanted, created_by_id=author.id)}
    if wanted - files.keys():
        raise Invalid({"files": [_("One of the files was not found: attach it again.")]})
    return files


def _referred(author: Person, room: Room, id: UUID | None) -> Message | None:
    if id is None:
        return None
    messages = Message.objects.visible_to(author).filter(room=room, kind=Message.Kind.TEXT)
    found: Message | None = messages.select_related("author", "thread").filter(pk=id).first()
    if found is None:
        raise Invalid({"reply_to": [_("The message that this answers is no longer there.")]})
    return found


def _root(message: Message | None) -> Message | None:
    return message if message is None or message.thread is None else message.thread


def _shared(author: Person, entry_id: UUID | None) -> Entry | None:
    if entry_id is None:
        return None
    entry = Entry.objects.visible_to(author).filter(pk=entry_id).first()
    if entry is None:
        raise Invalid({"entry": [_("There is no such post, or you cannot read it.")]})
    return entry


def _hang_on(
    message: Message,
    text: Text,
    files: dict[UUID, StoredFile],
    drafts: Sequence[AttachmentDraft],
    entry: Entry | None,
) -> None:
    attachments = [
        MessageAttachment(
            message=message,
            file=files[draft.file_id],
            name=files[draft.file_id].name,
            alternative_text="" if draft.is_decorative else draft.alternative_text[:500],
            is_decorative=draft.is_decorative,
            position=position,
        )
        for position, draft in enumerate(drafts)
    ]
    if attachments:
        MessageAttachment.objects.bulk_create(attachments)
    message.__dict__["_attached"] = attachments
    _mention(message, text)
    if entry is not None:
        MessageEntry.objects.create(message=message, entry=entry, link=MessageEntry.Link.SHOWS)


def _mention(message: Message, text: Text) -> None:
    if text.mentioned:
        MessageMention.objects.bulk_create(
            [
                MessageMention(message=message, person=person, room=message.room, seq=message.seq)
                for person in text.mentioned
            ],
            ignore_conflicts=True,
        )


def _count_reply(root: Message, reply: Message) -> None:
    Message.objects.filter(pk=root.pk).update(
        reply_count=F("reply_count") + 1, last_reply_at=reply.created_at
    )


def _tell_posted(message: Message, author: Person, text: Text, *, has_entry: bool) -> None:
    hung = None
    if not has_entry:
        attached = message.__dict__.pop("_attached")
        hung = known_satellites(message, attached, [person.id for person in text.mentioned])
        hung.seen_from = wire.seen_from([message])
        # The answer to its author needs not ask for what was written this moment.
        wire.remember(message, hung)
    tell(MessagePosted, message, author, hung=hung)


def edit_message(*, editor: Person, message: Message, body: str, expected_version: int) -> Message:
    """Change what a message says, keeping what it said; `Conflict` when it changed since `expected_version` was read."""
    if not can_with(editor, "edit", message):
        raise Forbidden
    text = _rendered(editor, message.room, MessageDraft(body=body))
    with transaction.atomic():
        current: Message = Message.objects.select_for_update().get(pk=message.pk)
        if current.version != expected_version:
            raise Conflict(_("Somebody changed this text in the meantime."), current=current)
        if current.is_gone:
            raise Forbidden
        if text.body == current.body:
            return message
        _keep_revision(current, editor)
        changes = {**_columns(text), "version": current.version + 1, "edited_at": timezone.now()}
        _change(message, changes)
        MessageMention.objects.filter(message=message).exclude(person__in=text.mentioned).delete()
        _mention(message, text)
        tell(MessageEdited, message, editor, version=message.version)
        if text.has_links or MessagePreview.objects.filter(message=message).exists():
            record(LinkSaid(actor_id=editor.id, message_id=message.id))
    return message


def _keep_revision(message: Message, editor: Person) -> None:
    MessageRevision.objects.create(
        message=message,
        version=message.version,
        body=message.body,
        editor=editor,
        written_at=message.edited_at or message.created_at,
    )


def _change(message: Message, changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        setattr(message, name, value)
    message.save(update_fields=list(changes))


def delete_message(*, actor: Person, message: Message) -> None:
    """Leave the place alone: the text moves to the history, so that nothing can show it."""
    if not can_with(actor, "delete", message):
        raise Forbidden
    with transaction.atomic():
        current: Message = Message.objects.select_for_update().get(pk=message.pk)
        if current.is_gone:
            return
        _keep_revision(current, actor)
        emptied = dict.fromkeys(("body", "body_html", "body_text"), "")
        marks = {"state": Message.State.DELETED, "deleted_at": timezone.now(), "pinned_at": None}
        _change(message, {**emptied, **marks, "version": current.version + 1})
        if message.thread_id is not None:
            Message.objects.filter(pk=message.thread_id).update(reply_count=F("reply_count") - 1)
        message.attachments.all().delete()
        MessagePreview.objects.filter(message=message).delete()
        tell(MessageDeleted, message, actor)


def react(*, person: Person, message: Message, emoji: str) -> None:
    """Put one emoji on a message; the same one twice is one."""
    if not can_with(person, "react", message):
        raise Forbidden
    emoji = reaction_named(emoji)
    there = MessageReaction.objects.filter(message=message, emoji=emoji)
    check_emoji(emoji, is_there=there.exists)
    with transaction.atomic():
        _reaction, is_new = MessageReaction.objects.get_or_create(message=message, person=person, emoji=emoji)
        if is_new:
            tell(ReactionsChanged, message, person)


def take_back_reaction(*, person: Person, message: Message, emoji: str) -> None:
    """Take one's emoji off a message."""
    emoji = reaction_named(emoji)
    with transaction.atomic():
        deleted, _rows = MessageReaction.objects.filter(message=message, person=person, emoji=emoji).delete()
        if deleted:
            tell(ReactionsChanged, message, person)


def pin_message(*, actor: Person, message: Message) -> None:
    """Keep a message at hand for the whole room."""
    _set_pin(actor, message, is_pinned=True)


def unpin_message(*, actor: Person, message: Message) -> None:
    """Let a pinned message go back to its place."""
    _set_pin(actor, message, is_pinned=False)


def _set_pin(actor: Person, message: Message, *, is_pinned: bool) -> None:
    if not can_with(actor, "pin", message):
        raise Forbidden
    if (message.pinned_at is not None) == is_pinned:
        return
    with transaction.atomic():
        _change(message, {"pinned_at": timezone.now() if is_pinned else None})
        tell(MessagePinned, message, actor, is_pinned=is_pinned)
