"""The index, which only `parvis/search/index/` touches: passages, the words they use, how many there are. Beside it
what files say, and the searches that somebody saved. An app with many texts of a sort of its own keeps a store of
its own, in tables of these shapes (`index/stores.py`)."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils import timezone

from parvis.foundation.tenancy import TenantModel
from parvis.people.models import Person


class PassageRow(models.Model):
    """What one thing says: an entry, a file attached to it, or something with a name (a person, a space).

    It holds terms, no text, and stands where no row policy is: under one PostgreSQL cannot use a GIN index
    with `@@`, which is not leakproof (measured: 50 to 85 ms instead of 0.04 on 60,000 rows). Every hit is
    joined back to rows that are protected. What filters ask for is repeated here, so that a frequent word
    within a rare author is found without reading all that say it.
    """

    # The entry's own id, the attachment's for a file, the person's, the space's.
    id = models.UUIDField(primary_key=True)
    organization_id = models.UUIDField()
    # The entry to show; null for what has a name.
    entry_id = models.UUIDField(null=True)
    # Where it is read: the space, or the room.
    space_id = models.UUIDField(null=True)
    author_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=16)
    # Months since year 0 in which it was published: a slice of the index, so that a word that everybody
    # uses is looked for among the newest only. 0 for what has a name.
    month = models.IntegerField()
    published_at = models.DateTimeField()
    has_file = models.BooleanField(default=False)
    # Different terms: long texts say every word, and count for less.
    length = models.IntegerField()
    # Weights: A title, B title as typed, C text, D text as typed (unstemmed, without accents).
    terms = SearchVectorField()

    class Meta:
        abstract = True


class WordRow(models.Model):
    """A term of an organization and in how many passages it stands: for weighing, parts of words and typos.

    Never shown as it is: a word is suggested only once it was found in something that the asker may read.
    """

    organization_id = models.UUIDField()
    word = models.CharField(max_length=64)
    # Typed so by somebody; the others are stems.
    is_word = models.BooleanField()
    passages = models.IntegerField(default=1)

    class Meta:
        abstract = True


class VolumeRow(models.Model):
    """How many passages an organization has of each month, at the last count."""

    organization_id = models.UUIDField()
    month = models.IntegerField()
    passages = models.IntegerField()

    class Meta:
        abstract = True


class Passage(PassageRow):
    """What entries, their files, people and spaces say."""

    class Meta:
        indexes: ClassVar = [
            # Short pending list: every search reads it through.
            GinIndex(
                fields=["organization_id", "month", "terms"],
                name="search_passage_terms",
                gin_pending_list_limit=256,
            ),
            # Forgetting and finding the files of an entry.
            models.Index(fields=["entry_id"], name="search_passage_entry"),
            # What an import brought, what a sweeper compares.
            models.Index(fields=["organization_id", "space_id"], name="search_passage_space"),
        ]


class Word(WordRow):
    """The words of these passages."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization_id", "word"], name="search_word_once"),
        ]
        indexes: ClassVar = [
            GinIndex(
                "organization_id",
                OpClass("word", name="gin_trgm_ops"),
                condition=models.Q(is_word=True),
                name="search_word_parts",
            ),
        ]


class Volume(VolumeRow):
    """The months of these passages."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization_id", "month"], name="search_volume_once"),
        ]


class FileText(TenantModel):
    """What a file says, by its content: found and shown only with an entry that carries it."""

    sha256 = models.CharField(max_length=64)
    text = models.TextField(blank=True)
    # Why there is no text: too large, damaged, protected by a password …
    fault = models.CharField(max_length=40, blank=True)
    read_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "sha256"], name="search_filetext_once"),
        ]


class SavedSearch(TenantModel):
    """Somebody wants to ask the same again; nobody else knows."""

    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="saved_searches", db_index=False
    )
    name = models.CharField(max_length=80)
    # The part of the address after the question mark.
    address = models.TextField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "name"], name="search_savedsearch_once"),
        ]
