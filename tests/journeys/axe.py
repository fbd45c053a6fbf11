"""What axe finds on a page as it stands in the browser."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

RULES_OF_WCAG = ("wcag2a", "wcag2aa", "wcag21aa", "wcag22aa")


def violations(page: Any, *, within: str = "", only: tuple[str, ...] = ()) -> list[str]:
    """Return each violation with the first element that has it; axe's advice beyond WCAG too, unless `only` some rules."""
    # Style sheets are not fetched a second time: no rule of ours turns with the screen.
    options: dict[str, Any] = {"preload": False, "resultTypes": ["violations"]}
    if only:
        options["runOnly"] = only
    place = json.dumps(within) if within else "document"
    page.evaluate(_source())
    found = page.evaluate(f"axe.run({place}, {json.dumps(options)})")["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


@cache
def _source() -> str:
    return (Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js").read_text()
