from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from parvis.foundation.errors import Invalid
from parvis.foundation.files import IMAGE_SIZES, derive_image, open_stored, store
from parvis.foundation.files.images import Picture, widths_of
from parvis.foundation.models import StoredFile
from parvis.people.models import Organization
from tests.foundation.files.pictures import animation, picture, sideways_with_a_place


def derived(data: bytes, size: str) -> Image.Image:
    result = derive_image(store(io.BytesIO(data), name="a"), size)
    assert isinstance(result, Picture)
    return Image.open(io.BytesIO(result.path.read_bytes()))


def test_a_derived_picture_fits_its_box_and_is_never_enlarged(organization: Organization) -> None:
    assert derived(picture((2000, 1000)), "640").size == (640, 320)
    assert derived(picture((100, 50)), "2048").size == (100, 50)
    assert derived(picture((2000, 1000)), "avatar").size == (192, 192)
    assert derived(picture((100, 50)), "avatar").size == (50, 50)
    assert derived(picture(), "320").format == "WEBP"


def test_a_derived_picture_stands_upright_and_tells_no_place(organization: Organization) -> None:
    image = derived(sideways_with_a_place(), "320")
    assert image.size == (300, 400)
    assert not dict(image.getexif())
    assert "exif" not in image.info


def test_an_animation_keeps_moving_except_as_an_avatar(organization: Organization) -> None:
    assert getattr(derived(animation(3), "320"), "n_frames", 1) == 3
    assert getattr(derived(animation(3), "avatar"), "n_frames", 1) == 1


def test_transparency_stays(organization: Organization) -> None:
    target = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(target, "PNG")
    assert derived(target.getvalue(), "320").mode == "RGBA"


def test_a_derived_picture_is_made_once(organization: Organization) -> None:
    file = store(io.BytesIO(picture()), name="a")
    first, second = derive_image(file, "320"), derive_image(file, "320")
    assert first is not None
    assert first == second
    assert first.etag != file.sha256


@pytest.mark.parametrize("size", IMAGE_SIZES)
@pytest.mark.parametrize(
    "data", [b"text", b"<svg xmlns='http://www.w3.org/2000/svg'/>", picture()[:-40], b"\x89PNG\r\n\x1a\n"]
)
def test_what_is_no_sound_picture_has_none(organization: Organization, data: bytes, size: str) -> None:
    assert derive_image(store(io.BytesIO(data), name="a.png"), size) is None


def png_header(width: int, height: int) -> bytes:
    """A few bytes that say that they are so many pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(bytes(99)))


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def test_a_bomb_is_refused_with_a_reason(organization: Organization, folder: Path) -> None:
    with pytest.raises(Invalid, match="too many pixels"):
        store(io.BytesIO(png_header(50_000, 50_000)), name="bomb.png")
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_a_very_large_picture_is_kept_and_not_opened(organization: Organization) -> None:
    file = store(io.BytesIO(png_header(6_000, 6_000)), name="plan.png")
    assert (file.width, file.media_type) == (None, "image/png")
    assert derive_image(file, "320") is None


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP"])
def test_the_original_tells_neither_place_nor_device_and_keeps_its_pixels(
    organization: Organization, image_format: str
) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "A phone maker"
    exif.get_ifd(0x8825)[1] = "N"
    sent = picture((40, 30), image_format, exif=exif)
    with open_stored(file := store(io.BytesIO(sent), name="a")) as kept:
        data = kept.read()
    assert (b"phone maker" in sent, b"phone maker" in data) == (True, False)
    assert (file.width, file.height) == (30, 40)
    assert file.size_bytes == len(data)
    before, after = Image.open(io.BytesIO(sent)), Image.open(io.BytesIO(data))
    assert after.tobytes() == before.tobytes()
    assert dict(after.getexif()) == {0x0112: 6}


def test_a_picture_that_tells_nothing_is_kept_byte_by_byte(organization: Organization) -> None:
    for image_format in ("JPEG", "PNG", "WEBP"):
        sent = picture((40, 30), image_format)
        with open_stored(store(io.BytesIO(sent), name="a")) as kept:
            assert kept.read() == sent


def test_pictures_hidden_behind_the_first_are_cut_off(organization: Organization) -> None:
    several = io.BytesIO()
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("teal", "red")]
    frames[0].save(several, "MPO", save_all=True, append_images=frames[1:])
    with open_stored(store(io.BytesIO(several.getvalue()), name="a.jpg")) as kept:
        assert kept.read().count(b"\xff\xd8\xff") == 1


def test_widths_never_enlarge(organization: Organization) -> None:
    widths = [widths_of(store(io.BytesIO(picture((width, 10))), name="a")) for width in (100, 700, 3000)]
    assert widths == [[320], [320, 640, 1280], [320, 640, 1280, 2048]]


def test_an_unknown_size_is_a_programming_error(organization: Organization) -> None:
    with pytest.raises(KeyError):
        derive_image(StoredFile(), "enormous")


def test_nothing_is_left_half_made(organization: Organization, folder: Path) -> None:
    derive_image(store(io.BytesIO(picture()[:-40]), name="a"), "320")
    assert [path for path in (folder.parent / "cache").rglob("*") if path.is_file()] == []
