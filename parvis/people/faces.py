"""What pages show of a person beside who they are."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from parvis.foundation.addresses import url_or_none
from parvis.people.models import Person
from parvis.people.policy import can


def menu_of(viewer: Person, person: Person) -> list[dict[str, Any]]:
    """Return what the viewer may do about somebody, for components/menu.html: pages of rooms above, where built."""
    report = url_or_none("moderation:report_person", person.id) if can(viewer, "report", person) else None
    return [{"label": _("Report"), "symbol": "flag", "url": report}] if report else []
