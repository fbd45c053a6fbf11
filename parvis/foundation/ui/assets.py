"""Where the build put things: entries of the Vite manifest, icons of the sprite."""

import json
from functools import cache, lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from markupsafe import Markup, escape

FOLDER = Path(__file__).parent
DIST = FOLDER / "static" / "dist"


class MissingAsset(LookupError):
    """The front end was not built, or a template names what does not exist."""


def asset(name: str) -> str:
    """The URL of a built file: an entry's source path, or the bare name of a file that it pulls in."""
    return static(f"dist/{_entry(name)['file']}")


def stylesheets(name: str) -> list[str]:
    """The URLs of the style sheets of an entry."""
    return [static(f"dist/{sheet}") for sheet in _entry(name).get("css", [])]


@lru_cache(maxsize=4096)
def icon(name: str, label: str = "", size: str = "") -> Markup:
    """An icon of the sprite; decorative unless it has a label. Sizes: "small", "" and "large"."""
    if name not in icon_names():
        raise MissingAsset(f"no icon {name!r}: add it to parvis/foundation/ui/icons.txt")
    classes = f"icon icon--{size}" if size else "icon"
    meaning = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="{}" {}><use href="{}#{}"/></svg>').format(classes, meaning, _sprite(), name)


@cache
def icon_names() -> frozenset[str]:
    """The icons that the sprite holds."""
    return frozenset((FOLDER / "icons.txt").read_text().split())


def _sprite() -> str:
    return escape(static("dist/icons.svg"))


def _entry(name: str) -> dict[str, Any]:
    entries = _manifest_now() if settings.DEBUG else _manifest()
    for key, entry in entries.items():
        if key == name or PurePosixPath(key).name == name:
            return dict(entry)
    raise MissingAsset(f"no built file {name!r}: run `npm run build`")


@cache
def _manifest() -> dict[str, Any]:
    return _manifest_now()


def _manifest_now() -> dict[str, Any]:
    try:
        return dict(json.loads((DIST / "manifest.json").read_text()))
    except FileNotFoundError as missing:
        raise MissingAsset("the front end is not built: run `npm ci && npm run build`") from missing
