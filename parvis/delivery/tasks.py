"""Sweepers: delays end, days begin, and what was told is forgotten in the end."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from parvis.delivery.channels import find_channel
from parvis.delivery.models import Told, Turn
from parvis.delivery.noting import take_back
from parvis.delivery.planning import ask_for_turns, plan
from parvis.foundation.jobs.periodic import every

KEPT_FOR = timedelta(days=90)
# Some people's mails take a minute or two; whoever is slower finds that it was taken back, and leaves it.
LOST_AFTER = timedelta(minutes=5)


@every(minutes=1)
def ask_for_due_turns() -> None:
    """Start the channels for which somebody is due: delays end, and days begin."""
    due = Turn.objects.filter(due_at__lte=timezone.now()).order_by().values_list("channel", flat=True)
    ask_for_turns(sorted(set(due.distinct())))


@every(minutes=1)
def take_back_what_was_lost() -> None:
    """Let leave after all what a worker wrote and never began to hand over: it is gone."""
    for (name, since), people in take_back(before=timezone.now() - LOST_AFTER).items():
        channel = find_channel(name)
        if channel is not None:
            channel.never_left(people, since)
            plan(channel, people)


@every(days=1)
def forget_old() -> None:
    """Forget what was told of lines long past."""
    Told.objects.filter(through_at__lt=timezone.now() - KEPT_FOR).delete()
