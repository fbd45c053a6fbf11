"""As two members we talk side by side: at once, through a cut, by keyboard, on a phone, and where no script runs."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from parvis.chat import actions
from parvis.chat.actions import MessageDraft
from parvis.chat.models import Message, Room
from parvis.foundation.tenancy import new_id
from parvis.worktime import actions as worktime
from parvis.worktime.actions import Terms
from parvis.worktime.hours import Period, Week
from tests.journeys.axe import violations
from tests.journeys.conftest import House, OpenPage

FIELD = ".chat__composer textarea[name=body]"


def between(house: House) -> Room:
    """Return the conversation of Bob and Chloé, in which Chloé has said something."""
    with house.world.bound():
        room = actions.open_direct(viewer=house.world.chloe, person=house.world.bob)
        actions.post_message(
            author=house.world.chloe, room=room, draft=MessageDraft(body="Is the kettle back?"), id=new_id()
        )
    return room


def talk_in(house: House, page: Any, room: Room) -> Any:
    """Open a conversation and wait for the island."""
    page.goto(house.url(f"/chat/{room.id}"))
    page.wait_for_selector("parvis-chat[data-ready]")
    return page


def test_two_people_talk_answer_and_react(house: House, open_page: OpenPage) -> None:
    room = between(house)
    bob, chloe = talk_in(house, open_page("bob"), room), talk_in(house, open_page("chloe"), room)
    bob.fill(FIELD, "It is, **at last**")
    bob.press(FIELD, "Enter")
    bob.wait_for_selector(".message:not(.message--sending):has-text('at last')")
    assert bob.input_value(FIELD) == ""
    heard = chloe.locator(".message", has_text="It is, at last")
    heard.locator("strong").wait_for()
    heard.hover()
    heard.locator(".message__quick [value='👍']").click()
    bob.wait_for_selector(".message:has-text('at last') .reaction:has-text('👍')")
    heard.hover()
    heard.locator("[data-do=reply]").click()
    chloe.fill(FIELD, "Tea then")
    chloe.press(FIELD, "Enter")
    bob.wait_for_selector(".message:has-text('Tea then') .message__quote:has-text('at last')")
    # What Bob said a moment ago, changed with the arrow.
    bob.press(FIELD, "ArrowUp")
    bob.fill("[data-edits] textarea", "It is back")
    bob.press("[data-edits] textarea", "Enter")
    chloe.wait_for_selector(".message:has-text('It is back') .message__edited")


def test_who_writes_learns_when_it_is_heard_of_and_may_call_at_once(
    house: House, open_page: OpenPage
) -> None:
    room, reason = between(house), "The pump hall is flooding"
    with house.world.bound():
        always: Week = ((Period(0, 24 * 60),),) * 7
        actor = house.world.alice
        worktime.set_policy(actor=actor, terms=Terms(week=always, urgent="everybody"))
        later = (timezone.localdate().weekday() + 3) % 7
        rare: Week = tuple((Period(510, 520),) if day == later else () for day in range(7))
        seldom = worktime.set_policy(actor=actor, terms=Terms(week=rare), contract="Seldom")
        worktime.assign_contract(actor=actor, person=house.world.chloe, policy=seldom)
    bob, chloe = talk_in(house, open_page("bob"), room), talk_in(house, open_page("chloe"), room)
    bob.fill(FIELD, "Come quickly")
    bob.wait_for_selector(".arrivals:has-text('Chloé Élan hears of it on')")
    bob.locator(".arrivals summary").click()
    bob.fill(".arrivals [name=urgent_reason]", reason)
    bob.press(FIELD, "Enter")
    chloe.wait_for_selector(f".message:has-text('Come quickly') .message__urgent:has-text('{reason}')")
    bob.wait_for_selector(f".message:not(.message--sending) .message__urgent:has-text('{reason}')")
    bob.locator(".arrivals").wait_for(state="detached")


def test_what_is_written_without_a_connection_arrives_once_and_in_order(
    house: House, open_page: OpenPage
) -> None:
    room = between(house)
    bob = talk_in(house, open_page("bob"), room)
    bob.context.set_offline(True)
    for text in ("first of the tunnel", "second of the tunnel"):
        bob.fill(FIELD, text)
        bob.press(FIELD, "Enter")
    bob.wait_for_selector(".message--waiting:has-text('second of the tunnel')")
    bob.context.set_offline(False)
    bob.wait_for_selector(".message[data-seq]:has-text('second of the tunnel')")
    with house.world.bound():
        said = Message.objects.filter(room=room, body__endswith="of the tunnel").order_by("seq")
        assert [message.body for message in said] == ["first of the tunnel", "second of the tunnel"]


def test_a_phone_in_french_leads_from_the_list_to_the_room_and_back(
    house: House, open_page: OpenPage
) -> None:
    room = between(house)
    bob = open_page("bob", phone=True, language="fr")
    bob.goto(house.url("/chat"))
    bob.wait_for_selector("parvis-chat[data-ready]")
    assert bob.locator(".room-row .counter").count() == 1
    assert violations(bob) == []
    bob.locator(".room-row").first.click()
    bob.wait_for_selector(".message:has-text('kettle')")
    assert violations(bob) == []
    assert bob.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    bob.locator(".chat__back").click()
    bob.wait_for_selector(".chat[data-view=list]")
    # Read in passing: the number has gone.
    bob.wait_for_selector(f"[data-room='{room.id}']:not(.room-row--unread)")


def test_the_keyboard_goes_anywhere(house: House, open_page: OpenPage) -> None:
    between(house)
    bob = open_page("bob")
    bob.goto(house.url("/chat"))
    bob.wait_for_selector("parvis-chat[data-ready]")
    bob.keyboard.press("Control+k")
    bob.keyboard.type("chlo")
    bob.wait_for_selector(".switcher__one[aria-selected=true]:has-text('Chloé')")
    assert violations(bob) == []
    bob.keyboard.press("Enter")
    bob.wait_for_selector(".message:has-text('kettle')")
    bob.keyboard.type("Nothing but keys")
    bob.keyboard.press("Enter")
    bob.wait_for_selector(".message[data-seq]:has-text('Nothing but keys')")
    bob.keyboard.press("Control+ArrowUp")
    bob.keyboard.press("t")
    bob.wait_for_selector(".chat__panel .message:has-text('Nothing but keys')")
    bob.wait_for_selector(".chat__panel :focus")
    bob.keyboard.type("and a thread")
    bob.keyboard.press("Enter")
    bob.wait_for_selector(".chat__panel .message[data-seq]:has-text('and a thread')")
    assert violations(bob) == []


def test_without_a_script_one_reads_and_writes(house: House, open_page: OpenPage) -> None:
    room = between(house)
    bob = open_page("bob", java_script_enabled=False)
    bob.goto(house.url(f"/chat/{room.id}"))
    bob.fill(FIELD, "No script at all")
    bob.click(".chat__composer button[type=submit]")
    bob.wait_for_selector(".message:has-text('No script at all')")
