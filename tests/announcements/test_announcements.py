"""Announcements: who may, whom they reach, and what an acknowledgement keeps."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from parvis.announcements import actions
from parvis.announcements.actions import Wording
from parvis.announcements.actions.proving import fingerprint_of_evidence
from parvis.announcements.actions.writing import check_before_publishing
from parvis.announcements.audience import Audience, Group, reach_of
from parvis.announcements.models import Acknowledgement, Announcement, Recipient
from parvis.announcements.queries import (
    fingerprint_of,
    names_of,
    progress_by_unit,
    progress_of,
    to_acknowledge,
)
from parvis.announcements.reasons import subject_of
from parvis.content import actions as content
from parvis.content.models import Entry
from parvis.content.queries import find_visible
from parvis.delivery.answers import answers_to
from parvis.foundation.audit import verify
from parvis.foundation.errors import Forbidden, Invalid
from parvis.foundation.jobs import run_pending_jobs
from parvis.foundation.models import AuditRecord
from parvis.notifications.queries import inbox
from parvis.people import actions as people
from parvis.people.models import Person, Unit
from parvis.spaces import actions as spaces
from parvis.spaces.models import Membership, Space
from tests.world import World

pytestmark = pytest.mark.django_db

MAIL = Acknowledgement.Channel.MAIL
PAGE = Acknowledgement.Channel.PAGE


def wording(**more: object) -> Wording:
    fields: dict[str, object] = {"title": "Gloves at press 4", "body": "Wear **cut** gloves.", **more}
    return Wording(**fields)  # type: ignore[arg-type]


def announce(author: Person, space: Space, **more: object) -> Announcement:
    draft = actions.begin_announcement(author=author, space=space, wording=wording(**more))
    content.publish_draft(actor=author, entry=draft)
    run_pending_jobs()
    return of(draft)


def of(entry: Entry) -> Announcement:
    found: Announcement = Announcement.objects.select_related("entry__space", "entry__author").get(
        entry=entry
    )
    return found


def asked(announcement: Announcement) -> set[str]:
    rows = Recipient.objects.filter(announcement=announcement, removed_at=None)
    return set(rows.values_list("person__full_name", flat=True))


def say(person: Person, announcement: Announcement, **more: object) -> Acknowledgement:
    options: dict[str, object] = {"version": None, "channel": PAGE, **more}
    return actions.acknowledge(person=person, announcement=announcement, **options)  # type: ignore[arg-type]


def reasons_of(person: Person) -> list[str]:
    lines, _next = inbox(person)
    return [line.notification.reason for line in lines if line.notification.reason != "space"]


def test_hosts_announce_in_their_space_and_to_all_who_is_granted(world: World) -> None:
    with world.bound():
        assert announce(world.chloe, world.lounge)
        for name, space in (
            ("bob", "lounge"),
            ("bob", "everyone"),
            ("grace", "project"),
            ("max", "everyone"),
        ):
            with pytest.raises(Forbidden):
                announce(getattr(world, name), getattr(world, space))
        with pytest.raises(Forbidden):
            actions.grant(actor=world.bob, person=world.bob)
        with pytest.raises(Invalid):
            actions.grant(actor=world.alice, person=world.grace)
        actions.grant(actor=world.alice, person=world.bob)
        assert "Dan Field" in asked(announce(world.bob, world.everyone))
        actions.revoke(actor=world.alice, person=world.bob)
        with pytest.raises(Forbidden):
            announce(world.bob, world.everyone)
        # However it is written: the rule is the kind's.
        with pytest.raises(Forbidden):
            content.publish(author=world.bob, space=world.lounge, kind="announcement", title="x", body="y")


def test_an_audience_is_a_union_of_groups_among_those_who_can_read_the_space(world: World) -> None:
    with world.bound():
        plant = Unit.objects.create(name="Plant")
        team = Unit.objects.create(name="Press team", parent=plant)
        Person.objects.filter(pk=world.people["bob"].pk).update(unit=team)
        groups = [Group(unit_id=plant.id), Group(location="lyon", job_title="quality")]
        assert asked(announce(world.alice, world.everyone, is_for_the_space=False, groups=groups)) == {
            "Bob Dupont",
            "Chloé Élan",
        }
        guests = [Group(kind="guest"), Group(skill="pump")]
        assert asked(announce(world.alice, world.project, is_for_the_space=False, groups=guests)) == {
            "Bob Dupont",
            "Grace Guest",
        }
        # The author, the suspended and those who have not joined are not in it.
        assert asked(announce(world.alice, world.lounge)) == {"Bob Dupont", "Chloé Élan"}


def test_who_cannot_read_the_space_is_said_before_with_a_better_one(world: World) -> None:
    with world.bound():
        lyon = Audience(
            space=world.project,
            author_id=world.alice.id,
            is_for_the_space=False,
            groups=[Group(location="Lyon")],
        )
        reach = reach_of(world.alice, lyon)
        assert (reach.reached, reach.missed, reach.names) == (1, 1, ["Chloé Élan"])
        assert world.everyone in reach.better and world.project not in reach.better
        # Published all the same, it is for who can read it: visibility stays the one rule.
        announcement = announce(
            world.alice, world.project, is_for_the_space=False, groups=[Group(location="Lyon")]
        )
        assert asked(announcement) == {"Bob Dupont"}
        with pytest.raises(Forbidden):
            say(world.chloe, announcement)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"is_for_the_space": False}, "audience"),
        ({"is_for_the_space": False, "groups": [Group(location="Atlantis")]}, "audience"),
        ({"deadline": timezone.now() - timedelta(hours=1)}, "deadline"),
        ({"deadline": datetime.fromisoformat("9999-12-31T23:59:59-12:00")}, "deadline"),
        ({"ends_at": timezone.now() - timedelta(hours=1)}, "ends_at"),
        ({"ends_at": timezone.now() + timedelta(days=4000)}, "ends_at"),
        ({"reminder_days": [5, 2]}, "reminders"),
    ],
)
def test_what_cannot_be_published_is_said_by_field(world: World, more: dict[str, object], field: str) -> None:
    with world.bound():
        with pytest.raises(Invalid) as refused:
            check_before_publishing(author=world.alice, space=world.lounge, wording=wording(**more))
        assert field in refused.value.errors


def test_one_that_would_be_for_nobody_at_its_hour_stays_a_draft(world: World) -> None:
    with world.bound():
        draft = actions.begin_announcement(
            author=world.alice,
            space=world.lounge,
            wording=wording(is_for_the_space=False, groups=[Group(location="Lyon")]),
        )
        content.schedule(actor=world.alice, entry=draft, at=timezone.now() + timedelta(minutes=1))
        Entry.objects.filter(pk=draft.pk).update(publish_at=timezone.now())
        Person.objects.filter(location="Lyon").update(location="Nantes")
        assert content.publish_due() == 0
        assert Entry.objects.get(pk=draft.pk).state == Entry.State.DRAFT


def test_an_acknowledgement_keeps_time_channel_and_version_and_is_one(world: World) -> None:
    with world.bound():
        announcement = announce(world.alice, world.lounge, question_fr="J’ai lu la consigne")
        assert list(to_acknowledge(world.bob)) == [announcement]
        assert reasons_of(world.bob) == ["to_acknowledge"]
        first = say(world.bob, announcement, channel=MAIL)
        assert say(world.bob, announcement).id == first.id
        assert Acknowledgement.objects.count() == 1
        assert (first.channel, first.version) == ("mail", announcement.entry.version)
        assert first.sha256 == fingerprint_of("Gloves at press 4", "Wear **cut** gloves.", [])
        assert first.question == "J’ai lu la consigne"
        assert not to_acknowledge(world.bob)
        assert reasons_of(world.bob) == ["announcement"]
        assert (progress_of(announcement).acknowledged, progress_of(announcement).total) == (1, 2)
        assert AuditRecord.objects.filter(action="announcements.acknowledged").count() == 1
        for name in ("dan", "max"):
            # They can read it, but it is not for them.
            assert find_visible(getattr(world, name), announcement.entry_id)
            with pytest.raises(Forbidden):
                say(getattr(world, name), announcement)


def test_an_edit_asks_again_when_its_author_says_so_and_keeps_the_history(world: World) -> None:
    with world.bound():
        announcement = announce(world.alice, world.lounge)
        read = announcement.entry.version
        say(world.bob, announcement)

        def edit(title: str, *, asks_again: bool) -> Announcement:
            entry = Entry.objects.select_related("space", "author").get(pk=announcement.entry_id)
            actions.edit_announcement(
                editor=world.alice,
                entry=entry,
                wording=wording(title=title),
                expected_version=entry.version,
                asks_again=asks_again,
            )
            run_pending_jobs()
            return of(entry)

        announcement = edit("Gloves at press 4!", asks_again=False)
        assert progress_of(announcement).acknowledged == 1
        # Who opened it before a correction may still acknowledge what they read.
        assert say(world.chloe, announcement, version=read).version == read
        announcement = edit("Gloves at presses 4 and 5", asks_again=True)
        assert progress_of(announcement).acknowledged == 0
        assert reasons_of(world.bob) == ["to_acknowledge"]
        with pytest.raises(Invalid):
            say(world.bob, announcement, version=read)
        say(world.bob, announcement)
        versions = Acknowledgement.objects.filter(person=world.bob).order_by("version")
        assert [one.version for one in versions] == [read, announcement.entry.version]
        assert len({one.sha256 for one in versions}) == 2


def test_who_joins_later_gets_it_until_its_end_and_who_cannot_read_it_is_asked_no_more(world: World) -> None:
    with world.bound():
        announcement = announce(world.alice, world.project)
        assert asked(announcement) == {"Bob Dupont", "Grace Guest"}
        spaces.admit(person=world.dan, space=world.project)
        Membership.objects.filter(person=world.grace, space=world.project).delete()
        people.remove_person(actor=world.alice, person=world.bob)
        actions.keep_audiences()
        actions.keep_audiences()
        assert asked(announcement) == {"Dan Field"}
        assert reasons_of(world.dan) == ["to_acknowledge"]
        assert progress_of(announcement).total == 1
        Announcement.objects.update(ends_at=timezone.now() - timedelta(minutes=1))
        spaces.admit(person=world.max, space=world.project)
        actions.keep_audiences()
        assert asked(announcement) == {"Dan Field"}


def test_who_has_just_joined_may_acknowledge_before_the_sweeper_comes(world: World) -> None:
    with world.bound():
        announcement = announce(world.alice, world.project)
        spaces.admit(person=world.dan, space=world.project)
        assert say(world.dan, announcement).person_id == world.dan.id
        assert progress_of(announcement).acknowledged == 1


def test_nobody_is_told_twice_however_often_the_worker_begins_again(world: World) -> None:
    with world.bound():
        announcement = announce(world.alice, world.lounge)
        lines, _next = inbox(world.bob)
        before = [(line.notification.id, line.notification.happened_at) for line in lines]
        from parvis.announcements.actions.telling import spread

        spread(str(announcement.id))
        actions.keep_audiences()
        lines, _next = inbox(world.bob)
        assert [(line.notification.id, line.notification.happened_at) for line in lines] == before


def test_progress_is_by_unit_and_by_name(world: World) -> None:
    with world.bound():
        unit = Unit.objects.create(name="Press team")
        Person.objects.filter(pk=world.people["bob"].pk).update(unit=unit)
        announcement = announce(world.alice, world.lounge)
        say(world.bob, announcement)
        assert [(one.name, one.acknowledged, one.total) for one in progress_by_unit(announcement)] == [
            ("Press team", 1, 1),
            ("", 0, 1),
        ]
        assert [row.person.full_name for row in names_of(announcement)] == ["Chloé Élan", "Bob Dupont"]
        assert [row.person.full_name for row in names_of(announcement, state="done")] == ["Bob Dupont"]
        assert [row.person.full_name for row in names_of(announcement, search="elan")] == ["Chloé Élan"]


def test_evidence_is_kept_as_it_was_and_sealed(world: World) -> None:
    with world.bound():
        announcement = announce(world.alice, world.lounge, reminder_days=[2, 5])
        say(world.bob, announcement, channel=MAIL)
        with pytest.raises(Forbidden):
            actions.make_evidence(actor=world.bob, announcement=announcement)
        made = actions.make_evidence(actor=world.alice, announcement=announcement)
        say(world.chloe, announcement)
        made.refresh_from_db()
        by_name = {one["name"]: one for one in made.content["recipients"]}
        assert by_name["Bob Dupont"]["acknowledgements"][0]["channel"] == "mail"
        assert not by_name["Chloé Élan"]["has_acknowledged"]
        assert made.content["editions"][0]["sha256"] == by_name["Bob Dupont"]["acknowledgements"][0]["sha256"]
        assert "Everybody in Lounge" in made.content["words"]["en"]["audience"]
        assert fingerprint_of_evidence(made.content) == made.sha256
        assert AuditRecord.objects.get(pk=made.audit_id).details["sha256"] == made.sha256
        assert verify().is_intact


@pytest.mark.parametrize("said", ["lu", "Read.", "J’ai lu et compris !"])
def test_a_mail_of_one_line_acknowledges_the_version_that_it_answers(world: World, said: str) -> None:
    with world.bound():
        announcement = announce(world.alice, world.lounge)
        [answer] = [one for one in answers_to(said) if one.name == "acknowledge"]
        assert answer.act(world.bob, f"thread:{announcement.entry_id}", said) is None
        subject = subject_of(announcement)
        assert "Gloves at press 4" in str(answer.act(world.bob, subject, said))
        assert Acknowledgement.objects.get().channel == "mail"
        with pytest.raises(Forbidden):
            answer.act(world.dan, subject, said)
        # Asked anew meanwhile: the old mail is about the old text.
        Announcement.objects.update(asked_version=announcement.asked_version + 1)
        with pytest.raises(Invalid):
            answer.act(world.chloe, subject, said)
