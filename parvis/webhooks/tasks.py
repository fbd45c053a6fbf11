"""The log is kept for some weeks."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from parvis.foundation.jobs import every
from parvis.webhooks.models import Delivery

KEPT = timedelta(days=30)


@every(days=1)
def forget_old_deliveries() -> None:
    """Remove deliveries that nobody will look at any more."""
    Delivery.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
