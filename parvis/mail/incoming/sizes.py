"""How large a mail may be."""

from __future__ import annotations

from django.conf import settings


def is_too_large(size_bytes: int) -> bool:
    """Tell whether a mail is larger than what is taken in."""
    return size_bytes > int(settings.PARVIS.mail_limit_mb) * 1024 * 1024
