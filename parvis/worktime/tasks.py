"""A month that is over is counted, once."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from parvis.foundation.jobs.periodic import every
from parvis.worktime.report import close_month


@every(days=1)
def count_the_month_before() -> None:
    """Keep the figures of the month before, when it is over where the organization is."""
    this_month = timezone.now().date().replace(day=1)
    close_month((this_month - timedelta(days=1)).replace(day=1))
