"""Cursors: an opaque place in a stream, so that paging neither repeats nor skips what moves meanwhile."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.foundation.errors import Invalid

Place = tuple[datetime, UUID]


class Cursor:
    """Reads and writes cursors: an instant and the id that parts what happened in it."""

    @staticmethod
    def write(at: datetime, id: UUID) -> str:
        """Return the cursor of a place."""
        return base64.urlsafe_b64encode(f"{at.isoformat()}|{id.hex}".encode()).decode().rstrip("=")

    @staticmethod
    def read(cursor: str, *, default: Place | None = None) -> Place:
        """Return the place of a cursor, the default for an empty one; `Invalid` for one we did not write."""
        if not cursor and default is not None:
            return default
        try:
            text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
            at, _separator, id = text.partition("|")
            place = datetime.fromisoformat(at), UUID(hex=id)
        except (ValueError, binascii.Error):
            place = None
        if place is None or place[0].tzinfo is None:
            raise Invalid({"cursor": [_("This page marker is not valid: start again from the first page.")]})
        return place
