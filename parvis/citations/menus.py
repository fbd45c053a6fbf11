"""What citations add to the menu of an entry."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from parvis.content.faces import add_menu_items
from parvis.content.models import Entry
from parvis.foundation.addresses import reverse
from parvis.people.models import Person


@add_menu_items
def items(viewer: Person, entry: Entry) -> list[dict[str, Any]]:
    """Lead to where an entry is cited, and to bringing it into another space."""
    share = reverse("citations:cross_post", args=[entry.id])
    return [
        {"label": _("Share in another space"), "symbol": "share-2", "url": share},
        {
            "label": _("Where it is cited"),
            "symbol": "link-2",
            "url": reverse("citations:of_entry", args=[entry.id]),
        },
    ]
