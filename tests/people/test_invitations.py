"""Asking people in and coming in: what opens, what does not, and nothing twice."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.utils import timezone

from parvis.foundation.errors import Forbidden, Invalid
from parvis.foundation.jobs import run_pending_jobs
from parvis.people import actions
from parvis.people.actions import Invitee
from parvis.people.invitation_keys import hash_of, proof_for
from parvis.people.models import Identity, Invitation, Person, Unit
from tests.world import PASSWORD, World, sign_in

NEW_PASSWORD = "quiet lamps by the river"


def invited(world: World, email: str = "zoe@atelier.example", **options: object) -> tuple[Invitation, str]:
    with world.bound():
        done = actions.invite(actor=world.alice, invitees=[Invitee(email=email)], **options)[0]  # type: ignore[arg-type]
    assert done.invitation is not None
    return done.invitation, done.secret


def join_page(client: Client, key: str, data: dict[str, str] | None = None, slug: str = "atelier") -> object:
    path = f"/o/{slug}/join/{key}"
    return client.post(path, data) if data is not None else client.get(path)


def without_nonces(page: str) -> str:
    return re.sub(r'(nonce|value)="[^"]*"', "", page)


def person_with(world: World, email: str) -> Person | None:
    with world.bound():
        return Person.objects.filter(email=email).first()


def test_only_the_hash_of_a_secret_is_kept(world: World) -> None:
    invitation, secret = invited(world)
    assert invitation.token_hash == hash_of(secret)
    assert secret not in str(vars(invitation))


def test_members_invite_only_where_the_organization_lets_them(world: World) -> None:
    with world.bound():
        with pytest.raises(Forbidden):
            actions.invite(actor=world.bob, invitees=[Invitee(email="zoe@atelier.example")])
        actions.change_organization(actor=world.alice, organization=world.organization, who_invites="members")
        assert actions.invite(actor=world.bob, invitees=[Invitee(email="zoe@atelier.example")])
        with pytest.raises(Forbidden):
            actions.invite(actor=world.grace, invitees=[Invitee(email="yan@atelier.example")])
        with pytest.raises(Forbidden):
            actions.invite(
                actor=world.bob, invitees=[Invitee(email="yan@atelier.example")], is_administrator=True
            )


def test_who_is_here_is_not_invited_again(world: World) -> None:
    with world.bound():
        done = actions.invite(
            actor=world.alice,
            invitees=[Invitee(email="BOB@atelier.example"), Invitee(email="sam@atelier.example")],
        )
        assert all(one.is_here_already for one in done)
        assert not Invitation.objects.exists()


def test_a_new_invitation_ends_the_earlier_one(world: World) -> None:
    first, _secret = invited(world)
    invited(world)
    with world.bound():
        assert not Invitation.objects.get(pk=first.pk).is_open


def test_a_stranger_joins_through_a_link_where_no_mail_can_be_sent(world: World, client: Client) -> None:
    _invitation, secret = invited(world)
    assert join_page(client, secret).status_code == 200  # type: ignore[attr-defined]
    response = join_page(client, secret, {"full_name": "Zoé  Neuve", "password": NEW_PASSWORD})
    assert response.status_code == 302  # type: ignore[attr-defined]
    person = person_with(world, "zoe@atelier.example")
    assert person is not None
    assert (person.full_name, person.state) == ("Zoé Neuve", "active")
    assert client.get("/o/atelier/settings").status_code == 200
    # Nobody proved the address: it is not confirmed.
    assert not EmailAddress.objects.get(email="zoe@atelier.example").verified


def test_an_invitation_opens_once(world: World, client: Client) -> None:
    _invitation, secret = invited(world)
    join_page(client, secret, {"full_name": "Zoé", "password": NEW_PASSWORD})
    assert join_page(Client(SERVER_NAME="localhost"), secret).status_code == 404  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "end", ["revoked", "expired", "renewed", "other organization", "nonsense", "tampered"]
)
def test_a_closed_door_does_not_say_why(world: World, client: Client, end: str) -> None:
    invitation, secret = invited(world)
    slug = "atelier"
    with world.bound():
        key = secret
        if end == "revoked":
            actions.revoke_invitation(actor=world.alice, invitation=invitation)
        elif end == "expired":
            Invitation.objects.filter(pk=invitation.pk).update(
                expires_at=timezone.now() - timedelta(seconds=1)
            )
        elif end == "renewed":
            key = proof_for(invitation.email, invitation)
            actions.renew_invitation(actor=world.alice, invitation=invitation)
        elif end == "other organization":
            slug, key = "jumeau", proof_for(invitation.email, invitation)
        elif end == "nonsense":
            key = "../../etc:passwd é"
        else:
            key = proof_for(invitation.email, invitation)[:-2] + "xx"
    response = join_page(client, key, slug=slug)
    assert response.status_code == 404  # type: ignore[attr-defined]
    assert "zoe@" not in response.content.decode()  # type: ignore[attr-defined]


def test_a_mailed_link_confirms_the_address(world: World, client: Client, settings: object) -> None:
    settings.HAS_MAIL_SERVER = True  # type: ignore[attr-defined]
    invitation, _secret = invited(world)
    with world.bound():
        key = proof_for(invitation.email, invitation)
    join_page(client, key, {"full_name": "Zoé", "password": NEW_PASSWORD})
    assert EmailAddress.objects.get(email="zoe@atelier.example").verified


def test_a_copied_link_confirms_nothing_where_mail_works(
    world: World, client: Client, settings: object
) -> None:
    settings.HAS_MAIL_SERVER = True  # type: ignore[attr-defined]
    _invitation, secret = invited(world)
    response = join_page(
        client, secret, {"full_name": "Mallory", "password": NEW_PASSWORD, "email": "x@y.example"}
    )
    assert not Identity.objects.filter(email="zoe@atelier.example").exists()
    assert not Identity.objects.filter(email="x@y.example").exists()
    assert "mailbox" in response.content.decode()  # type: ignore[attr-defined]


def test_somebody_with_a_login_signs_in_and_joins(world: World, client: Client) -> None:
    _invitation, secret = invited(world, email="bob@jumeau.example")
    page = join_page(client, secret)
    assert "password" not in page.content.decode().split("<form")[0]  # type: ignore[attr-defined]
    join_page(client, secret, {"full_name": "Mallory", "password": NEW_PASSWORD})
    assert Identity.objects.get(email="bob@jumeau.example").check_password(PASSWORD)
    with world.bound_to_twin():
        sign_in(client, world.people["twin_bob"])
    assert join_page(client, secret, {}).status_code == 302  # type: ignore[attr-defined]
    assert person_with(world, "bob@jumeau.example") is not None


def test_an_invitation_to_another_address_does_not_open(world: World, client: Client) -> None:
    _invitation, secret = invited(world)
    with world.bound_to_twin():
        sign_in(client, world.people["twin_bob"])
    response = join_page(client, secret, {})
    assert response.status_code == 200  # type: ignore[attr-defined]
    assert person_with(world, "bob@jumeau.example") is None


def test_an_imported_person_is_claimed_by_an_invitation_to_their_address(
    world: World, client: Client
) -> None:
    with world.bound():
        ute = world.ute
        secret = actions.invite(actor=world.alice, invitees=[Invitee(email=ute.email)])[0].secret
    join_page(client, secret, {"full_name": "Ute Here", "password": NEW_PASSWORD})
    with world.bound():
        claimed = Person.objects.get(pk=ute.pk)
        assert claimed.is_active
        assert claimed.identity_id is not None


def test_an_open_link_does_not_let_anybody_take_an_imported_persons_place(
    world: World, client: Client
) -> None:
    with world.bound():
        secret = actions.make_invitation_link(actor=world.alice).secret
    data = {"full_name": "Mallory", "email": "ute@atelier.example", "password": NEW_PASSWORD}
    response = join_page(client, secret, data)
    assert response.status_code == 422  # type: ignore[attr-defined]
    with world.bound():
        assert not world.ute.is_active
    assert not Identity.objects.filter(email="ute@atelier.example").exists()


def test_an_open_link_lets_several_in_until_it_is_revoked(world: World) -> None:
    with world.bound():
        link = actions.make_invitation_link(actor=world.alice, kind=Person.Kind.GUEST)
    for name in ("ada", "ben"):
        data = {"full_name": name, "email": f"{name}@partner.example", "password": NEW_PASSWORD}
        assert join_page(Client(SERVER_NAME="localhost"), link.secret, data).status_code == 302  # type: ignore[attr-defined]
    person = person_with(world, "ada@partner.example")
    assert person is not None
    assert person.is_guest
    with world.bound():
        assert Invitation.objects.get(pk=link.invitation.pk).used_count == 2  # type: ignore[union-attr]


@pytest.mark.parametrize("who", ["sam", "lea"])
def test_nobody_excluded_walks_in_through_an_open_link(world: World, client: Client, who: str) -> None:
    with world.bound():
        secret = actions.make_invitation_link(actor=world.alice).secret
        excluded = world.people[who]
        before = Person.objects.get(pk=excluded.pk).state
        sign_in(client, excluded)
    assert join_page(client, secret, {}).status_code == 422  # type: ignore[attr-defined]
    with world.bound():
        assert Person.objects.get(pk=excluded.pk).state == before


def test_a_personal_invitation_brings_back_who_left_without_their_old_role(
    world: World, client: Client
) -> None:
    with world.bound():
        Person.objects.filter(pk=world.max.pk).update(is_administrator=True)
        actions.remove_person(actor=world.alice, person=world.max)
        sign_in(client, world.people["max"])
        secret = actions.invite(actor=world.alice, invitees=[Invitee(email="max@atelier.example")])[0].secret
    assert join_page(client, secret, {}).status_code == 302  # type: ignore[attr-defined]
    with world.bound():
        assert world.max.is_active
        assert not world.max.is_administrator
        assert not world.max.is_moderator


def test_a_weak_password_is_refused_and_the_name_stays(world: World, client: Client) -> None:
    _invitation, secret = invited(world)
    response = join_page(client, secret, {"full_name": "Zoé Neuve", "password": "1234"})
    assert response.status_code == 422  # type: ignore[attr-defined]
    assert "Zoé Neuve" in response.content.decode()  # type: ignore[attr-defined]
    assert not Identity.objects.filter(email="zoe@atelier.example").exists()


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "Ro\u202eb\u0007ert", "x" * 121, "\x00", "🦊" * 60]
)
def test_naughty_names_are_kept_harmless_or_refused(world: World, client: Client, name: str) -> None:
    _invitation, secret = invited(world)
    response = join_page(client, secret, {"full_name": name, "password": NEW_PASSWORD})
    assert response.status_code in {302, 422}  # type: ignore[attr-defined]
    person = person_with(world, "zoe@atelier.example")
    if person is not None:
        assert "\u202e" not in person.full_name
        assert "\x07" not in person.full_name
        assert "<script>alert" not in client.get("/o/atelier/people").content.decode()


def test_a_domain_lets_people_join_after_a_mail(world: World, client: Client, settings: object) -> None:
    settings.HAS_MAIL_SERVER = True  # type: ignore[attr-defined]
    with world.bound():
        actions.change_organization(
            actor=world.alice, organization=world.organization, email_domains=["atelier.example"]
        )
        key = proof_for("new@atelier.example", None)
        elsewhere = proof_for("new@elsewhere.example", None)
    known = client.post("/o/atelier/join", {"email": "new@atelier.example"}).content.decode()
    unknown = client.post("/o/atelier/join", {"email": "new@elsewhere.example"}).content.decode()
    assert without_nonces(known).replace("atelier.example", "") == without_nonces(unknown).replace(
        "elsewhere.example", ""
    )
    assert join_page(client, elsewhere, {"full_name": "Eve", "password": NEW_PASSWORD}).status_code == 404  # type: ignore[attr-defined]
    assert join_page(client, key, {"full_name": "Nia", "password": NEW_PASSWORD}).status_code == 302  # type: ignore[attr-defined]
    assert person_with(world, "new@elsewhere.example") is None
    assert person_with(world, "new@atelier.example") is not None


@pytest.mark.django_db(transaction=True)
def test_an_invitation_is_mailed_in_its_language_with_a_link_that_opens(
    world: World, settings: object
) -> None:
    settings.HAS_MAIL_SERVER = True  # type: ignore[attr-defined]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"  # type: ignore[attr-defined]
    with world.bound():
        actions.invite(actor=world.alice, invitees=[Invitee(email="zoe@atelier.example")], language="fr")
    run_pending_jobs()
    letter = next(one for one in mail.outbox if one.to == ["zoe@atelier.example"])
    link = next(word for word in letter.body.split() if "/join/" in word)
    response = Client(SERVER_NAME="localhost").get(link.partition("://")[2].partition("/")[2].join(["/", ""]))
    assert response.status_code == 200
    assert "Atelier" in letter.subject


def test_a_list_makes_people_with_their_unit(world: World) -> None:
    with world.bound():
        actions.invite(
            actor=world.alice,
            invitees=[Invitee(email="a@x.example", full_name="Ada", unit="Foundry", job_title="Caster")],
        )
        ada = Person.objects.get(email="a@x.example")
        assert (ada.state, ada.unit_name, ada.job_title) == ("unclaimed", "Foundry", "Caster")
        assert Unit.objects.filter(name="Foundry").count() == 1


def test_wrong_addresses_are_named(world: World) -> None:
    with world.bound(), pytest.raises(Invalid, match="not-an-address"):
        actions.invite(actor=world.alice, invitees=[Invitee(email="not-an-address")])
