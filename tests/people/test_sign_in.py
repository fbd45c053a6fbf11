"""Signing in, and what an attacker tries there."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client

from parvis.foundation.jobs import run_pending_jobs
from parvis.people import actions, throttling
from parvis.people.models import Identity, Person
from tests.world import PASSWORD, World, sign_in

SIGN_IN = "/o/atelier/account/sign-in"
BOB = "bob@atelier.example"


def browser() -> Client:
    return Client(SERVER_NAME="localhost")


def attempt(client: Client, email: str = BOB, password: str = PASSWORD, query: str = "") -> object:
    return client.post(f"{SIGN_IN}{query}", {"login": email, "password": password})


def test_the_right_password_opens_the_organization(world: World, client: Client) -> None:
    response = attempt(client)
    assert response.status_code == 302  # type: ignore[attr-defined]
    assert response["Location"] == "/o/atelier/"  # type: ignore[index]


def test_an_address_opens_whatever_its_case(world: World, client: Client) -> None:
    assert attempt(client, email="BOB@Atelier.example").status_code == 302  # type: ignore[attr-defined]


def test_wrong_address_and_wrong_password_answer_alike(world: World) -> None:
    def answer(email: str) -> str:
        page = attempt(browser(), email=email, password="wrong-password-1").content.decode()  # type: ignore[attr-defined]
        return re.sub(r'(nonce|value)="[^"]*"', "", page)

    assert answer(BOB) == answer("nobody@atelier.example")


def test_an_ipv6_range_does_not_help_to_guess(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    # Over an hour, so that it does not matter how long a hundred guesses take here.
    monkeypatch.setattr(throttling, "SIGN_IN", throttling.Rate(30, 3600))

    def guess(number: int) -> int:
        guesser = Client(SERVER_NAME="localhost", REMOTE_ADDR=f"2001:db8:0:{number:x}::1")
        return attempt(guesser, email=f"{number}@nowhere.example").status_code  # type: ignore[attr-defined]

    # One attempt from each of many networks of one customer: no single /64 is over its limit.
    assert 429 in [guess(number) for number in range(150)]


def test_password_reset_answers_alike_for_unknown_addresses(world: World) -> None:
    known = browser().post("/o/atelier/account/password/reset", {"email": BOB})
    unknown = browser().post("/o/atelier/account/password/reset", {"email": "nobody@x.example"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_too_many_attempts_are_stopped(world: World) -> None:
    for _attempt in range(6):
        response = attempt(browser(), password="wrong-password-1")
    assert "Too many attempts" in response.content.decode()  # type: ignore[attr-defined]
    # Even the right password waits then, from anywhere.
    assert attempt(browser()).status_code == 200  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "https:evil.example",
        "http://localhost@evil.example/",
        "\thttps://evil.example",
    ],
)
def test_next_never_leads_elsewhere(world: World, client: Client, target: str) -> None:
    response = client.post(SIGN_IN, {"login": BOB, "password": PASSWORD, "next": target})
    assert response.status_code == 302
    assert "evil" not in response["Location"]
    assert "script" not in response["Location"]


def test_next_leads_to_a_page_of_this_host(world: World, client: Client) -> None:
    response = client.post(SIGN_IN, {"login": BOB, "password": PASSWORD, "next": "/o/atelier/people"})
    assert response["Location"] == "/o/atelier/people"


def test_the_session_changes_at_sign_in(world: World, client: Client) -> None:
    client.get(SIGN_IN)
    session = client.session
    session["planted"] = "by an attacker"
    session.save()
    before = (
        client.cookies["parvis_session"].value if "parvis_session" in client.cookies else session.session_key
    )
    attempt(client)
    assert client.cookies["parvis_session"].value != before


def test_a_suspended_person_reaches_nothing(world: World, client: Client) -> None:
    attempt(client, email="sam@atelier.example")
    response = client.get("/o/atelier/people")
    assert response.status_code == 302
    assert response["Location"].endswith("/organizations")


def test_removal_ends_sessions_at_once(world: World, client: Client) -> None:
    attempt(client)
    assert client.get("/o/atelier/people").status_code == 200
    with world.bound():
        assert UserSession.objects.filter(user_id=world.bob.identity_id).exists()
        actions.remove_person(actor=world.alice, person=world.bob)
        assert not UserSession.objects.filter(user_id=world.people["bob"].identity_id).exists()
    assert client.get("/o/atelier/people")["Location"].startswith("/o/atelier/account/sign-in")


def test_removal_keeps_the_session_of_another_organization(world: World, client: Client) -> None:
    with world.bound_to_twin():
        identity = Identity.objects.get(email=BOB)
        actions.join_organization(identity=identity, full_name="Bob Dupont", email=BOB)
    attempt(client)
    with world.bound():
        actions.remove_person(actor=world.alice, person=world.bob)
    assert client.get("/o/jumeau/people").status_code == 200
    assert client.get("/o/atelier/people").status_code == 302


def test_a_session_is_revoked_from_another_device(world: World) -> None:
    desk, phone = browser(), browser()
    attempt(desk)
    attempt(phone)
    phone.get("/o/atelier/people")
    page = desk.get("/o/atelier/account/sessions").content.decode()
    ending = re.search(r"/o/atelier/account/sessions/\d+/end", page)
    assert ending is not None
    desk.post(ending[0])
    assert phone.get("/o/atelier/people").status_code == 302
    assert desk.get("/o/atelier/people").status_code == 200


def test_nobody_ends_somebody_elses_session(world: World) -> None:
    victim, thief = browser(), browser()
    attempt(victim)
    attempt(thief, email="dan@atelier.example")
    with world.bound():
        session = UserSession.objects.get(user_id=world.bob.identity_id)
    thief.post(f"/o/atelier/account/sessions/{session.pk}/end")
    assert victim.get("/o/atelier/people").status_code == 200


def test_nobody_signs_up_without_an_invitation(world: World, client: Client) -> None:
    page = client.post(
        "/o/atelier/account/sign-up", {"email": "eve@x.example", "password1": "a-long-enough-password"}
    )
    assert page.status_code == 200
    assert not Identity.objects.filter(email="eve@x.example").exists()


@pytest.mark.django_db(transaction=True)
def test_a_forgotten_password_is_replaced_through_a_mail(world: World, settings: object) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"  # type: ignore[attr-defined]
    client = browser()
    client.cookies["parvis_language"] = "fr"
    client.post("/o/atelier/account/password/reset", {"email": BOB})
    run_pending_jobs()
    letter = next(one for one in mail.outbox if one.to == [BOB])
    assert "mot de passe" in letter.subject
    path = re.search(r"https?://[^/]+(/\S+)", letter.body)[1]  # type: ignore[index]
    form = client.get(path, follow=True)
    new = {"password1": "quiet lamps by the river", "password2": "quiet lamps by the river"}
    action = re.search(r'action="(/o/atelier/account/password/reset/[^"]+)"', form.content.decode())
    assert client.post(action[1], new).status_code == 302  # type: ignore[index]
    assert Identity.objects.get(email=BOB).check_password(new["password1"])
    # The link is used up.
    assert "no longer works" in browser().get(path, follow=True).content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_change_of_address_waits_for_the_new_mailbox_and_reaches_every_organization(
    world: World, settings: object
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"  # type: ignore[attr-defined]
    with world.bound_to_twin():
        actions.join_organization(identity=Identity.objects.get(email=BOB), full_name="Bob Dupont")
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"  # type: ignore[attr-defined]
    client = browser()
    attempt(client)
    change = {"email": "robert@new.example", "action_add": ""}
    # What matters asks for the password once more.
    again = client.post("/o/atelier/account/email", change)["Location"]
    assert "/o/atelier/account/again" in again
    assert client.get(again).status_code == 200
    client.post(again, {"password": PASSWORD})
    assert client.post("/o/atelier/account/email", change)["Location"] == "/o/atelier/account/email"
    assert Identity.objects.get(pk=world.people["bob"].identity_id).email == BOB
    run_pending_jobs()
    letter = next(one for one in mail.outbox if one.to == ["robert@new.example"])
    path = re.search(r"https?://[^/]+(/\S+)", letter.body)[1]  # type: ignore[index]
    assert client.get(path).status_code == 200
    client.post(path)
    assert Identity.objects.get(pk=world.people["bob"].identity_id).email == "robert@new.example"
    for scope in (world.bound, world.bound_to_twin):
        with scope():
            assert (
                Person.objects.get(identity_id=world.people["bob"].identity_id).email == "robert@new.example"
            )
    assert EmailAddress.objects.filter(user_id=world.people["bob"].identity_id).count() == 1
    run_pending_jobs()
    # The old mailbox learns of it.
    assert any(one.to == [BOB] for one in mail.outbox)


def test_signing_out_ends_the_session(world: World, client: Client) -> None:
    with world.bound():
        sign_in(client, world.bob)
    client.post("/o/atelier/account/sign-out")
    assert client.get("/o/atelier/people").status_code == 302
