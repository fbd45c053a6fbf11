"""As a member I bring large files, films and pictures; nothing is lost on the way, and everybody can follow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from parvis.demo import films
from tests.journeys.axe import violations
from tests.journeys.conftest import House, OpenPage
from tests.journeys.test_wall import PIXEL


def offer(page: Any, *files: dict[str, Any]) -> None:
    """Open the composer and choose files."""
    page.click(".prompt__button")
    page.select_option("dialog select[name=space]", label="Lounge")
    page.set_input_files("dialog [data-files]", list(files))


def test_a_film_is_posted_with_its_poster_and_plays(house: House, open_page: OpenPage) -> None:
    bob = open_page("bob")
    bob.goto(house.url("/"))
    offer(
        bob,
        {"name": "fan.webm", "mimeType": "video/webm", "buffer": films.fan()},
        {"name": "line.wav", "mimeType": "audio/wav", "buffer": films.whistle()},
        {"name": "plan.zip", "mimeType": "application/zip", "buffer": b"PK\x05\x06" + bytes(18)},
    )
    # The poster is a picture of the film, made by the browser.
    bob.wait_for_selector("dialog .upload img.upload__picture")
    captions = {
        "name": "fan.vtt",
        "mimeType": "text/vtt",
        "buffer": b"WEBVTT\n\n00:00.000 --> 00:02.000\nIt turns.\n",
    }
    with bob.expect_file_chooser() as chooser:
        bob.get_by_role("button", name="Add captions to fan.webm (.vtt)").click()
    chooser.value.set_files(captions)
    bob.wait_for_selector("dialog input[name^=captions_]", state="attached")
    bob.wait_for_selector("dialog .upload[data-busy]", state="detached")
    bob.fill("dialog textarea[name=body]", "Listen to this fan")
    bob.press("dialog textarea[name=body]", "Control+Enter")

    card = bob.locator("#feed .entry", has_text="Listen to this fan")
    video = card.locator("video")
    video.wait_for()
    bob.wait_for_timeout(1500)  # the window has heard of its own post
    assert video.get_attribute("width") == "640"
    assert "0:05" in card.locator(".film .recording__facts").inner_text()
    assert (
        video.evaluate("async (film) => { film.muted = true; await film.play(); return film.videoWidth }")
        == 640
    )
    assert video.evaluate("(film) => film.textTracks.length") == 1
    poster = bob.request.get(f"{house.address}{video.get_attribute('poster')}")
    assert (poster.status, poster.headers["content-type"]) == (200, "image/webp")
    assert (
        card.locator("audio").evaluate(
            "(sound) => new Promise((done) => { if (sound.duration) done(sound.duration); sound.onloadedmetadata = () => done(sound.duration) })"
        )
        == 6
    )
    assert card.locator("a.file").get_attribute("href")
    assert violations(bob, within="#feed") == []


def test_an_upload_outlives_a_lost_connection_and_a_closed_page(
    house: House, open_page: OpenPage, tmp_path: Path
) -> None:
    large = tmp_path / "survey.bin"
    large.write_bytes(bytes(range(256)) * 4096 * 12)
    bob = open_page("bob")
    bob.goto(house.url("/"))
    # The line is cut in the second part; then the page is closed.
    parts: list[str] = []

    def cut(route: Any) -> None:
        parts.append(route.request.url)
        if len(parts) > 1:
            route.abort()
        else:
            route.continue_()

    bob.route(
        "**/api/v1/uploads/*",
        lambda route: cut(route) if route.request.method == "PATCH" else route.continue_(),
    )
    bob.click(".prompt__button")
    bob.set_input_files("dialog [data-files]", str(large))
    bob.get_by_text("waiting for the connection…").wait_for()
    bob.unroute_all()
    bob.goto(house.url("/"))
    bob.click(".prompt__button")
    bob.get_by_text("survey.bin was interrupted").wait_for()

    asked: list[str] = []
    bob.on("request", lambda request: asked.append(request.method) if "/uploads" in request.url else None)
    bob.set_input_files("dialog [data-files]", str(large))
    bob.wait_for_selector("dialog input[name=attachments]", state="attached")
    assert asked[0] == "HEAD", "it went on where it stopped"
    assert "POST" not in asked
    assert bob.locator("dialog .upload").count() == 1


def test_an_image_without_words_is_asked_about_once(house: House, open_page: OpenPage) -> None:
    bob = open_page("bob", language="fr")
    bob.goto(house.url("/"))
    offer(bob, {"name": "seal.png", "mimeType": "image/png", "buffer": PIXEL})
    bob.wait_for_selector("dialog .upload__alternative")
    bob.fill("dialog textarea[name=body]", "Regardez")
    bob.press("dialog textarea[name=body]", "Control+Enter")
    bob.wait_for_selector("dialog .upload__reminder")
    assert bob.evaluate("document.activeElement.className").startswith("input upload__alternative")
    bob.check("dialog .upload__decorative input")
    bob.press("dialog textarea[name=body]", "Control+Enter")
    image = bob.locator("#feed .entry", has_text="Regardez").locator(".gallery img")
    image.wait_for()
    assert image.get_attribute("alt") == ""
