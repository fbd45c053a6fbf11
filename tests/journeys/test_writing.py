"""As a member I begin on one device and finish on another: text, poll and files; then others vote, and I see it."""

from __future__ import annotations

from tests.journeys.conftest import House, OpenPage


def test_a_poll_is_begun_here_finished_there_and_voted_live(house: House, open_page: OpenPage) -> None:
    lounge = house.world.spaces["lounge"].id
    at_the_desk = open_page("bob")
    at_the_desk.goto(house.url(f"/entries?space={lounge}"))
    at_the_desk.locator("summary", has_text="Poll").click()
    at_the_desk.locator("[name=poll_option]").nth(0).fill("Tea")
    at_the_desk.locator("[name=poll_option]").nth(1).fill("Coffee")
    notes = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"What the machine costs"}
    at_the_desk.set_input_files("[data-files]", notes)
    at_the_desk.wait_for_selector(".upload [name=attachments]", state="attached")
    with at_the_desk.expect_response(
        lambda answer: "/drafts/" in answer.url and answer.request.method == "POST"
    ):
        at_the_desk.locator("textarea[name=body]").press_sequentially("What shall the new machine make?")

    on_the_train = open_page("bob", phone=True)
    on_the_train.goto(house.url("/drafts"))
    on_the_train.locator(".draft", has_text="Poll with 2 choices").get_by_role(
        "link", name="Go on writing"
    ).click()
    field = on_the_train.locator("textarea[name=body]")
    field.focus()
    on_the_train.wait_for_selector(".upload:has-text('notes.txt')")
    field.press("Control+End")
    field.press_sequentially(" :tad")
    on_the_train.wait_for_selector("[role=option][aria-selected=true]:has-text(':tada:')")
    field.press("Enter")
    assert "🎉" in field.input_value()
    on_the_train.get_by_role("button", name="Publish").click()
    on_the_train.wait_for_selector(".entry:has-text('new machine')")

    chloe = open_page("chloe")
    chloe.goto(house.url(f"/spaces/{lounge}"))
    poll = chloe.locator(".entry", has_text="new machine").locator("form[data-poll]")
    poll.get_by_label("Coffee").check()
    poll.get_by_role("button", name="Vote").click()
    on_the_train.wait_for_selector(".entry:has-text('new machine') :text('1 vote')")
