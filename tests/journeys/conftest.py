"""The whole server in this process, on the worker's test database, and a browser in front of it.

    def test_bob_answers(house: House, open_page: OpenPage) -> None:
        page = open_page("bob")              # signed in, at a desk; open_page("bob", phone=True, language="fr")
        page.goto(house.url("/"))

`house.world` is the cast of tests/world.py. Tables are emptied after each journey.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import uvicorn
from django.test import Client

from parvis.foundation.settings import Settings
from tests.world import World

# Playwright runs a loop in this very thread, where Django would refuse the tests' own queries.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

playwright_api = pytest.importorskip("playwright.sync_api")

# The first draws no window of its own around each page, which is most of what a page costs.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"]  # fmt: skip
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}

OpenPage = Callable[..., Any]


@dataclass
class House:
    """A running server and its world."""

    port: int
    world: World

    @property
    def address(self) -> str:
        """The server's address."""
        return f"http://127.0.0.1:{self.port}"

    def url(self, path: str = "/") -> str:
        """The address of a page of the first organization."""
        return f"{self.address}/o/{self.world.organization.slug}{path}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/journeys" in item.nodeid:
            item.add_marker(pytest.mark.journey)
            # A server commits: what a journey leaves behind is emptied away.
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture
def server_port(cast_on_stage: None, transactional_db: None) -> Iterator[int]:
    """Serve in a thread of this process: pages, live gateway, static files and job worker.

    For one journey: it has stopped when the tables are emptied.
    """
    from parvis.config.asgi import build
    from parvis.config.server.process import bind
    from tests.config.installation import free_port

    port = free_port()
    chosen = Settings(port=port, threads=4, role="all")
    server = uvicorn.Server(
        uvicorn.Config(
            build(chosen), http="httptools", ws="websockets-sansio", ws_per_message_deflate=False, lifespan="on",
            log_config=None, access_log=False, timeout_graceful_shutdown=3,
            # A connection that a slow machine let rest is not closed in the moment of its next request.
            timeout_keep_alive=300,
        )
    )  # fmt: skip
    with bind(chosen) as listening:
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])), daemon=True)
        thread.start()
        deadline = time.monotonic() + 20
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            assert time.monotonic() < deadline, "the server did not start in time"
            time.sleep(0.02)
        yield port
        server.should_exit = True
        thread.join(15)


@pytest.fixture
def house(server_port: int, world: World, settings: Any) -> House:
    """The server, with the cast of tests/world.py in its database."""
    settings.BASE_URL = f"http://127.0.0.1:{server_port}"
    settings.CSRF_TRUSTED_ORIGINS = [settings.BASE_URL]
    return House(server_port, world)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One browser per worker."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (bin/test installs it where it may)")
    with playwright_api.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, headless=True, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(house: House, chromium: Any) -> Iterator[OpenPage]:
    """Open a window as somebody of the cast (None: a stranger); errors of scripts fail the journey."""
    contexts: list[Any] = []
    errors: list[str] = []

    def open_one(
        name: str | None = None, *, phone: bool = False, language: str = "en", **options: Any
    ) -> Any:
        context = chromium.new_context(
            viewport=PHONE if phone else DESK,
            has_touch=phone,
            locale=language,
            base_url=house.url(),
            # Except where it is the story, what is read comes from the server.
            **{"service_workers": "block", **options},
        )
        contexts.append(context)
        if name is not None:
            context.add_cookies([_session_cookie(house, name)])
        page = context.new_page()
        page.set_default_timeout(30_000)
        # The first page of a fresh process compiles its templates, on a machine that is busy testing.
        page.set_default_navigation_timeout(60_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if _is_refusal(message) else None)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert errors == []


def _session_cookie(house: House, name: str) -> dict[str, str]:
    client = Client(SERVER_NAME="127.0.0.1")
    identity = house.world.people[name].identity
    assert identity is not None
    client.force_login(identity)
    return {"name": "parvis_session", "value": client.cookies["parvis_session"].value, "url": house.address}


def _is_refusal(message: Any) -> bool:
    # What the content policy refused would be missing for everybody.
    return message.type == "error" and "Content Security Policy" in message.text
