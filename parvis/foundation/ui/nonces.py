"""The page's CSP nonce, wherever a template needs it.

htmx's CSP extension strips every hx-* attribute whose element does not carry the page's nonce. Authors would
forget it, so the compiler of our templates writes it (`NonceExtension`). A card that is rendered when it is
written has no page yet: it carries `SLOT`, which `fill_nonce` replaces when the card is shown.
"""

import re
from contextvars import ContextVar

from jinja2.ext import Extension
from markupsafe import Markup

SLOT = "parvis-page-nonce-slot"
page_nonce: ContextVar[str] = ContextVar("page_nonce", default=SLOT)

_TAG = re.compile(
    r"""<(?P<name>[a-zA-Z][\w-]*)(?P<rest>(?:"[^"]*"|'[^']*'|\{\{.*?\}\}|\{%.*?%\}|\{(?![{%])|[^<>"'{])*)>""",
    re.DOTALL,
)


def csp_nonce() -> str:
    """The nonce of the page being rendered, or the slot that stored fragments keep."""
    return page_nonce.get()


def fill_nonce(stored: str) -> Markup:
    """Show a stored fragment on this page: its htmx attributes become this page's."""
    return Markup(stored.replace(SLOT, csp_nonce()))  # noqa: S704 - the fragment was escaped when rendered


def with_nonces(source: str) -> str:
    """Give every tag of a template's source that carries an htmx attribute the nonce."""
    return _TAG.sub(_sign, source)


def _sign(tag: re.Match[str]) -> str:
    rest = tag["rest"]
    if not re.search(r"\shx-\w", rest) or "hx-nonce" in rest:
        return tag[0]
    return f'<{tag["name"]} hx-nonce="{{{{ csp_nonce() }}}}"{rest}>'


class NonceExtension(Extension):
    """Signs at compile time, so that only what stands in our templates is signed, never what users write."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return with_nonces(source)
