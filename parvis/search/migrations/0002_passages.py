"""Passages instead of entries' terms, the words that they use, and how many there are.

Terms are made again from the entries by the next sweep.
"""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.contrib.postgres.operations import BtreeGinExtension, TrigramExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [
        BtreeGinExtension(),
        TrigramExtension(),
        migrations.CreateModel(
            name="Passage",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("organization_id", models.UUIDField()),
                ("entry_id", models.UUIDField(null=True)),
                ("space_id", models.UUIDField(null=True)),
                ("author_id", models.UUIDField(null=True)),
                ("kind", models.CharField(max_length=16)),
                ("month", models.IntegerField()),
                ("published_at", models.DateTimeField()),
                ("has_file", models.BooleanField(default=False)),
                ("length", models.IntegerField()),
                ("terms", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["organization_id", "month", "terms"],
                        gin_pending_list_limit=256,
                        name="search_passage_terms",
                    ),
                    models.Index(fields=["entry_id"], name="search_passage_entry"),
                    models.Index(fields=["organization_id", "space_id"], name="search_passage_space"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Volume",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("organization_id", models.UUIDField()),
                ("month", models.IntegerField()),
                ("passages", models.IntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organization_id", "month"), name="search_volume_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Word",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("organization_id", models.UUIDField()),
                ("word", models.CharField(max_length=64)),
                ("is_word", models.BooleanField()),
                ("passages", models.IntegerField(default=1)),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        models.F("organization_id"),
                        django.contrib.postgres.indexes.OpClass("word", name="gin_trgm_ops"),
                        condition=models.Q(("is_word", True)),
                        name="search_word_parts",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("organization_id", "word"), name="search_word_once"),
                ],
            },
        ),
        migrations.DeleteModel(
            name="EntryTerms",
        ),
    ]
