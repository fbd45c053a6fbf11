"""How often the API may be called: by one token, by all tokens of one person, and without any from one network.

Plain functions: the routes that pass Django by call them too.
"""

from __future__ import annotations

from uuid import UUID

from django.conf import settings

from parvis.foundation import throttle
from parvis.foundation.allowance import Allowance, spend, tightest
from parvis.foundation.throttle import Rate

PERIOD_SECONDS = 60
# Several programs of one person together.
PERSON_FACTOR = 2
# Callers without a valid token: enough for a mistake, too little for guessing or flooding.
STRANGER_SHARE = 0.1


def charge_caller(*, person_id: UUID, token_id: UUID | None) -> Allowance:
    """Count one call of a token, or of a browser's session; raise `Throttled` when it was one too many."""
    person = spend("person", person_id, rate=_rate(PERSON_FACTOR))
    allowance = person if token_id is None else tightest(spend("token", token_id, rate=_rate(1)), person)
    allowance.raise_if_spent()
    return allowance


def charge_stranger(address: str | None) -> Allowance:
    """Count one call without a valid token by its network, never by what a header claims."""
    networks = throttle.client_networks(address, _rate(STRANGER_SHARE))
    allowance = tightest(*(spend("address", network, rate=rate) for network, rate in networks))
    allowance.raise_if_spent()
    return allowance


def _rate(factor: float) -> Rate:
    return Rate(max(int(settings.PARVIS.api_calls_per_minute * factor), 1), PERIOD_SECONDS)
