"""Requests to addresses that somebody typed: link previews, webhooks. Never `urllib` or an HTTP library for those.

    answer = outgoing.fetch("https://example.org/page", limits=Limits(size_bytes=500_000, whole=False))
    answer = outgoing.fetch(url, method="POST", body=payload, headers={...}, redirects=0)

Whoever types an address must not reach what only the server can reach. So each request, and each redirect
again, resolves the name itself, judges every address found, and connects to the very address that it judged:
a name that answers differently the second time (DNS rebinding) gains nothing. No proxy of the environment, no
cookies, no credentials; one deadline for the whole, whatever drips; bounds on what is read and unpacked.
Everything that goes wrong is an `OutgoingError` with a stable `reason`.

Call it outside a transaction: it waits for somebody else's server.
"""

from parvis.foundation.outgoing.addresses import OutgoingError, Reason, check_address
from parvis.foundation.outgoing.client import Answer, Limits, fetch

__all__ = ["Answer", "Limits", "OutgoingError", "Reason", "check_address", "fetch"]
