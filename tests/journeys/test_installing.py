"""As a member with Parvis on my phone I read without a connection what I have read before, and share to it."""

from __future__ import annotations

from typing import Any

from tests.journeys.conftest import House, OpenPage

CONTROLLED = "navigator.serviceWorker.controller !== null"
KEPT = "async () => (await caches.keys()).filter((name) => name.startsWith('parvis-pages')).length"


def install(page: Any, house: House) -> None:
    """Open home until the worker stands between page and server."""
    page.goto(house.url("/"))
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    for _attempt in range(100):
        if page.evaluate(CONTROLLED):
            break
        page.wait_for_timeout(100)
    page.reload()


def cut(page: Any) -> None:
    """Take the network away from the window and from its worker."""
    page.context.set_offline(True)


def test_a_page_that_was_read_is_read_again_without_a_connection(house: House, open_page: OpenPage) -> None:
    page: Any = open_page("bob", phone=True, service_workers="allow")
    install(page, house)
    entry = house.world.entries["lounge post"]
    page.goto(house.url(f"/entries/{entry.id}"))
    page.wait_for_selector("article:has-text('News of lounge')")
    page.goto(house.url("/"))
    cut(page)
    page.goto(house.url(f"/entries/{entry.id}"))
    page.wait_for_selector("article:has-text('News of lounge')")
    page.wait_for_selector("#offline-banner:not([hidden])")
    page.goto(house.url("/search?q=walrus"))
    page.wait_for_selector("h1:has-text('not on your device')")
    page.wait_for_selector(f"[data-kept-pages] a[href*='{entry.id}']")


def test_what_was_kept_goes_with_whoever_signs_out(house: House, open_page: OpenPage) -> None:
    page: Any = open_page("bob", service_workers="allow")
    install(page, house)
    assert page.evaluate(KEPT) == 1
    page.click(".me")
    page.click("#me-menu button[type=submit]")
    page.wait_for_url("**/account/sign-in**")
    for _attempt in range(50):
        if page.evaluate(KEPT) == 0:
            break
        page.wait_for_timeout(100)
    assert page.evaluate(KEPT) == 0


def test_a_picture_shared_from_the_phone_is_in_the_composer(house: House, open_page: OpenPage) -> None:
    page: Any = open_page("bob", phone=True, service_workers="allow")
    install(page, house)
    page.evaluate(
        """(address) => {
            const form = document.createElement('form');
            Object.assign(form, {method: 'post', enctype: 'multipart/form-data', action: address});
            const add = (name, value) => form.append(
                Object.assign(document.createElement('input'), {name, value, type: 'hidden'}));
            add('title', 'From the site'); add('text', 'The lift is back'); add('url', 'https://example.org/lift');
            const picker = Object.assign(document.createElement('input'), {type: 'file', name: 'files'});
            const chosen = new DataTransfer();
            chosen.items.add(new File(['measured at noon'], 'lift.txt', {type: 'text/plain'}));
            picker.files = chosen.files; form.append(picker); document.body.append(form); form.submit();
        }""",
        house.url("/share"),
    )
    page.wait_for_url("**/entries?**")
    assert page.input_value("#main input[name=title]") == "From the site"
    assert page.input_value("#main textarea[name=body]") == "The lift is back\n\nhttps://example.org/lift"
    page.wait_for_selector("#main .upload:has-text('lift.txt') input[name=attachments]", state="attached")
