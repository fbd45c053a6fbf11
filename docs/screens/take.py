"""Take the pictures of docs/screens from the demo: see bin/screens."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).parent
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# What a page fetches after it is there has arrived, and what is in sight of its pictures.
SETTLED = """
![...document.querySelectorAll(".shell__rail [hx-get][hx-trigger]")].some(place => place.checkVisibility() && place.tagName === "DIV" && !place.children.length)
&& [...document.images].every(image => image.complete || !image.checkVisibility() || image.getBoundingClientRect().top > innerHeight)
"""
SIZES = {390: 844, 1440: 900}


@dataclass(frozen=True, kw_only=True)
class Tour:
    """Who shows the product in a language, and what they open."""

    language: str
    email: str
    network: str
    collaborative: str
    thread: str
    profile: str
    conversation: str


TOURS = (
    Tour(
        language="fr",
        email="sofiane.meziane@hivernel.example",
        network="Maintenance : le coup de main",
        collaborative="Zéro fuite",
        thread="Vibrations du ventilateur du four 2",
        profile="Gérard Malosse",
        conversation="Covoiturage Tarare",
    ),
    Tour(
        language="en",
        email="priya.nair@hivernel.example",
        network="Data guild · Données et mesures",
        collaborative="Nordet : chauffer à −30 °C",
        thread="Anyone seen a fan relay weld itself shut",
        profile="Sarah Whitfield",
        conversation="Nordet · field week",
    ),
)


def main() -> None:
    """Sign in as each guide, walk, and save what is seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True, help="address of the running installation")
    parser.add_argument("--password", required=True, help="password of the demo")
    parser.add_argument("--only", default="", help="part of the names of the pictures wanted")
    parser.add_argument("--into", type=Path, default=FOLDER)
    chosen = parser.parse_args()
    chosen.into.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for scheme in ("light", "dark"):
            for tour in TOURS:
                for width, height in SIZES.items():
                    with _page(browser, tour, width, height, scheme) as page:
                        camera = Camera(page, chosen.into, f"{tour.language}-{width}-{scheme}", chosen.only)
                        _walk(camera, tour, chosen.url.rstrip("/"), chosen.password)
        browser.close()
    total = sum(file.stat().st_size for file in chosen.into.glob("*.png"))
    sys.stdout.write(f"{chosen.into}: {total / 1e6:.1f} MB\n")


@dataclass
class Camera:
    """A page, and where its pictures go."""

    page: Page
    folder: Path
    suffix: str
    only: str

    def take(self, name: str) -> None:
        """Save what is on the screen as a small PNG."""
        if self.only not in f"{name}-{self.suffix}":
            return
        self.page.wait_for_load_state("networkidle")
        # Polled from outside: the pages' own rules forbid scripts made of text.
        for _try in range(40):
            if self.page.evaluate(SETTLED):
                break
            self.page.wait_for_timeout(250)
        self.page.wait_for_timeout(400)
        picture = Image.open(BytesIO(self.page.screenshot(animations="disabled", caret="hide")))
        small = picture.convert("RGB").quantize(
            200, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
        )
        small.save(self.folder / f"{name}-{self.suffix}.png", optimize=True)


@contextmanager
def _page(browser: Browser, tour: Tour, width: int, height: int, scheme: str) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        locale=tour.language,
        reduced_motion="reduce",
        timezone_id="Europe/Paris" if tour.language == "fr" else "America/Toronto",
    )
    # Pictures show a working day, whenever they are taken.
    context.route("**/working-time/now", lambda route: route.fulfill(json={"until": None, "text": ""}))
    try:
        yield context.new_page()
    finally:
        context.close()


def _walk(camera: Camera, tour: Tour, url: str, password: str) -> None:
    page, base = camera.page, f"{url}/o/demo"
    page.goto(f"{base}/")
    camera.take("sign-in")
    page.fill("input[type=email], input[name=login]", tour.email)
    page.fill("input[type=password]", password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/account/" not in address)
    camera.take("home")
    for name, title in (("space-network", tour.network), ("space-collaborative", tour.collaborative)):
        page.goto(f"{base}/spaces")
        _follow(page, title)
        camera.take(name)
    page.goto(f"{base}/search?q={tour.thread}")
    _follow(page, tour.thread)
    camera.take("thread")
    page.goto(f"{base}/notifications")
    camera.take("bell")
    page.goto(f"{base}/chat")
    _follow(page, tour.conversation)
    camera.take("chat")
    page.goto(f"{base}/people?q={tour.profile}")
    _follow(page, tour.profile)
    camera.take("profile")
    page.goto(f"{base}/people")
    camera.take("directory")


def _follow(page: Page, words: str) -> None:
    """Open the first link of the main part that says so."""
    link = page.locator("main a", has_text=words).first
    page.goto(page.url.split("/o/")[0] + str(link.get_attribute("href")))


if __name__ == "__main__":
    main()
