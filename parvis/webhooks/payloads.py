"""What is sent: the facts that the registrant may read at this very moment, and nothing about anything else."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from parvis.content.models import Entry
from parvis.people.addresses import page_address
from parvis.people.models import Person
from parvis.spaces.models import Space
from parvis.spaces.policy import can as can_in_space
from parvis.webhooks import policy
from parvis.webhooks.models import Delivery, Webhook
from parvis.webhooks.names import PING

# What is gone is told by its ids, to who may still read its space.
OF_WHAT_IS_GONE = {"entry.deleted"}
OF_MEMBERS = {"member.joined", "member.left"}


def body_of(delivery: Delivery) -> bytes | None:
    """Return the message, or None for one that the registrant may not read (any more)."""
    data = _data(delivery.webhook, delivery)
    if data is None:
        return None
    message = {"type": delivery.event, "timestamp": delivery.happened_at.isoformat(), "data": data}
    return json.dumps(message, ensure_ascii=False).encode()


def may_speak(webhook: Webhook) -> bool:
    """Tell whether the registrant may still register such a webhook: not after leaving, or losing a role."""
    return policy.can(
        webhook.registrant, "register_webhooks", webhook.space or webhook.registrant.organization
    )


def space_for(webhook: Webhook, space_id: UUID | str) -> Space | None:
    """Return a space that the registrant may read."""
    space: Space | None = Space.objects.readable_by(webhook.registrant).filter(pk=space_id).first()
    return space


def _data(webhook: Webhook, delivery: Delivery) -> dict[str, Any] | None:
    facts, place = delivery.facts, {"organization": webhook.registrant.organization.slug}
    if delivery.event == PING:
        return {**place, "webhook_id": str(webhook.id)}
    space = space_for(webhook, facts["space_id"])
    if space is None:
        return None
    place |= {"space_id": str(space.id), "space_name": space.name}
    if delivery.event in OF_MEMBERS:
        return {**place, **person} if (person := _member(webhook, space, facts["person_id"])) else None
    if delivery.event in OF_WHAT_IS_GONE:
        return {**place, "entry_id": facts["entry_id"], "thread_id": facts["thread_id"]}
    entry = _entry(webhook, facts["entry_id"])
    return None if entry is None else {**place, "entry": entry}


def _entry(webhook: Webhook, entry_id: str) -> dict[str, Any] | None:
    visible = Entry.objects.visible_to(webhook.registrant).select_related("author", "organization")
    entry: Entry | None = visible.filter(pk=entry_id).first()
    if entry is None:
        return None
    ids = {
        name: str(value) if (value := getattr(entry, name)) else None for name in ("thread_id", "reply_to_id")
    }
    moments = {
        name: at.isoformat() if (at := getattr(entry, name)) else None
        for name in ("published_at", "edited_at")
    }
    fragment = "" if entry.is_root else f"#entry-{entry.id}"
    names = ("kind", "title", "body", "version", "reply_count", "reaction_count")
    return {
        "id": str(entry.id),
        **ids,
        **{name: getattr(entry, name) for name in names},
        **moments,
        "author": _person(entry.author),
        "url": page_address(entry.organization, "content:thread", entry.root_id) + fragment,
    }


def _member(webhook: Webhook, space: Space, person_id: str) -> dict[str, Any] | None:
    if not can_in_space(webhook.registrant, "see_members", space):
        return None
    person = Person.objects.filter(pk=person_id).first()
    return None if person is None else {"person": _person(person)}


def _person(person: Person) -> dict[str, Any]:
    return {"id": str(person.id), "full_name": person.full_name, "is_guest": person.is_guest}
