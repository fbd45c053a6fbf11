"""The index of terms, and the text search configurations that it needs."""

import uuid

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.contrib.postgres.operations import UnaccentExtension
from django.db import migrations, models

CONFIGURATIONS = """
    CREATE TEXT SEARCH CONFIGURATION parvis_french (COPY = french);
    ALTER TEXT SEARCH CONFIGURATION parvis_french
        ALTER MAPPING FOR hword, hword_part, word WITH unaccent, french_stem;
    CREATE TEXT SEARCH CONFIGURATION parvis_plain (COPY = simple);
    ALTER TEXT SEARCH CONFIGURATION parvis_plain
        ALTER MAPPING FOR hword, hword_part, word WITH unaccent, simple;
"""
DROP = "DROP TEXT SEARCH CONFIGURATION parvis_french; DROP TEXT SEARCH CONFIGURATION parvis_plain;"


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        UnaccentExtension(),
        migrations.RunSQL(CONFIGURATIONS, DROP),
        migrations.CreateModel(
            name="EntryTerms",
            fields=[
                ("entry_id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("organization_id", models.UUIDField()),
                ("space_id", models.UUIDField()),
                ("terms", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "db_table": "search_entry_terms",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["terms"], name="search_entry_terms_gin")
                ],
            },
        ),
    ]
