"""What attackers try, on every address that there is."""

from __future__ import annotations

import hashlib
import logging
import time
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.test import Client

from parvis.foundation.tenancy import tenant_models
from tests.abuse.addresses import PREFIX, Targets, browser, filled, ids_of, routes, targets
from tests.abuse.bodies import operations
from tests.abuse.forms import forms_of
from tests.abuse.hidden import hide, show
from tests.api.callers import Caller
from tests.api.furnishing import known
from tests.world import PASSWORD, World

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("tireless")]

# Addresses that only read, or whose use is to be reached by anybody.
MARK = "parvisxss"
XSS = [
    f"\"'><img src=x onerror={MARK}()>",
    f"<script>{MARK}()</script>",
    f"<svg/onload={MARK}()>",
    f"[x](javascript:{MARK}())",
    f"<a href='javascript:{MARK}()'>x</a>",
    f"</textarea></title></script><script>{MARK}()</script>",
    f'![x](https://x.example/"onerror={MARK}())',
    f"{{{{ {MARK} }}}}",
]


@pytest.fixture
def pages(world: World, nobody_answers: None) -> Targets:
    return targets(world, entry="lounge post", space="lounge", person="bob", others=show(world))


class _Harm(HTMLParser):
    """Finds what a browser would run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._script = self._is_data = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._script, self._is_data = tag == "script", ("type", "application/json") in attrs
        for name, value in attrs:
            text = (value or "").strip().lower()
            if name.startswith("on") or name == "style" or text.startswith(("javascript:", "vbscript:")):
                self.found.append(f"<{tag} {name}={value!r}>")

    def handle_data(self, data: str) -> None:
        # Data is not run; what would end it is escaped.
        if self._script and MARK in data and not (self._is_data and "<" not in data):
            self.found.append(data[:200])


def test_no_text_becomes_markup_on_any_page(world: World, pages: Targets) -> None:
    bob = Caller(world, "bob")
    lounge = str(world.spaces["lounge"].id)
    for text in XSS:
        made = bob("POST", "/entries", {"space": lounge, "title": text, "body": text})
        assert made.status_code == 201
        bob("POST", f"/entries/{pages.entry}/replies", {"body": text})
        bob("POST", "/spaces", {"kind": "network", "name": f"{MARK} {text}"[:80], "description": text})
    alice = Caller(world, "alice")
    ids = {**known(world), **{f"{name}_id": [str(id)] for name, id in pages.others.items()}}
    bodies = list(operations(alice.client.get("/api/v1/openapi.json").json(), ids))
    for operation in bodies:
        alice(operation.method, operation.path, operation.saying(dict.fromkeys(operation.texts, XSS[0])))
    client = browser(world, "bob")
    profile = client.get(f"{PREFIX}profile/edit")
    for form in forms_of(profile.content.decode()):
        if form.method == "post" and form.texts:
            client.post(form.action or f"{PREFIX}profile/edit", form.filled(XSS[0]))
    seen = 0
    for who in ("bob", "alice"):
        reader = browser(world, who)
        for route in routes():
            answer = reader.get(
                filled(route, pages) + f"?q={quote(XSS[0])}&next={quote(XSS[3])}&cursor={quote(XSS[1])}"
            )
            if "html" not in answer.get("Content-Type", ""):
                assert MARK not in answer.get("Location", ""), route
                continue
            harm = _Harm()
            harm.feed(answer.content.decode())
            assert harm.found == [], (route, harm.found)
            seen += MARK in answer.content.decode()
    assert seen > 5, "the marks stand on pages, as text"


def test_nothing_runs_inline_and_no_answer_is_guessed(world: World, pages: Targets) -> None:
    client = browser(world, "alice")
    for route in routes():
        answer = client.get(filled(route, pages))
        assert answer["X-Content-Type-Options"] == "nosniff", route
        if "html" in answer.get("Content-Type", "") and not route.startswith("styleguide"):
            policy = answer["Content-Security-Policy"]
            assert "unsafe-inline" not in policy and "unsafe-eval" not in policy, route


EVIL = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "https:evil.example",
    "\thttps://evil.example",
]
NAMES = ("next", "return_to", "back", "url", "redirect", "redirect_to", "continue", "return")


@pytest.mark.parametrize("who", [None, "bob"])
def test_no_address_leads_outside(world: World, pages: Targets, who: str | None, every: int) -> None:
    client = browser(world, who)
    forged = {"Referer": EVIL[0], "HX-Current-URL": EVIL[0], "X-Forwarded-Host": "evil.example"}
    for number, route in enumerate(routes()):
        address = filled(route, pages)
        for turn in range(len(EVIL) if every == 1 else 1):
            # Each name in turn carries each of them.
            values = [EVIL[(number + turn + place) % len(EVIL)] for place in range(len(NAMES))]
            query = "&".join(f"{name}={quote(value)}" for name, value in zip(NAMES, values, strict=True))
            _assert_inside(client.get(f"{address}?{query}", headers=forged), route)
        if who and number % every == 0:
            _assert_inside(client.post(f"{address}", dict.fromkeys(NAMES, EVIL[0]), headers=forged), route)


def _assert_inside(answer: HttpResponseBase, route: str) -> None:
    for name in ("Location", "HX-Redirect", "HX-Location", "Refresh"):
        host = urlsplit(answer.get(name, "").strip().replace("\\", "/")).netloc
        assert host in {"", "localhost"}, (route, name, answer[name])


def _snapshot(world: World) -> dict[str, str]:
    """Return a fingerprint of every tenant table of both organizations."""
    found: dict[str, str] = {}
    for bound in (world.bound, world.bound_to_twin):
        with bound(), connection.cursor() as cursor:
            for model in tenant_models():
                table = model._meta.db_table
                cursor.execute(
                    f"SELECT coalesce(string_agg(t::text, E'\\n' ORDER BY id), '') FROM \"{table}\" t"
                )
                [rows] = cursor.fetchone()
                found[f"{bound.__name__} {table}"] = hashlib.sha256(rows.encode()).hexdigest()
    return found


BODY = {
    "body": "mine",
    "title": "mine",
    "name": "mine",
    "reason": "spam",
    "role": "host",
    "version": "1",
    "emoji": "👍",
}


# Whoever sees somebody may report them, and wave them away.
FOR_EVERYBODY = ("people/", "moderation/people/", "suggestions/", "api/v1/suggestions/")


@pytest.fixture
def hidden(world: World, nobody_answers: None) -> Targets:
    return targets(world, entry="cellar post", space="cellar", person="alice", others=hide(world))


def test_every_id_of_an_address_is_one_of_something(hidden: Targets) -> None:
    unknown = {(word, name) for route in routes() for word, name in ids_of(route)}
    assert sorted(one for one in unknown if hidden.known(*one) is None) == []


@pytest.mark.parametrize("who", ["twin_bob", "dan", "grace"])
def test_ids_of_what_is_not_theirs_change_nothing(world: World, hidden: Targets, who: str) -> None:
    """Each address that takes an id, with ids that the caller may not know: refused, and no row is another."""
    client = browser(world, who)
    before = _snapshot(world)
    for route in routes():
        if not ids_of(route) or route.startswith(FOR_EVERYBODY):
            continue
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            answer = _sent(client, method, filled(route, hidden), is_form=not route.startswith("api/"))
            # 204: to have read what one cannot see is nothing, for whatever id.
            # 412: uploads want to hear the protocol first.
            refused = {204, 302, 401, 403, 404, 405, 412, 422}
            assert answer.status_code in refused, (method, route, answer.status_code)
            assert "walrus" not in answer.content.decode(errors="replace").lower(), route
    after = _snapshot(world)
    assert [name for name in before if before[name] != after[name]] == []


def _sent(client: Client, method: str, address: str, *, is_form: bool) -> Any:
    with transaction.atomic():
        if method == "POST" and is_form:
            return client.post(address, BODY)
        kind = "application/x-www-form-urlencoded" if is_form else "application/json"
        # A body that is no JSON object would be refused before anybody asks whose it is.
        return client.generic(method, address, "{}", content_type=kind)


def test_refusal_and_absence_look_alike(world: World, hidden: Targets) -> None:
    """Ids that exist and ids that do not get the same answer, but for what the request itself says."""
    client = browser(world, "dan")
    for route in routes():
        # The organization's own emoji are everybody's.
        if not ids_of(route) or "person" in route or route.startswith((*FOR_EVERYBODY, "emoji/")):
            continue
        nowhere = Targets(uuid4(), uuid4(), hidden.person)
        for method in (client.get, client.post, client.delete):
            one, other = method(filled(route, hidden)), method(filled(route, nowhere))
            assert one.status_code == other.status_code, route


RIGHTS = {
    "is_administrator": "on", "is_moderator": "on", "kind": "member", "state": "active", "organization": "x",
    "organization_id": "x", "id": "x", "author": "x", "author_id": "x", "identity": "x", "email": "evil@evil.example",
    "role": "host", "created_by": "x", "is_everyone": "on", "registrant": "x", "scopes": "write", "token_hash": "x",
}  # fmt: skip


def test_fields_that_a_form_does_not_show_are_not_taken(world: World, pages: Targets) -> None:
    client = browser(world, "bob")
    with world.bound():
        before = _rights(world)
    for route in routes():
        if route.startswith(("api/", "styleguide", "account/password", "account/email")):
            continue
        address = filled(route, pages)
        page = client.get(address)
        shown = forms_of(page.content.decode()) if "html" in page.get("Content-Type", "") else []
        for form in shown:
            known = {**form.chosen, **form.texts}
            more = {name: value for name, value in RIGHTS.items() if name not in known}
            if form.method == "post" and "sign-out" not in form.action and "leaving" not in form.action:
                client.post(form.action or address, {**known, **more})
        client.post(address, RIGHTS)
    with world.bound():
        assert _rights(world) == before


def _rights(world: World) -> list[Any]:
    person = apps.get_model("people", "Person")
    return list(
        person.objects.order_by("id").values_list(
            "id",
            "email",
            "kind",
            "state",
            "is_administrator",
            "is_moderator",
            "identity_id",
            "organization_id",
        )
    )


def test_every_body_of_the_api_refuses_fields_that_it_does_not_know(world: World, client: Client) -> None:
    document = client.get("/api/v1/openapi.json").json()
    schemas = document["components"]["schemas"]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if body is not None:
                # One that may be left out is of its shape or null.
                shapes = body["schema"].get("anyOf", [body["schema"]])
                name = next(shape["$ref"] for shape in shapes if "$ref" in shape).rpartition("/")[2]
                assert schemas[name]["additionalProperties"] is False, f"{method} {path}"


def test_a_session_from_before_the_sign_in_is_worth_nothing(world: World) -> None:
    client = Client(SERVER_NAME="localhost")
    client.cookies["parvis_session"] = "a" * 32
    client.get(f"{PREFIX}account/sign-in")
    planted = client.cookies["parvis_session"].value
    client.post(f"{PREFIX}account/sign-in", {"login": "bob@atelier.example", "password": PASSWORD})
    after = client.cookies["parvis_session"].value
    assert after != planted and after != "a" * 32
    thief = Client(SERVER_NAME="localhost")
    thief.cookies["parvis_session"] = planted
    assert thief.get(f"{PREFIX}inbox").status_code == 302


def test_no_header_and_no_line_of_a_log_is_injected(
    world: World, pages: Targets, caplog: pytest.LogCaptureFixture
) -> None:
    client = browser(world, "bob")
    caplog.set_level(logging.INFO)
    attack = "x%0d%0aX-Injected:%201%0d%0a%1b[31mFAKE"
    for route in routes():
        address = filled(route, pages)
        for answer in (
            client.get(f"{address}?q={attack}&next=/{attack}&name={attack}&cursor={attack}"),
            client.post(address, {"next": "/x\r\nX-Injected: 1", "name": "x\r\nX-Injected: 1"}),
        ):
            assert "X-Injected" not in answer.headers, route
            assert not any("\n" in value or "\r" in value for value in answer.headers.values()), route
    client.get(f"{PREFIX}nowhere/{attack}")
    for record in caplog.records:
        assert "\r" not in record.getMessage() and "\x1b" not in record.getMessage(), record.getMessage()


SLOW = [
    "[" * 50_000, "*" * 50_000, "a@" * 25_000, "#a" * 25_000, ":a" * 25_000, "(" * 50_000, "`" * 50_000,
    "\\" * 50_000, "a-" * 25_000 + "!", "https://a." * 5_000, "<" * 50_000, "> " * 25_000, " \t" * 25_000 + "x",
    "@[a](person:" * 4_000, "1." * 25_000, "|a" * 25_000 + "\n|-|", "é́" * 16_000, "_a_" * 16_000,
]  # fmt: skip


def test_no_text_takes_long_to_read(world: World) -> None:
    """CPU seconds of the whole request; the machine may be busy, the bound is wide, and far below any backtracking."""
    bob = Caller(world, "bob")
    lounge = str(world.spaces["lounge"].id)
    slow = []
    for text in SLOW:
        began = time.process_time()
        made = bob("POST", "/entries", {"space": lounge, "body": text})
        took = time.process_time() - began
        assert made.status_code in {201, 413, 422}, (text[:20], made.content[:300])
        if took > 2.0:
            slow.append((text[:20], round(took, 2)))
    assert slow == []


def test_no_search_takes_long(world: World, pages: Targets, every: int) -> None:
    client = browser(world, "bob")
    slow = []
    for route in routes():
        if "<" in route and every > 1:
            continue
        for text in (SLOW[:4] + SLOW[8:10])[:: min(every, 3)]:
            began = time.process_time()
            client.get(
                filled(route, pages), {"q": text[:5_000], "cursor": text[:5_000], "search": text[:5_000]}
            )
            if time.process_time() - began > 1.0:
                slow.append((route, text[:20]))
    assert slow == []


PRIVATE = [
    "http://127.0.0.1/", "https://127.0.0.1/", "https://localhost/", "https://[::1]/", "https://0/", "https://2130706433/",
    "https://0x7f.1/", "https://169.254.169.254/latest/meta-data/", "https://10.0.0.1/", "https://192.168.1.1/",
    "https://[::ffff:127.0.0.1]/", "https://[fe80::1]/", "https://127.0.0.1.nip.io@10.0.0.1/", "file:///etc/passwd",
    "gopher://127.0.0.1/", "https://127.1/", "https://０.０.０.０/", "https://example.org:22/",
]  # fmt: skip


def test_no_private_address_is_accepted_where_one_is_asked_for(world: World) -> None:
    alice = Caller(world, "alice")
    for url in PRIVATE:
        answer = alice("POST", "/webhooks", {"name": "x", "url": url, "events": ["entry.published"]})
        assert answer.status_code == 422, url
        assert "url" in answer.json()["errors"], url
