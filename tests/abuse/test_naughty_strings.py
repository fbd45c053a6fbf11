"""Whatever is typed comes back unchanged, or is refused with a message: never an error, never something else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from tests.abuse.addresses import browser, filled, routes, targets
from tests.abuse.forms import forms_of
from tests.abuse.naughty import WORST, naughty_strings
from tests.api.callers import Caller
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("tireless")]

REFUSALS = {400, 404, 409, 413, 422}


def as_kept(text: str) -> str:
    """What a text is when it is kept: its ends trimmed, its lines ended in one way."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


@pytest.fixture
def alice(world: World) -> Caller:
    return Caller(world, "alice")


def test_texts_come_back_unchanged_through_the_api(world: World, alice: Caller, every: int) -> None:
    lounge = str(world.spaces["lounge"].id)
    changed = []
    for text in [*WORST, *naughty_strings()[::every]]:
        made = alice("POST", "/entries", {"space": lounge, "title": text[:200], "body": f"x{text}x"})
        if made.status_code in REFUSALS:
            assert made.json()["errors"], text
            continue
        assert made.status_code == 201, (text, made.content)
        read = made.json()
        if read["body"] != f"x{text}x".replace("\r\n", "\n").replace("\r", "\n"):
            changed.append(("body", text, read["body"]))
        if " ".join(read["title"].split()) != " ".join(text[:200].split()):
            changed.append(("title", text, read["title"]))
    assert changed == []


def _bodies(text: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    yield "POST", "/spaces", {"kind": "network", "name": text, "description": text}
    yield "POST", "/webhooks", {"name": text, "url": text, "events": [text]}
    yield "POST", "/entries", {"id": text, "space": text, "kind": text, "title": text, "body": text}


def test_every_other_field_of_the_api_keeps_or_refuses(world: World, alice: Caller, every: int) -> None:
    for text in [*WORST, *naughty_strings()[:: 4 * every]]:
        for method, path, body in _bodies(text):
            answer = alice(method, path, body)
            assert answer.status_code == 201 or (
                answer.status_code in REFUSALS and answer.json()["detail"]
            ), (
                path,
                text,
                answer.content,
            )
            if answer.status_code == 201 and path == "/spaces":
                assert " ".join(answer.json()["name"].split()) == " ".join(text.split())


@pytest.mark.parametrize("name", ["q", "cursor", "scope", "kind", "space", "limit", "unread"])
def test_every_parameter_of_the_api_answers_or_refuses(
    world: World, alice: Caller, name: str, every: int
) -> None:
    document = alice.client.get("/api/v1/openapi.json").json()
    paths = [
        path for path, operations in document["paths"].items() if "get" in operations and "{" not in path
    ]
    for path in paths:
        for text in WORST[: -1 : min(every, 3)]:
            value = quote(text.encode(errors="surrogatepass"))
            answer = alice("GET", f"{path.removeprefix('/api/v1')}?{name}={value}")
            assert answer.status_code in {200, *REFUSALS}, (path, name, text, answer.content)


def test_forms_of_every_page_survive_every_text(world: World, every: int) -> None:
    """Each form of each page, filled with the worst, answers with a page, a redirect or a message."""
    client = browser(world, "alice")
    known = targets(world, entry="lounge post", space="lounge", person="bob")
    seen: set[tuple[str, ...]] = set()
    for route in routes():
        if route.startswith(("api/", "styleguide", "metrics", "health/", "setup", "account/")):
            continue
        page = client.get(filled(route, known))
        if page.status_code != 200 or "html" not in page.get("Content-Type", ""):
            continue
        for form in forms_of(page.content.decode()):
            action = form.action or filled(route, known)
            signature = (action.partition("?")[0], form.method, *sorted(form.texts))
            if signature in seen or not form.texts or not action.startswith("/o/atelier/"):
                continue
            seen.add(signature)
            for text in WORST[::every]:
                sent = form.filled(text.encode(errors="replace").decode() if "\ud800" in text else text)
                answer = client.generic(
                    form.method.upper(),
                    action,
                    **_encoded(form.method, sent),  # type: ignore[arg-type]
                )
                assert answer.status_code < 500, (action, text)
    assert len(seen) > 10


def _encoded(method: str, sent: dict[str, object]) -> dict[str, Any]:
    text = urlencode(sent, doseq=True)
    if method == "post":
        return {"data": text, "content_type": "application/x-www-form-urlencoded"}
    return {"QUERY_STRING": text}


def test_lone_surrogates_and_nul_in_json_are_refused_or_kept(world: World, alice: Caller) -> None:
    lounge = str(world.spaces["lounge"].id)
    for escaped in (r"\ud800", r"\u0000", r"\udfff\ud800"):
        raw = json.dumps({"space": lounge, "body": "BODY", "title": "BODY"}).replace("BODY", escaped)
        answer = alice.client.post(
            "/api/v1/entries",
            raw,
            content_type="application/json",
            headers={"Authorization": f"Bearer {alice.secret}"},
        )
        assert answer.status_code in REFUSALS, (escaped, answer.content)
