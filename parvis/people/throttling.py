"""How often somebody may try a door, by network and by what is tried."""

from __future__ import annotations

from django.http import HttpRequest

from parvis.foundation import throttle
from parvis.foundation.throttle import Rate

SIGN_IN = Rate(30, 60)
TRY_A_KEY = Rate(30, 60)
JOIN = Rate(10, 60)
ASK_FOR_A_MAIL = Rate(5, 60)
MAIL_TO_ONE_ADDRESS = Rate(3, 600)
SET_UP = Rate(10, 60)
INVITE = throttle.INVITATION


def from_network(request: HttpRequest, action: str, rate: Rate) -> None:
    """Count an attempt of the network that asks; raise `Throttled` when there were too many."""
    throttle.check_network(action, request.META.get("REMOTE_ADDR"), rate=rate)
