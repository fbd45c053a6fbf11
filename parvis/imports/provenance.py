"""What earlier runs, and this one so far, have already brought in."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from parvis.imports.models import ImportedItem, ImportRun

Kind = ImportedItem.Kind


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a source's item has become."""

    object_id: UUID
    digest: str
    item_id: UUID


def known_items(source: str, kinds: Collection[str], source_ids: Collection[str]) -> dict[str, Known]:
    """Return what these items of a source have become, by their id at the source."""
    rows = ImportedItem.objects.filter(source=source, kind__in=kinds, source_id__in=list(source_ids))
    return {
        source_id: Known(object_id=object_id, digest=digest, item_id=item_id)
        for item_id, source_id, object_id, digest in rows.values_list(
            "id", "source_id", "object_id", "digest"
        )
    }


def remember(run: ImportRun, items: Iterable[ImportedItem]) -> None:
    """Keep where things came from."""
    ImportedItem.objects.bulk_create(items, batch_size=1000)


def id_at(moment: datetime) -> UUID:
    """Return a UUIDv7 of a moment in the past, so that imported rows sort where they belong."""
    milliseconds = max(int(moment.timestamp() * 1000), 0)
    random = int.from_bytes(os.urandom(10), "big")
    value = (
        milliseconds << 80 | 0x7 << 76 | (random >> 62 & 0xFFF) << 64 | 0b10 << 62 | random & ((1 << 62) - 1)
    )
    return UUID(int=value)
