"""Lighthouse's scores of the main pages, on its throttled phone: `bin/bench lighthouse`.

Starts an installation of its own with the demo, or measures a running one (`--url`, `--password`). Signed in by
cookie; the median of the runs. Lighthouse comes from npm into `bench/node`, pinned, once.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

from bench.installation import ROOT, Installation
from bench.report import Row, show

NODE = ROOT / "bench" / "node"
EMAIL, PASSWORD = "sofiane.meziane@hivernel.example", "givre-turbine-chalet-1968"
# Where the demo lives on an installation.
HOME = "/o/demo"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")


def main() -> None:
    """Measure, print what is lacking, keep the figures."""
    parser = argparse.ArgumentParser(prog="bin/bench lighthouse", description=__doc__)
    parser.add_argument("--url", help="address of a running installation with the demo")
    parser.add_argument("--password", default=PASSWORD, help="password of the demo")
    parser.add_argument("--only", default="", help="part of the names of the pages wanted")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument(
        "--slowdown", type=float, help="of the processor; as Lighthouse's calculator says for this machine"
    )
    parser.add_argument("--reports", help="a folder for the whole reports, as JSON")
    chosen = parser.parse_args()
    _install()
    with contextlib.nullcontext(chosen.url) if chosen.url else _demo() as address:
        browser = Browser(address.rstrip("/"))
        browser.sign_in(EMAIL, chosen.password)
        pages = {name: page for name, page in browser.pages().items() if chosen.only in name}
        results = _lighthouse(pages, browser.cookies(), chosen)
    rows = [
        row for name in pages for row in _rows(name, [found for found in results if found["name"] == name])
    ]
    show(rows)
    sys.exit(any(row.unit == "score" and row.ours < 95 for row in rows))


class Browser:
    """Just enough of one to sign in and to find the pages."""

    def __init__(self, address: str) -> None:
        self.address, self._jar = address, CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._jar))

    def get(self, path: str, form: dict[str, str] | None = None) -> str:
        """Return a page."""
        data = urllib.parse.urlencode(form).encode() if form else None
        request = urllib.request.Request(
            self.address + HOME + path, data, {"Referer": self.address, "Accept-Language": "fr"}
        )
        with self._opener.open(request) as answer:
            return str(answer.read().decode())

    def sign_in(self, email: str, password: str) -> None:
        """Use the form."""
        page = self.get("/account/sign-in")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token is not None
        self.get("/account/sign-in", {"csrfmiddlewaretoken": token[1], "login": email, "password": password})

    def cookies(self) -> list[dict[str, str]]:
        """Return the cookies as a browser takes them."""
        return [{"name": one.name, "value": one.value or "", "url": self.address} for one in self._jar]

    def pages(self) -> dict[str, str]:
        """Return the address of each page that is measured."""
        home = self.get("/")
        found = {name: re.search(rf'href="({HOME}{pattern})"', home) for name, pattern in _LINKS.items()}
        missing = [name for name, link in found.items() if link is None]
        assert not missing, f"home shows no {missing}: signed in?"
        paths = {"home": f"{HOME}/", "search": f"{HOME}/search?q=maintenance"} | {
            name: link[1] for name, link in found.items() if link
        }
        return {name: self.address + path for name, path in paths.items()}


_ID = "[0-9a-f-]{36}"
_LINKS = {"space": f"/spaces/{_ID}", "post": f"/entries/{_ID}", "profile": f"/people/{_ID}"}


@contextlib.contextmanager
def _demo() -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="parvis-lighthouse-", dir="/tmp"))
    # Its database may run as another user.
    folder.chmod(0o711)
    installation = Installation(folder / "data")
    try:
        with installation.running():
            command = [str(ROOT / ".venv/bin/parvis"), "demo", "--password", PASSWORD]
            subprocess.run(
                command, env=installation.environment, cwd=ROOT, check=True, stdout=subprocess.DEVNULL
            )
            yield f"http://127.0.0.1:{installation.port}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _install() -> None:
    if not (NODE / "node_modules/lighthouse").is_dir():
        # Its browser would be a second one: Debian's is used.
        environment = {**os.environ, "PUPPETEER_SKIP_DOWNLOAD": "1"}
        subprocess.run(
            ["npm", "ci", "--ignore-scripts", "--loglevel=error"], cwd=NODE, env=environment, check=True
        )


def _lighthouse(
    pages: dict[str, str], cookies: list[dict[str, str]], chosen: argparse.Namespace
) -> list[dict[str, Any]]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    wanted = {"runs": chosen.runs, "reports": chosen.reports, "slowdown": chosen.slowdown}
    asked = {"chromium": chromium, "cookies": cookies, "pages": pages, **wanted}
    command = ["node", "lighthouse.mjs"]
    told = subprocess.run(
        command, cwd=NODE, input=json.dumps(asked), text=True, stdout=subprocess.PIPE, check=True
    )
    return [json.loads(line) for line in told.stdout.splitlines()]


def _rows(name: str, runs: list[dict[str, Any]]) -> Iterator[Row]:
    for lacking in runs[-1]["lacking"]:
        print(f"{name}: {lacking['title']} {lacking.get('displayValue', '')} {lacking['where']}")

    def median(key: str) -> float:
        return float(statistics.median(run[key] for run in runs))

    more = {
        key: median(key)
        for key in (
            "fcp_ms",
            "tbt_ms",
            "speed_index_ms",
            "cls",
            "benchmark",
            "slowdown",
            "code_bytes",
            "page_bytes",
            "all_bytes",
        )
    }
    yield Row("lighthouse", "demo", f"{name}, largest paint", median("lcp_ms"), "ms", more=more)
    for category in CATEGORIES:
        score = float(statistics.median(run["scores"][category] for run in runs))
        yield Row("lighthouse", "demo", f"{name}, {category}", score, "score")


if __name__ == "__main__":
    main()
