"""The Jinja2 environment of every page: what a template may call, and how what it prints is escaped."""

import os
import re
import tempfile
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, cast

from babel import Locale
from django.conf import settings
from django.contrib.messages import get_messages
from django.contrib.messages.storage.base import Message
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.urls import get_script_prefix
from django.urls import reverse as resolve
from django.utils.translation import get_language, get_language_bidi, gettext, ngettext, npgettext, pgettext
from jinja2 import Environment, FileSystemBytecodeCache, Template
from markupsafe import Markup

from parvis.foundation.addresses import reverse, url_or_none
from parvis.foundation.ui import formats
from parvis.foundation.ui.assets import asset, icon, stylesheets
from parvis.foundation.ui.attributes import attributes
from parvis.foundation.ui.client_strings import client_strings
from parvis.foundation.ui.kept import fingerprinted, form_slot, kept, kept_each
from parvis.foundation.ui.missing import Logged, Refused
from parvis.foundation.ui.nonces import NonceExtension, csp_nonce, fill_nonce
from parvis.foundation.ui.places import place
from parvis.foundation.ui.requests import current_request
from parvis.foundation.ui.translating import translated

# The first two or three cards of a feed.
IN_SIGHT_CHARACTERS = 25_000
LATER, AT_ONCE = 'loading="lazy" decoding="async"', 'fetchpriority="high"'
# Faces have no width of their own.
_LARGE_AND_LATER = re.compile(rf'(<img [^>]* width="[^>]*){LATER}')
EXTENSIONS = ["jinja2.ext.i18n", "jinja2.ext.do", NonceExtension]


class _Template(Template):
    """All our templates have the same globals; Jinja2 compares them at every import, a third of a page's own work."""

    def _get_default_module(self, ctx: Any = None) -> Any:
        return self._module or super()._get_default_module(ctx)


def environment(**options: Any) -> Environment:
    """Build the environment (called once by Django's Jinja2 backend with its OPTIONS)."""
    options.setdefault("bytecode_cache", _bytecode_cache())
    options.setdefault("auto_reload", settings.DEBUG)
    options.setdefault("trim_blocks", True)
    options.setdefault("lstrip_blocks", True)
    options.setdefault("cache_size", 800)
    # Not `setdefault`: Django's backend has put its own choice there, which prints nothing for what is missing.
    options["undefined"] = Refused if settings.STRICT_TEMPLATES else Logged
    env = Environment(extensions=cast("Any", EXTENSIONS), **{**options, "autoescape": True})  # noqa: S701 - it is on
    env.template_class = _Template
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    env.globals.update({"_": translated, "gettext": translated})
    # As bin/translate reads them: a block of translated text may be laid out over several lines.
    env.policies["ext.i18n.trimmed"] = True
    env.globals.update(_GLOBALS)
    env.filters.update(_FILTERS)
    env.tests["group"] = _is_group
    return env


def url(name: str, *args: object, **kwargs: object) -> str:
    """The path of a named page, below the organization's prefix."""
    return resolve(name, kwargs=kwargs) if kwargs else reverse(name, args=args)


def live_url() -> str:
    """The path of the live gateway, below the organization's prefix."""
    return f"{get_script_prefix()}api/v1/live"


def flash_messages(request: Any) -> Iterable[Message]:
    """What the last action has to say, shown once; nothing outside a request."""
    return get_messages(request) if request is not None and hasattr(request, "_messages") else ()


def csrf_field() -> Markup:
    """The hidden field that every form that posts must hold; empty outside a page."""
    if (slot := form_slot()) is not None:
        return slot
    request = current_request.get()
    if request is None:
        return Markup("")
    field: Markup | None = request.__dict__.get("_parvis_csrf_field")
    if field is None:
        # Django masks its secret anew at each call, some twenty times for a page of cards; once will do.
        markup = Markup('<input type="hidden" name="csrfmiddlewaretoken" value="{}">')
        field = request.__dict__["_parvis_csrf_field"] = markup.format(get_token(request))
    return field


def language() -> str:
    """The code of the language in use, for `lang=`."""
    return get_language() or "en"


def direction() -> str:
    """`ltr` or `rtl`."""
    return "rtl" if get_language_bidi() else "ltr"


def language_name(code: str) -> str:
    """A language's name in that language: Français, English."""
    return (Locale.parse(code.replace("-", "_")).get_display_name() or code).capitalize()


def merged(first: Mapping[str, Any], second: Mapping[str, Any] | None) -> dict[str, Any]:
    """Both mappings in one; the second wins."""
    return {**first, **(second or {})}


def without(mapping: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """The mapping less some names."""
    return {name: value for name, value in mapping.items() if name not in names}


def first_picture_now(html: str) -> str:
    """Let the first picture in sight be fetched at once: it is what a page is waited for."""
    found = _LARGE_AND_LATER.search(html, 0, IN_SIGHT_CHARACTERS)
    return Markup(html if found is None else f"{html[: found.end(1)]}{AT_ONCE}{html[found.end() :]}")  # noqa: S704


def _is_group(choices: object) -> bool:
    return isinstance(choices, list | tuple)


def _bytecode_cache() -> FileSystemBytecodeCache | None:
    folder = (
        Path(getattr(settings, "TEMPLATE_CACHE_FOLDER", "") or tempfile.gettempdir()) / "parvis-templates"
    )
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return None
    # Bytecode is executed: a folder that somebody else could have written is not used.
    return FileSystemBytecodeCache(str(folder)) if folder.stat().st_uid == os.getuid() else None


_GLOBALS: dict[str, Any] = {
    "asset": asset,
    "attributes": attributes,
    "client_strings": client_strings,
    "csp_nonce": csp_nonce,
    "csrf_field": csrf_field,
    "direction": direction,
    "fingerprinted": fingerprinted,
    "flash_messages": flash_messages,
    "icon": icon,
    "language": language,
    "language_name": language_name,
    "kept": partial(kept, secret_field=csrf_field),
    "kept_each": partial(kept_each, secret_field=csrf_field),
    "live_url": live_url,
    "place": place,
    "static": static,
    "stylesheets": stylesheets,
    "url": url,
    "url_or_none": url_or_none,
}

_FILTERS: dict[str, Any] = {
    "compact": formats.compact,
    "file_size": formats.file_size,
    "fill_nonce": fill_nonce,
    "first_picture_now": first_picture_now,
    "hue": formats.hue,
    "initials": formats.initials,
    "merged": merged,
    "long_date": formats.long_date,
    "long_datetime": formats.long_datetime,
    "exact": formats.exact,
    "number": formats.number,
    "plain": formats.plain,
    "relative": formats.relative,
    "short_date": formats.short_date,
    "short_time": formats.short_time,
    "when": formats.when,
    "without": without,
}
