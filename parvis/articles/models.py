"""What an article has beside its entry, and who writes the organization's news."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from parvis.content.models import Entry
from parvis.foundation.tenancy import TenantModel
from parvis.people.models import Person

STANDFIRST_LIMIT = 400


class Article(TenantModel):
    """The cover and the standfirst of an entry of the kind `article`; title, text and state are the entry's."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="articles", db_index=False)
    standfirst = models.CharField(max_length=STANDFIRST_LIMIT, blank=True)
    # Also one of the entry's attachments: readable where the entry is, described there.
    cover = models.ForeignKey(
        "foundation.StoredFile", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    word_count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry"], name="articles_article_once"),
        ]


class Coauthor(TenantModel):
    """Somebody who wrote an article together with its author."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="coauthors", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="articles_with_others")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "person"], name="articles_coauthor_once"),
        ]


class NewsEditor(TenantModel):
    """Somebody who writes the organization's news, named by an administrator."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    named_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    named_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person"], name="articles_editor_once"),
        ]
