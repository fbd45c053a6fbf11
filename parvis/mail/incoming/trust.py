"""Whether a mail comes from whom it names: what our own relay found, and nobody else.

The header Authentication-Results (RFC 8601) is believed from one server alone, the one of
`PARVIS_MAIL_AUTHSERV_ID`, and only its topmost: a sender can write such headers too, below.
"""

from __future__ import annotations

from django.conf import settings

from parvis.mail.incoming.letters import Letter

PASSED, FAILED, UNKNOWN = "passed", "failed", "unknown"


def verdict(letter: Letter) -> str:
    """Return whether the relay found the sender to be genuine; `UNKNOWN` where it does not say, or nobody is asked.

    DMARC decides where there is a result; else a signature that fails while none holds, of the sender's own domain
    or not: nobody signs wrongly by accident on the way to a relay of one's own.
    """
    trusted = (settings.PARVIS.mail_authserv_id or "").casefold()
    results = _results_of(letter, trusted) if trusted else {}
    if "dmarc" in results:
        return _told(results["dmarc"])
    return _told(results.get("dkim", set()))


def _told(values: set[str]) -> str:
    if "pass" in values:
        return PASSED
    return FAILED if "fail" in values else UNKNOWN


def _results_of(letter: Letter, trusted: str) -> dict[str, set[str]]:
    """Return what the trusted server found, by method."""
    # Loaded with the first mail, and not with everything.
    import authres

    for value in letter.all_of("Authentication-Results")[:20]:
        try:
            header = authres.AuthenticationResultsHeader.parse_value(value[:8_000])
        except (authres.AuthResError, ValueError, RecursionError):
            continue
        if str(header.authserv_id).casefold() != trusted:
            continue
        found: dict[str, set[str]] = {}
        for result in header.results:
            found.setdefault(str(result.method).casefold(), set()).add(str(result.result).casefold())
        return found
    return {}
