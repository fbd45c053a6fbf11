"""Something of everything that an address of the API names, so that trying all of them finds more than "not found"."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.db.models import QuerySet
from PIL import Image

from parvis.chat.models import Message, Room
from parvis.content.actions import publish
from parvis.content.models import Entry
from parvis.emoji import policy as emoji_policy
from parvis.emoji.actions import add_emoji
from parvis.emoji.models import CustomEmoji
from parvis.foundation.files import store
from parvis.foundation.files.uploads import begin_upload
from parvis.foundation.models import StoredFile, Upload
from parvis.mail.models import QuietSubject
from parvis.mail.out import stopping
from parvis.notifications.models import Notification, Pause
from parvis.people.models import Person, Unit
from parvis.polls.models import Option
from parvis.push.models import Device
from parvis.search.models import SavedSearch
from parvis.spaces.models import JoinRequest, Membership, Space
from parvis.syndication.models import FeedAddress
from parvis.webhooks.models import Delivery, Webhook
from parvis.worktime.models import Leave, WorkingTimePolicy
from tests.api.callers import Caller
from tests.chat.cast import make_talk
from tests.world import World

# What is deleted on the way is missing afterwards: there is more than one of it.
MANY = 6

# Rows by the parameter that names one.
NAMED: dict[str, Callable[[], QuerySet[Any]]] = {
    "delivery_id": Delivery.objects.all,
    "device_id": Device.objects.all,
    "draft_id": lambda: Entry.objects.filter(state__in=("draft", "scheduled")),
    "emoji_id": CustomEmoji.objects.all,
    "entry_id": lambda: Entry.objects.exclude(state__in=("draft", "scheduled")),
    "feed_id": FeedAddress.objects.all,
    "file_id": StoredFile.objects.all,
    "leave_id": Leave.objects.all,
    "message_id": Message.objects.all,
    "notification_id": Notification.objects.all,
    "option_id": Option.objects.all,
    "pause_id": Pause.objects.all,
    "person_id": Person.objects.all,
    "policy_id": WorkingTimePolicy.objects.all,
    "quiet_id": QuietSubject.objects.all,
    "request_id": lambda: JoinRequest.objects.filter(state="pending"),
    "room_id": Room.objects.all,
    "search_id": SavedSearch.objects.all,
    "space_id": Space.objects.all,
    "subject_id": Person.objects.all,
    "unit_id": Unit.objects.all,
    "upload_id": Upload.objects.all,
    "webhook_id": Webhook.objects.all,
}
LISTS = (
    "/feed",
    "/articles",
    "/bookmarks",
    "/notifications",
    "/people",
    "/rooms",
    "/spaces",
    "/search?q=walrus",
)
WORDS = {"emoji": ["👍", "🎉", "x"], "name": ["walrus", "gloves", "#walrus", "nobody-wrote-it"]}


def furnish(world: World, *, times: int) -> dict[str, list[str]]:
    """Let Alice and Bob have so many of everything; return what each parameter of a path may be."""
    with world.bound():
        make_talk(world)
        Unit.objects.create(name="Foundry")
    for name in ("alice", "bob"):
        settle(world, name, space="lounge", times=times)
    for host, other in (("alice", "bob"), ("bob", "alice")):
        _open_doors(world, host, other, times=times)
    return known(world)


def settle(world: World, name: str, *, space: str, times: int) -> None:
    """Let somebody have so many of everything that they may have, what is written in this space."""
    with world.bound():
        _keep_things(world.people[name], world.spaces[space], times)
    _say_things(Caller(world, name), str(world.spaces[space].id), times)


def known(world: World) -> dict[str, list[str]]:
    """Return what each parameter of a path may be, and one thing that is not there."""
    with world.bound():
        rows = {name: [str(id) for id in rows().values_list("id", flat=True)] for name, rows in NAMED.items()}
    rows["taken_id"] = rows["entry_id"][:20] + rows["draft_id"][:10] + rows["message_id"][:10]
    return {**{name: [*ids, str(uuid4())] for name, ids in rows.items()}, **WORDS}


def cursors(world: World, name: str) -> list[str]:
    """Return where lists go on for somebody; each is made up to all the others."""
    caller = Caller(world, name)
    pages = [caller("GET", f"{path}{'&' if '?' in path else '?'}limit=1").json()["next"] for path in LISTS]
    return [*filter(None, pages), "walrus"]


def _keep_things(person: Person, space: Space, times: int) -> None:
    for number in range(times):
        post = publish(author=person, space=space, body=f"A walrus in line {number}")
        Notification.objects.create(
            person=person, subject=f"thread:{post.id}", reason="own_thread", entry=post, space=space
        )
        stopping.stop(person, f"subject:thread:{post.id}")
        store(io.BytesIO(f"{person.id} {number}".encode()), name=f"{number}.txt", created_by_id=person.id)
        begin_upload(name="later.txt", size_bytes=10, created_by_id=person.id)
        Device.objects.create(
            person=person, endpoint=f"https://push.example/{number}", p256dh="x", auth="x", session_key="x"
        )
        if emoji_policy.can(person, "add", person.organization):
            add_emoji(actor=person, name=f"{person.full_name[:3].lower()}-{number}", source=_picture(number))


def _picture(number: int) -> io.BytesIO:
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), (number, 0, 0)).save(picture, "PNG")
    picture.seek(0)
    return picture


def _say_things(caller: Caller, space: str, times: int) -> None:
    for number in range(times):
        text = {"space": space, "title": f"Gloves {number}", "body": "A walrus with #gloves 🧤"}
        day = date.today() + timedelta(days=10 * number + 1)
        # What somebody may not do is refused, and is not there.
        caller("POST", "/entries", text)
        caller("POST", "/entries", {**text, "poll": {"options": ["Yes", "No"]}})
        caller("POST", "/announcements", text)
        caller("POST", "/entries", {**text, "kind": "article", "article": {"tags": ["walrus"]}})
        gone = caller("POST", "/entries", text)
        if gone.status_code == 201:
            caller("PATCH", f"/entries/{gone.json()['id']}", {"version": 1, "body": "Another walrus"})
            caller("DELETE", f"/entries/{gone.json()['id']}")
        caller("POST", "/drafts", text)
        caller("POST", "/drafts", {**text, "kind": "article"})
        caller("POST", "/feeds", {"space": space})
        caller("POST", "/searches", {"name": f"walrus {number}", "q": "walrus"})
        caller("POST", "/notifications/pauses", {"space": space, "until": f"{day}T23:00:00Z"})
        caller("POST", "/working-time/policies", {"week": [[]] * 7, "contract": f"Walrus {number}"})
        caller("POST", "/working-time/leave", {"first_day": f"{day}", "last_day": f"{day}"})
        address = {
            "name": f"{number}",
            "url": f"https://hook{number}.example/",
            # What hardly happens: each message that cannot be delivered is tried again, beside what is looked at.
            "events": ["entry.restored"],
        }
        made = caller("POST", "/webhooks", {**address, "space_id": space})
        if made.status_code == 201:
            caller("POST", f"/webhooks/{made.json()['id']}/pings")


def _open_doors(world: World, host: str, other: str, *, times: int) -> None:
    """Let somebody host spaces and groups: who is in, who asks to be let in, and who was asked."""
    caller = Caller(world, host)
    with world.bound():
        chloe, dan, them = world.people["chloe"], world.people["dan"], world.people[other]
    for number in range(times):
        closed = {"kind": "network", "name": f"Gloves of {host} {number}", "privacy": "closed"}
        id = caller("POST", "/spaces", closed).json()["id"]
        caller("POST", f"/spaces/{id}/invitations", {"person_id": str(them.id)})
        with world.bound():
            space = Space.objects.get(pk=id)
            Membership.objects.create(space=space, person=chloe)
            JoinRequest.objects.create(space=space, person=dan)
        group = {"kind": "group", "name": f"Walrus {number}", "people": [str(them.id), str(chloe.id)]}
        room = caller("POST", "/rooms", group).json()["id"]
        said = caller("POST", f"/rooms/{room}/messages", {"body": "A walrus, https://example.org/"}).json()
        caller("PUT", f"/messages/{said['id']}/pin")
