"""Whatever is typed comes back unchanged, or is refused with a message: never an error, never something else."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.db import transaction

from tests.abuse.addresses import browser, filled, routes, targets
from tests.abuse.bodies import Operation, Place, operations
from tests.abuse.forms import forms_of
from tests.abuse.hidden import show
from tests.abuse.naughty import WORST, naughty_strings
from tests.api.callers import Caller
from tests.api.furnishing import known
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


# What is kept in other words than it was typed: made plain, or a name that only finds something.
IN_OTHER_WORDS = ("/emoji", "/feeds")


def test_every_text_of_every_body_is_kept_or_refused(
    world: World, alice: Caller, nobody_answers: None, every: int
) -> None:
    """Each of the worst in each field by itself; the whole list with all fields of a body at once."""
    post = {"entry_id": [str(world.entries["lounge post"].id)]}
    ids = {**known(world), **{f"{name}_id": [str(id)] for name, id in show(world).items()}, **post}
    naughty = naughty_strings()[::every] if every == 1 else []
    wrong, tried = [], 0
    for operation in operations(alice.client.get("/api/v1/openapi.json").json(), ids):
        tried += len(operation.texts)
        said: list[dict[Place, str]] = [
            {place: text}
            for number, place in enumerate(operation.texts)
            for text in WORST[number % every :: every]
        ]
        said += [dict.fromkeys(operation.texts, text) for text in naughty if operation.texts]
        for texts in said:
            wrong += _problems(alice, operation, texts)
    assert wrong == []
    assert tried > 40


def _problems(caller: Caller, operation: Operation, texts: dict[Place, str]) -> list[object]:
    with transaction.atomic():
        answer = caller(operation.method, operation.path, operation.saying(texts))
        transaction.set_rollback(True)
    told = answer.json() if answer.content else {}
    said = (operation.method, operation.path, {place: text[:60] for place, text in texts.items()})
    if answer.status_code in REFUSALS:
        return [] if told["detail"] else [(said, "no reason")]
    if answer.status_code not in {200, 201, 204}:
        return [(said, answer.status_code)]
    return [
        (said, told[place[0]])
        for place, text in texts.items()
        if isinstance(told.get(place[0]), str) and not operation.path.startswith(IN_OTHER_WORDS)
        # Nothing may stand for what is there already, e.g. a message that becomes a post.
        if text
        if " ".join(told[place[0]].split()) != " ".join(text.split())
    ]


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
