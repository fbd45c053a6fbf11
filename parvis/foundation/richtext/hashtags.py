"""What a hashtag is found by, however it was typed."""

import re
import unicodedata

from parvis.foundation.richtext.dialect import hashtag_at

LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"})


def hashtag_key(name: str) -> str:
    """Fold case and accents: #Été, #ete and #ÉTÉ are one topic."""
    lower = unicodedata.normalize("NFKC", name).casefold().translate(LIGATURES)
    apart = unicodedata.normalize("NFKD", lower)
    return unicodedata.normalize("NFKC", "".join(one for one in apart if not unicodedata.combining(one)))


def hashtag_name(typed: str) -> str | None:
    """Return the name in what somebody typed as a tag, None when it is none: words are joined, `#` may lead."""
    name = re.sub(r"[\s\-]+", "-", typed.strip().lstrip("#")).strip("-")
    return name if name and hashtag_at(name, 0, len(name)) == name else None
