"""One of everything that somebody can have or write in a space, by the name of its parameter."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from parvis.announcements.actions import make_evidence
from parvis.announcements.models import Announcement, Evidence
from parvis.api.models import ApiToken
from parvis.chat.models import Message, Room
from parvis.content.models import Entry
from parvis.emoji.models import CustomEmoji
from parvis.foundation.models import StoredFile, Upload
from parvis.imports.models import ImportRun
from parvis.mail.models import QuietSubject
from parvis.moderation.actions import report_person
from parvis.moderation.models import Report
from parvis.notifications.models import Notification, Pause
from parvis.notifications.pausing import pause
from parvis.people.actions import Invitee, invite, set_unit
from parvis.people.models import Invitation, Person, Unit
from parvis.previews.models import LinkedPage
from parvis.push.models import Device
from parvis.search.actions import save_search
from parvis.search.models import SavedSearch
from parvis.spaces.actions import admit
from parvis.spaces.models import JoinRequest, Space
from parvis.syndication.models import FeedAddress
from parvis.webhooks.models import Delivery, Webhook
from parvis.worktime.actions import Terms, set_policy
from parvis.worktime.hours import week_from
from parvis.worktime.models import Leave, WorkingTimePolicy
from tests.api.callers import Caller
from tests.api.furnishing import settle
from tests.chat.cast import make_talk
from tests.world import World


def hide(world: World) -> dict[str, UUID]:
    """Let Chloé have one of everything, in the cellar that only she and Max know; return their ids."""
    with world.bound():
        # Somebody has to be there to be told.
        admit(person=world.people["max"], space=world.spaces["cellar"])
    return _keep_one_of_everything(world, "chloe", "cellar")


def show(world: World) -> dict[str, UUID]:
    """Let Alice have one of everything, in the lounge; return their ids."""
    return _keep_one_of_everything(world, "alice", "lounge")


def _keep_one_of_everything(world: World, name: str, space: str) -> dict[str, UUID]:
    with world.bound():
        make_talk(world)
    if name != "alice":
        # Only administrators add emoji.
        settle(world, "alice", space="everyone", times=1)
    settle(world, name, space=space, times=1)
    article = {"space": str(world.spaces[space].id), "kind": "article", "title": "Walrus", "body": "walrus"}
    Caller(world, name)("POST", "/entries", article)
    with world.bound():
        _keep_what_has_pages_only(world, getattr(world, name), world.spaces[space])
        rows = _rows(world.people[name], world.spaces[space])
        return {name: found.earliest("id").id for name, found in rows.items()}


def _keep_what_has_pages_only(world: World, owner: Person, space: Space) -> None:
    alice = world.alice
    tomorrow = timezone.now() + timedelta(days=1)
    make_evidence(actor=owner, announcement=Announcement.objects.get(entry__author=owner))
    report_person(reporter=owner, person=world.bob, reason=Report.Reason.SPAM)
    pause(person=owner, until=tomorrow)
    save_search(person=owner, name="walrus", address="q=walrus")
    invite(actor=alice, invitees=[Invitee(email="walrus@elsewhere.example")])
    set_unit(actor=alice, name="Walrus")
    set_policy(actor=alice, terms=Terms(week=week_from([[]] * 7)), contract="Walrus")
    JoinRequest.objects.create(space=space, person=world.people["dan"])
    LinkedPage.objects.create(url="https://walrus.example/", url_hash="x")
    ImportRun.objects.create(number=1, source="slack", label="walrus.zip", started_by=alice)


def _rows(owner: Person, space: Space) -> dict[str, QuerySet[Any]]:
    mine, room = Entry.objects.filter(author=owner), Room.objects.filter(space=space, is_private=False)
    return {
        "announcement": mine.filter(kind="announcement"),
        "article": mine.filter(kind="article"),
        "delivery": Delivery.objects.filter(webhook__registrant=owner),
        "device": Device.objects.filter(person=owner),
        "draft": mine.filter(state=Entry.State.DRAFT),
        "emoji": CustomEmoji.objects.all(),
        "evidence": Evidence.objects.all(),
        "feed": FeedAddress.objects.filter(person=owner),
        "file": StoredFile.objects.filter(created_by_id=owner.id),
        "invitation": Invitation.objects.all(),
        "leave": Leave.objects.filter(person=owner),
        "message": Message.objects.filter(room__in=room),
        "notification": Notification.objects.filter(person=owner),
        "page": LinkedPage.objects.all(),
        "pause": Pause.objects.filter(person=owner),
        "policy": WorkingTimePolicy.objects.all(),
        "quiet": QuietSubject.objects.filter(person=owner),
        "report": Report.objects.all(),
        "request": JoinRequest.objects.all(),
        "room": room,
        "search": SavedSearch.objects.filter(person=owner),
        "token": ApiToken.objects.filter(person=owner),
        "unit": Unit.objects.all(),
        "upload": Upload.objects.filter(created_by_id=owner.id),
        "webhook": Webhook.objects.filter(registrant=owner),
    }
