"""Everybody has a face of their own, drawn the same each time."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

from parvis.demo.portraits import portrait
from parvis.demo.reading import read_world


def test_everybody_has_a_portrait_of_their_own() -> None:
    people = read_world().people
    drawn = {person.key: portrait(person.portrait, seed=person.key) for person in people.values()}
    assert len(set(drawn.values())) == len(people)
    assert sum(len(picture) for picture in drawn.values()) < 2_000_000


def test_a_portrait_is_the_same_each_time_and_square() -> None:
    gerard = read_world().people["gerard.malosse"]
    first = portrait(gerard.portrait, seed=gerard.key, size=96)
    assert first == portrait(gerard.portrait, seed=gerard.key, size=96)
    with Image.open(BytesIO(first)) as image:
        assert (image.size, image.format) == ((96, 96), "PNG")
