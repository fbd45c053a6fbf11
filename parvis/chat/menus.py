"""What chat adds to the menu of an entry."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from parvis.content.faces import add_menu_items
from parvis.content.models import Entry
from parvis.foundation.addresses import reverse
from parvis.people.models import Person


@add_menu_items
def items(viewer: Person, entry: Entry) -> list[dict[str, Any]]:
    """Lead to showing an entry in a conversation."""
    return [
        {
            "label": _("Share in the chat"),
            "symbol": "message-circle",
            "url": f"{reverse('chat:home')}?share={entry.id}",
        }
    ]
