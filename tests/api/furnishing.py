"""Something of everything that an address of the API names, so that trying all of them finds more than "not found"."""

from __future__ import annotations

import io
from datetime import date, timedelta
from uuid import uuid4

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
from parvis.people.models import Person
from parvis.push.models import Device
from parvis.search.models import SavedSearch
from parvis.spaces.models import JoinRequest, Space
from parvis.syndication.models import FeedAddress
from parvis.webhooks.models import Delivery, Webhook
from parvis.worktime.models import Leave, WorkingTimePolicy
from tests.api.callers import Caller
from tests.chat.cast import make_talk
from tests.world import World

# What is deleted on the way is missing afterwards: there is more than one of it.
MANY = 6

# Rows by the parameter that names one.
NAMED = {
    "delivery_id": Delivery,
    "device_id": Device,
    "draft_id": Entry,
    "emoji_id": CustomEmoji,
    "entry_id": Entry,
    "feed_id": FeedAddress,
    "file_id": StoredFile,
    "leave_id": Leave,
    "message_id": Message,
    "notification_id": Notification,
    "pause_id": Pause,
    "person_id": Person,
    "policy_id": WorkingTimePolicy,
    "quiet_id": QuietSubject,
    "request_id": JoinRequest,
    "room_id": Room,
    "search_id": SavedSearch,
    "space_id": Space,
    "subject_id": Person,
    "upload_id": Upload,
    "webhook_id": Webhook,
}
WORDS = {"emoji": ["👍", "🎉", "x"], "name": ["walrus", "gloves", "#walrus", "nobody-wrote-it"]}


def furnish(world: World) -> dict[str, list[str]]:
    """Let Alice and Bob have something of everything; return what each parameter of a path may be."""
    with world.bound():
        make_talk(world)
        JoinRequest.objects.create(space=world.spaces["lounge"], person=world.people["dan"])
    for name in ("alice", "bob"):
        settle(world, name, space="lounge", times=MANY)
    return known(world)


def settle(world: World, name: str, *, space: str, times: int) -> None:
    """Let somebody have so many of everything that they may have, what is written in this space."""
    with world.bound():
        _keep_things(world.people[name], world.spaces[space], times)
    _say_things(Caller(world, name), str(world.spaces[space].id), times)


def known(world: World) -> dict[str, list[str]]:
    """Return what each parameter of a path may be, and one thing that is not there."""
    with world.bound():
        rows = {
            name: [str(id) for id in model.objects.values_list("id", flat=True)]
            for name, model in NAMED.items()
        }
    return {**{name: [*ids, str(uuid4())] for name, ids in rows.items()}, **WORDS}


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
        caller("POST", "/drafts", text)
        caller("POST", "/feeds", {"space": space})
        caller("POST", "/searches", {"name": f"walrus {number}", "q": "walrus"})
        caller("POST", "/notifications/pauses", {"space": space, "until": f"{day}T23:00:00Z"})
        caller("POST", "/working-time/policies", {"week": [[]] * 7, "contract": f"Walrus {number}"})
        caller("POST", "/working-time/leave", {"first_day": f"{day}", "last_day": f"{day}"})
        address = {
            "name": f"{number}",
            "url": f"https://hook{number}.example/",
            "events": ["entry.published"],
        }
        made = caller("POST", "/webhooks", {**address, "space_id": space})
        if made.status_code == 201:
            caller("POST", f"/webhooks/{made.json()['id']}/pings")
