"""The `_` of templates: a page says thousands of words, in one language that is looked up once, when it begins.

Jinja2's own calls three functions of the context for each, and Django's takes a lock each time to look which language
is meant: a sixth of what an inbox cost. Blocks and plurals go Jinja2's way.
"""

from __future__ import annotations

from functools import lru_cache

from django.utils.translation import gettext, override
from markupsafe import Markup

from parvis.foundation.ui.surroundings import page_surroundings

# More than all catalogues hold; a text that a template takes from elsewhere pushes out what was not used for long.
_MOST_TEXTS = 20_000


def translated(text: str, /, **values: object) -> Markup:
    """Return a text in the page's language, with its values filled in; like Jinja2's, `%` stands for `%%` always."""
    page = page_surroundings.get()
    found = _in_language(text, page.language) if page is not None else Markup(gettext(text))  # noqa: S704 - ours
    return found % values if "%" in found else found


@lru_cache(maxsize=_MOST_TEXTS)
def _in_language(text: str, language: str | None) -> Markup:
    with override(language):
        return Markup(gettext(text))  # noqa: S704 - written by us, as in Jinja2
