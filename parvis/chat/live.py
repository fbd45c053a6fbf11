"""Who hears rooms, and who sees the files that messages show."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from parvis.chat.models import Message, MessageAttachment, MessagePreview, RoomMembership, Status
from parvis.content.queries import shows_files
from parvis.foundation.realtime import audience
from parvis.people.models import Person


@shows_files
def attached_to_messages(viewer: Person | None, file_id: UUID) -> bool:
    """Tell whether a message that the viewer may read shows the file."""
    visible = Message.objects.visible_to(viewer)
    attached = MessageAttachment.objects.filter(file_id=file_id, message__in=visible)
    pictured = MessagePreview.objects.filter(image_id=file_id, is_removed=False, message__in=visible)
    return attached.exists() or pictured.exists()


@audience.answers
def circles_of(person_id: UUID) -> Mapping[UUID, int]:
    """Return the rooms that somebody takes part in, and the first place that they see of each."""
    places = RoomMembership.objects.filter(person=person_id, room__archived_at__isnull=True)
    return dict(places.values_list("room_id", "first_seq"))


@audience.answers
def people_of_circle(circle_id: UUID) -> Mapping[UUID, int]:
    """Return who takes part in a room, and the first place that each of them sees."""
    return dict(RoomMembership.objects.filter(room=circle_id).values_list("person_id", "first_seq"))


@audience.answers
def presence_allowed(person_id: UUID) -> tuple[bool, float]:
    """Return whether somebody hides their presence, and until when they want no disturbance."""
    status = Status.objects.filter(person=person_id).first()
    if status is None:
        return False, 0.0
    until = status.undisturbed_until
    return status.hides_presence, until.timestamp() if until is not None else 0.0
