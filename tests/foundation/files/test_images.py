from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from parvis.foundation.files import IMAGE_SIZES, derive_image, store
from parvis.foundation.files.images import Picture
from parvis.foundation.models import StoredFile
from parvis.people.models import Organization
from tests.foundation.files.pictures import animation, picture, sideways_with_a_place


def derived(data: bytes, size: str) -> Image.Image:
    result = derive_image(store(io.BytesIO(data), name="a"), size)
    assert isinstance(result, Picture)
    return Image.open(io.BytesIO(result.path.read_bytes()))


def test_a_derived_picture_fits_its_box_and_is_never_enlarged(organization: Organization) -> None:
    assert derived(picture((2000, 1000)), "small").size == (480, 240)
    assert derived(picture((100, 50)), "large").size == (100, 50)
    assert derived(picture((2000, 1000)), "avatar").size == (192, 192)
    assert derived(picture((100, 50)), "avatar").size == (50, 50)
    assert derived(picture(), "small").format == "WEBP"


def test_a_derived_picture_stands_upright_and_tells_no_place(organization: Organization) -> None:
    image = derived(sideways_with_a_place(), "small")
    assert image.size == (300, 400)
    assert not dict(image.getexif())
    assert "exif" not in image.info


def test_an_animation_keeps_moving_except_as_an_avatar(organization: Organization) -> None:
    assert getattr(derived(animation(3), "small"), "n_frames", 1) == 3
    assert getattr(derived(animation(3), "avatar"), "n_frames", 1) == 1


def test_transparency_stays(organization: Organization) -> None:
    target = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(target, "PNG")
    assert derived(target.getvalue(), "small").mode == "RGBA"


def test_a_derived_picture_is_made_once(organization: Organization) -> None:
    file = store(io.BytesIO(picture()), name="a")
    first, second = derive_image(file, "small"), derive_image(file, "small")
    assert first is not None
    assert first == second
    assert first.etag != file.sha256


@pytest.mark.parametrize("size", IMAGE_SIZES)
@pytest.mark.parametrize(
    "data", [b"text", b"<svg xmlns='http://www.w3.org/2000/svg'/>", picture()[:-40], b"\x89PNG\r\n\x1a\n"]
)
def test_what_is_no_sound_picture_has_none(organization: Organization, data: bytes, size: str) -> None:
    assert derive_image(store(io.BytesIO(data), name="a.png"), size) is None


def test_a_bomb_is_not_opened(organization: Organization) -> None:
    """A few bytes that would be 50,000 by 50,000 pixels."""
    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    file = store(io.BytesIO(bomb), name="bomb.png")
    assert (file.width, file.media_type) == (None, "image/png")
    assert derive_image(file, "small") is None


def test_an_unknown_size_is_a_programming_error(organization: Organization) -> None:
    with pytest.raises(KeyError):
        derive_image(StoredFile(), "enormous")


def test_nothing_is_left_half_made(organization: Organization, folder: Path) -> None:
    derive_image(store(io.BytesIO(picture()[:-40]), name="a"), "small")
    assert [path for path in (folder.parent / "cache").rglob("*") if path.is_file()] == []
