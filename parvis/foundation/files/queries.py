"""Reading about files; the bound organization is the only one seen."""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.utils import timezone

from parvis.foundation.files.storage import key_of, storage
from parvis.foundation.models import StoredFile, Upload


def storage_used_bytes(*, by: UUID | None = None) -> int:
    """Return what the organization's files take on disk, or what one person brought: equal contents count once."""
    files = StoredFile.objects.all() if by is None else StoredFile.objects.filter(created_by_id=by)
    contents = files.values("sha256").annotate(size=models.Max("size_bytes"))
    total: int | None = contents.aggregate(total=Sum("size"))["total"]
    return total or 0


def open_stored(file: StoredFile) -> BinaryIO:
    """Open a file's bytes, for whoever has checked that they may be read."""
    return storage().open(key_of(file.organization_id, file.sha256))


def expected_bytes(*, by: UUID | None = None) -> int:
    """Return the size of what was announced and is still on its way."""
    uploads = Upload.objects.filter(file=None, expires_at__gt=timezone.now())
    if by is not None:
        uploads = uploads.filter(created_by_id=by)
    total: int | None = uploads.aggregate(total=Sum("size_bytes"))["total"]
    return total or 0


def unattached_files(*, before: datetime) -> QuerySet[StoredFile]:
    """Return the files stored before that moment to which nothing points."""
    files: QuerySet[StoredFile] = StoredFile.objects.filter(created_at__lt=before)
    for field in _fields_that_point_to_files():
        files = files.exclude(Exists(field.model._default_manager.filter(**{field.name: OuterRef("pk")})))
    return files


def _fields_that_point_to_files() -> list[models.ForeignKey[StoredFile, StoredFile]]:
    """Every foreign key to a stored file, whichever app declares it: a new one needs no word here."""
    return [
        field
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.related_model is StoredFile
    ]
