"""As a member I am called on my device while Parvis is closed, and what I read elsewhere is taken off its screen."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

from parvis.content import actions as content
from parvis.notifications.actions import notify
from parvis.notifications.models import Notification
from parvis.notifications.queries import inbox
from tests.journeys.conftest import House, OpenPage
from tests.journeys.test_installing import install

SHOWN = "async () => (await (await navigator.serviceWorker.ready).getNotifications()).map((one) => one.title).sort()"
IS_SHOWN = f"async (titles) => JSON.stringify(await ({SHOWN})()) === JSON.stringify(titles)"


def called(page: Any, house: House, **call: Any) -> None:
    """Hand a message to the worker, as a push service would."""
    devtools = page.context.new_cdp_session(page)
    registrations: list[str] = []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: registrations.extend(one["registrationId"] for one in event["registrations"]),
    )
    devtools.send("ServiceWorker.enable")
    page.wait_for_function("() => true")
    for _attempt in range(50):
        if registrations:
            break
        page.wait_for_timeout(100)
    data = json.dumps({"prefix": f"/o/{house.world.organization.slug}", **call})
    devtools.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": house.address, "registrationId": registrations[0], "data": data},
    )
    devtools.detach()


def test_a_call_is_shown_and_cleared_once_it_was_read(house: House, open_page: OpenPage) -> None:
    with house.world.bound():
        post = content.publish(author=house.world.bob, space=house.world.lounge, title="Pumps", body="?")
        reply = content.reply(author=house.world.chloe, to=post, body="This one")
        # The server's own worker tells him as well, sooner or later, on the same line.
        notify(
            recipients=[house.world.bob.id],
            subject=f"thread:{post.id}",
            reason=Notification.Reason.OWN_THREAD,
            actor_id=house.world.chloe.id,
            entry_id=reply.id,
        )
        line = inbox(house.world.bob, unread_only=True)[0][0].notification
    page: Any = open_page("bob", service_workers="allow")
    page.context.grant_permissions(["notifications"], origin=house.address)
    install(page, house)
    # Nobody looks at the organization's window.
    page.goto(f"{house.address}/static/brand/mark.svg")
    gone = str(uuid4())
    waiting = [str(line.id), gone]
    called(
        page, house, title="Chloé replied", tag=str(line.id), url=f"/notifications/{line.id}", waiting=waiting
    )
    called(page, house, title="Read meanwhile", tag=gone, url=f"/notifications/{gone}", waiting=waiting)
    page.wait_for_function(IS_SHOWN, arg=["Chloé replied", "Read meanwhile"])
    page.goto(house.url("/notifications"))
    page.wait_for_function(IS_SHOWN, arg=["Chloé replied"])
    page.click("button[data-mark] >> nth=0")
    page.wait_for_function(IS_SHOWN, arg=[])
