"""The gate for typed text: what the database or an encoder cannot hold is refused before it gets there."""

import re

from django.utils.translation import gettext_lazy as _

from parvis.foundation.errors import Invalid

NEWLINES = re.compile(r"\r\n?")
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
# Allowed in the source (nobody's text is changed), meaningless or invalid in HTML.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]")


def clean_text(value: str, field: str = "") -> str:
    """Return the text with plain newlines; raise `Invalid` for what PostgreSQL or UTF-8 cannot hold."""
    if UNSTORABLE.search(value):
        sentence = _(
            "This text contains a character that cannot be stored (a null or an incomplete character)."
        )
        raise Invalid({field: [sentence]})
    return NEWLINES.sub("\n", value)


def printable(value: str) -> str:
    """Return what HTML may contain: unstorable characters become U+FFFD, control characters go."""
    return UNPRINTABLE.sub("", UNSTORABLE.sub("\ufffd", value))
