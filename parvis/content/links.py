"""Which links of a text lead to entries of its own organization."""

from __future__ import annotations

import re
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings

from parvis.foundation.ids import parse_id
from parvis.people.models import Organization

ENTRY_PATH = re.compile(r"/entries/([0-9a-f-]{36})/?")
COMMENT = re.compile(r"entry-([0-9a-f-]{36})")


def own_entry_id(url: str, organization: Organization) -> UUID | None:
    """Return the entry that a permalink of this organization names."""
    parts = urlsplit(url)
    prefix = f"/o/{organization.slug}"
    is_own_name = parts.netloc.lower() == (organization.host_name or "-")
    if parts.netloc and not is_own_name and parts.netloc.lower() != urlsplit(settings.BASE_URL).netloc:
        return None
    path = parts.path.removeprefix(prefix)
    if not is_own_name and path == parts.path:
        return None
    named = ENTRY_PATH.fullmatch(path)
    comment = COMMENT.fullmatch(parts.fragment)
    return parse_id((comment or named)[1]) if named else None
