"""Every page is valid HTML, in both languages; fragments are held to the same rules within a page."""

from __future__ import annotations

import json
import pathlib
import subprocess

import pytest

from tests.abuse.addresses import browser, filled, routes, targets
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ROOT = pathlib.Path(__file__).resolve().parents[2]
VALIDATOR = ROOT / "node_modules/.bin/html-validate"
# Pages of the design system repeat components with the same ids on purpose.
LEFT_OUT = ("api/", "styleguide", "metrics", "health/")


@pytest.mark.parametrize(("who", "language"), [("alice", "en"), ("chloe", "fr"), (None, "fr")])
def test_every_page_is_valid(world: World, tmp_path: pathlib.Path, who: str | None, language: str) -> None:
    if not VALIDATOR.exists():
        pytest.skip("html-validate is not installed (npm ci)")
    client = browser(world, who, headers={"Accept-Language": language})
    space = "cellar" if who == "chloe" else "lounge"
    known = targets(world, entry=f"{space} post", space=space, person="bob")
    pages = 0
    for number, route in enumerate(routes()):
        if route.startswith(LEFT_OUT):
            continue
        answer = client.get(filled(route, known))
        html = answer.content.decode() if "html" in answer.get("Content-Type", "") else ""
        if "<html" in html:
            assert f'lang="{language}"' in html[:300], route
            name = "".join(sign if sign.isalnum() else "-" for sign in route) or "home"
            (tmp_path / f"{number:03}-{name}.html").write_text(html)
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
