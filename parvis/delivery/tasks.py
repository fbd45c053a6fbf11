"""Sweepers: delays end, days begin, and what was told is forgotten in the end."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from parvis.delivery.models import Told, Turn
from parvis.delivery.planning import ask_for_turns
from parvis.foundation.jobs.periodic import every

KEPT_FOR = timedelta(days=90)


@every(minutes=1)
def ask_for_due_turns() -> None:
    """Start the channels for which somebody is due: delays end, and days begin."""
    due = Turn.objects.filter(due_at__lte=timezone.now()).order_by().values_list("channel", flat=True)
    ask_for_turns(sorted(set(due.distinct())))


@every(days=1)
def forget_old() -> None:
    """Forget what was told of lines long past."""
    Told.objects.filter(through_at__lt=timezone.now() - KEPT_FOR).delete()
