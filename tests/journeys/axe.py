"""What axe finds on a page as it stands in the browser."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
RULES_OF_WCAG = ("wcag2a", "wcag2aa", "wcag21aa", "wcag22aa")

# What stands around a page's own content is most of it. Where a part is the same as on an earlier page, but for the
# secrets of its forms and attributes, axe leaves it out; rules about the whole document still look at all of it.
_RUN = """
async ([within, options, seen]) => {
  const digest = async text =>
    String(new Uint32Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))));
  const parts = seen ? [...document.querySelectorAll("body > :not(.shell, main, :has(main)), .shell > :not(.shell__content)")] : [];
  const marks = await Promise.all(parts.map(one => digest(one.outerHTML.replace(/ hx-nonce="[^"]*"| value="\\w{64}"/g, ""))));
  const exclude = parts.filter((_one, place) => seen.includes(marks[place]));
  const found = await axe.run({ include: [within || document], exclude }, options);
  return [found.violations.map(one => `${one.id}: ${one.nodes[0].html.slice(0, 200)}`), marks];
}
"""


def brought_along(page: Any) -> None:
    """Have axe on every page that this window will open: for who looks at many."""
    page.add_init_script(path=SOURCE)


def violations(
    page: Any, *, within: str = "", only: tuple[str, ...] = (), seen: set[str] | None = None
) -> list[str]:
    """Return each violation with the first element that has it; axe's advice beyond WCAG too, unless `only` some rules.

    With `seen`, a set that one window's pages share, what stands around each of them is examined once.
    """
    # Style sheets are not fetched a second time: no rule of ours turns with the screen.
    options: dict[str, Any] = {"preload": False, "resultTypes": ["violations"]}
    if only:
        options["runOnly"] = only
    if not page.evaluate("'axe' in window"):
        page.evaluate(_source())
    found, around = page.evaluate(_RUN, [within, options, None if seen is None else list(seen)])
    if seen is not None:
        seen.update(around)
    return list(found)


@cache
def _source() -> str:
    return SOURCE.read_text()
