"""Choose what a channel carries: for oneself, and as an administrator for a unit or for everybody."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.delivery.channels import find_channel
from parvis.delivery.models import Choice
from parvis.foundation.audit import audit
from parvis.foundation.errors import Forbidden, Invalid
from parvis.people import policy as people_policy
from parvis.people.models import Person, Unit


def choose(*, person: Person, channel: str, kind: str, when: str) -> None:
    """Keep when a channel tells somebody of a kind of event; an empty `when` goes back to what is usual for them."""
    _keep(channel, kind, when, person=person, unit=None)


def choose_for(*, actor: Person, unit: Unit | None, channel: str, kind: str, when: str) -> None:
    """Decide what is usual in a unit and those below it, or, without one, in the organization."""
    if not people_policy.can(actor, "administer", actor.organization):
        raise Forbidden
    with transaction.atomic():
        before = _keep(channel, kind, when, person=None, unit=unit)
        if before != when:
            audit(
                action="delivery.usual_changed",
                actor_id=actor.id,
                target=unit or actor.organization,
                channel=channel,
                kind=kind,
                before=before,
                after=when,
            )


def _keep(channel: str, kind: str, when: str, *, person: Person | None, unit: Unit | None) -> str:
    """Write a choice; return the one that was there, "" for none."""
    if find_channel(channel) is None:
        raise Invalid({"channel": [_("There is no such way of telling people.")]})
    if kind not in Choice.Kind.values:
        raise Invalid({"kind": [_("There is no such kind of event.")]})
    if when and when not in Choice.When.values:
        raise Invalid({"when": [_("Choose at once, in the digest or never.")]})
    rows = Choice.objects.filter(person=person, unit=unit, channel=channel, kind=kind)
    before: str = rows.values_list("when", flat=True).first() or ""
    if when:
        Choice.objects.update_or_create(
            person=person, unit=unit, channel=channel, kind=kind, defaults={"when": when}
        )
    else:
        rows.delete()
    return before
