"""Silence the queue's insert trigger: our notifier wakes the workers after the commit."""

from django.db import migrations

from parvis.foundation.jobs.trigger import SILENCE


class Migration(migrations.Migration):
    """procrastinate notifies inside the business transaction, which halves commits."""

    dependencies = [
        ("foundation", "0001_domain_event"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]

    operations = [migrations.RunSQL(SILENCE, migrations.RunSQL.noop)]
