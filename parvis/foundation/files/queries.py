"""Reading about files; the bound organization is the only one seen."""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, QuerySet, Sum

from parvis.foundation.files.storage import key_of, storage
from parvis.foundation.models import StoredFile


def storage_used_bytes() -> int:
    """Return what the organization's files take on disk: equal contents count once."""
    contents = StoredFile.objects.values("sha256").annotate(size=models.Max("size_bytes"))
    total: int | None = contents.aggregate(total=Sum("size"))["total"]
    return total or 0


def open_stored(file: StoredFile) -> BinaryIO:
    """Open a file's bytes, for whoever has checked that they may be read."""
    return storage().open(key_of(file.organization_id, file.sha256))


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
