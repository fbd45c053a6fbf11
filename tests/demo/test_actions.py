"""The demo, made for real: its counters, bells and index are right, and it goes away whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Count, F, Max
from django.utils import timezone

from parvis.chat.models import Message
from parvis.content.models import Entry, Mention, Reaction, Revision
from parvis.demo.actions import LOGINS, create_demo, find_demo, remove_demo
from parvis.demo.reading import read_world
from parvis.drafts.queries import drafts_of, waiting_of
from parvis.emoji.queries import offered_emoji
from parvis.foundation.tenancy import organization_scope
from parvis.mail.models import ReceivedMail, SentMail
from parvis.notifications.pausing import pauses_of
from parvis.notifications.queries import inbox, unread_count
from parvis.people.models import Identity, Organization, Person
from parvis.polls.models import Poll, Vote
from parvis.previews.models import Preview
from parvis.push.queries import devices_of
from parvis.search.queries import find_entries
from parvis.spaces.models import Space
from parvis.webhooks.models import Delivery

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: object) -> Iterator[Organization]:
    """Made once for the module: it takes some seconds."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        create_demo(now=timezone.now(), password="neige-vanne-2026")
        organization = find_demo()
        assert organization is not None
        yield organization
        transaction.set_rollback(True)


@pytest.fixture
def demo(made: Organization) -> Iterator[Organization]:
    with organization_scope(made):
        yield made


def person(key: str) -> Person:
    return Person.objects.get(email=read_world().people[key].email)


def test_sixty_three_people_have_a_face_a_login_and_a_place(demo: Organization) -> None:
    people = Person.objects.select_related("identity", "unit", "manager", "picture")
    assert people.count() == 63
    for someone in people:
        assert someone.picture is not None
        assert someone.identity.check_password("neige-vanne-2026")  # type: ignore[union-attr]
        assert someone.is_guest or someone.unit, someone
        assert someone.is_guest or someone.manager or someone.job_title == "Directrice générale", someone


def test_counters_tell_what_is_there(demo: Organization) -> None:
    roots = Entry.objects.filter(thread=None).annotate(
        real=Count("replies"), newest=Max("replies__published_at")
    )
    assert not roots.exclude(reply_count=F("real")).exists()
    assert not roots.filter(newest__isnull=False).exclude(activity_at=F("newest")).exists()
    assert not Entry.objects.annotate(real=Count("reactions")).exclude(reaction_count=F("real")).exists()
    assert not Space.objects.annotate(real=Count("memberships")).exclude(member_count=F("real")).exists()
    assert Reaction.objects.count() > 1500
    assert Mention.objects.count() > 60
    assert Revision.objects.count() == Entry.objects.filter(version__gt=1).count() > 0


def test_nothing_happened_in_the_future_and_the_wall_is_fresh(demo: Organization) -> None:
    assert not Entry.objects.filter(published_at__gt=timezone.now()).exists()
    newest = Entry.objects.order_by("-published_at").first()
    assert newest is not None
    assert newest.published_at > timezone.now() - timedelta(minutes=15)
    by_time = Entry.objects.order_by("published_at", "id").values_list("id", flat=True)
    assert list(by_time) == sorted(by_time), "ids sort as the entries do"


def test_the_guest_reads_one_space_and_nothing_else(demo: Organization) -> None:
    markus = person("markus.brandt")
    spaces = Space.objects.readable_by(markus)
    assert [space.privacy for space in spaces] == ["closed"]
    assert set(Entry.objects.visible_to(markus).values_list("space_id", flat=True)) == {spaces[0].id}


def test_the_secret_project_is_unknown_to_the_administrator(demo: Organization) -> None:
    assert not Space.objects.listed_for(person("alexis.roman")).filter(privacy="secret").exists()
    assert Space.objects.readable_by(person("helene.garrigue")).filter(privacy="secret").exists()


@pytest.mark.parametrize("key", sorted(LOGINS))
def test_the_bells_of_the_printed_logins_ring(demo: Organization, key: str) -> None:
    someone = person(key)
    assert 1 <= unread_count(someone) <= 6
    lines, _more = inbox(someone)
    assert all(line.actors for line in lines)


def test_posts_carry_polls_links_and_the_companys_own_emoji(demo: Organization) -> None:
    polls = {poll.is_open for poll in Poll.objects.all()}
    assert polls == {True, False}
    for poll in Poll.objects.filter(entry__state=Entry.State.PUBLISHED):
        assert poll.voter_count == poll.voters.count()
        assert Vote.objects.filter(poll=poll).exists() == (not poll.is_anonymous)
    assert Preview.objects.count() == 3
    assert Reaction.objects.filter(emoji=":manchot:").exists()
    assert set(offered_emoji().values_list("name", flat=True)) == {"flocon", "manchot", "pompe"}


def test_those_whose_logins_are_printed_find_what_they_have_not_sent(demo: Organization) -> None:
    assert [one.kind for one in drafts_of(person("sofiane.meziane"))] == ["post"]
    assert waiting_of(person("nadia.belkacem")).get().state == Entry.State.SCHEDULED
    assert {delivery.state for delivery in Delivery.objects.all()} == {"delivered", "waiting", "failed"}


def test_what_spares_people_is_there(demo: Organization) -> None:
    sofiane, priya = person("sofiane.meziane"), person("priya.nair")
    for someone in (sofiane, priya):
        assert inbox(someone, later_only=True)[0], "something waits until later"
        assert [device.name for device in devices_of(someone)] == ["Chrome, Android"]
        assert len(pauses_of(someone)) == 1
        urgent = [line for line in inbox(someone)[0] if line.notification.is_urgent]
        assert [bool(line.urgent_reason) for line in urgent] == [True]
    assert Message.objects.exclude(urgent_reason="").count() == 2
    assert SentMail.objects.count() > ReceivedMail.objects.count() > 9


def test_search_finds_a_conversation(demo: Organization) -> None:
    titles = {entry.title for entry in find_entries(person("sofiane.meziane"), "tournevis", limit=10)}
    # French typography: no-break spaces before the colon and the number.
    assert "Le carnet de Gérard n° 1 : écouter une pompe" in {title.replace("\xa0", " ") for title in titles}


def test_it_goes_away_whole(made: Organization) -> None:
    with transaction.atomic():
        remove_demo(made)
        assert find_demo() is None
        assert not Identity.objects.filter(email__endswith="@hivernel.example").exists()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM search_passage WHERE organization_id = %s", [made.pk])
            assert cursor.fetchone() == (0,)
        transaction.set_rollback(True)


def test_it_is_not_made_twice(made: Organization) -> None:
    with pytest.raises(CommandError, match="--reset"):
        call_command("demo", stdout=StringIO())


def test_it_is_not_made_where_others_can_reach_it(settings: LazySettings) -> None:
    settings.BASE_URL = "https://reseau.example"
    with pytest.raises(CommandError, match="--yes"):
        call_command("demo", stdout=StringIO())
