"""Every page is valid HTML, in both languages; fragments are held to the same rules within a page."""

from __future__ import annotations

import json
import pathlib
import re
import subprocess
from html.parser import HTMLParser

import pytest

from tests.abuse.addresses import browser, filled, routes, targets
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ROOT = pathlib.Path(__file__).resolve().parents[2]
VALIDATOR = ROOT / "node_modules/.bin/html-validate"
# Pages of the design system repeat components with the same ids on purpose.
LEFT_OUT = ("api/", "styleguide", "metrics", "health/")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SECRETS = re.compile(r' hx-nonce="[^"]*"| value="\w{64}"')
ID = re.compile(r' id="([^"]+)"')


class _Frame(HTMLParser):
    """Finds what stands around a page's own content: the parts of the body and of the shell without its middle."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.parts: list[slice] = []
        self._lines = [0, *(match.end() for match in re.finditer("\n", page))]
        self._open: list[tuple[str, str, int]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self._open.append((tag, dict(attrs).get("class") or "", self._place()))

    def handle_endtag(self, tag: str) -> None:
        _tag, name, began = self._open.pop()
        around, inside, _began = self._open[-1] if self._open else ("", "", 0)
        if (around == "body" and name != "shell") or (inside == "shell" and name != "shell__content"):
            self.parts.append(slice(began, self._place() + len(f"</{tag}>")))

    def _place(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column


def _without_what_was_seen(page: str, seen: set[str]) -> str:
    """Leave out what stood around an earlier page, too, but for its ids, and lines as they are."""
    for part in reversed(_Frame(page).parts):
        text = page[part]
        mark = SECRETS.sub("", text)
        if mark in seen and "<main" not in text:
            ids = "".join(f'<span id="{id}"></span>' for id in ID.findall(text))
            page = page[: part.start] + ids + "\n" * text.count("\n") + page[part.stop :]
        seen.add(mark)
    return page


@pytest.mark.parametrize(("who", "language"), [("alice", "en"), ("chloe", "fr"), (None, "fr")])
def test_every_page_is_valid(world: World, tmp_path: pathlib.Path, who: str | None, language: str) -> None:
    if not VALIDATOR.exists():
        pytest.skip("html-validate is not installed (npm ci)")
    client = browser(world, who, headers={"Accept-Language": language})
    space = "cellar" if who == "chloe" else "lounge"
    known = targets(world, entry=f"{space} post", space=space, person="bob")
    pages, seen = 0, set[str]()
    for number, route in enumerate(routes()):
        if route.startswith(LEFT_OUT):
            continue
        answer = client.get(filled(route, known))
        html = answer.content.decode() if "html" in answer.get("Content-Type", "") else ""
        if "<html" in html:
            assert f'lang="{language}"' in html[:300], route
            name = "".join(sign if sign.isalnum() else "-" for sign in route) or "home"
            (tmp_path / f"{number:03}-{name}.html").write_text(_without_what_was_seen(html, seen))
            pages += 1
    assert pages > (10 if who else 3)
    assert _faults(tmp_path) == []


def _faults(folder: pathlib.Path) -> list[str]:
    run = subprocess.run(
        [str(VALIDATOR), "--config", str(ROOT / ".htmlvalidate.json"), "--formatter", "json", str(folder / "*.html")],
        capture_output=True, text=True, cwd=ROOT,
    )  # fmt: skip
    assert run.stdout.strip(), run.stderr
    return [
        f"{pathlib.Path(file['filePath']).name}:{message['line']} {message['ruleId']}: {message['message']}"
        for file in json.loads(run.stdout)
        for message in file["messages"]
        if message["severity"] == 2
    ]
