"""Pictures made on the spot, so that no binary file lies in the repository."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image


def picture(size: tuple[int, int] = (640, 480), image_format: str = "PNG", **options: Any) -> bytes:
    mode = "RGB" if image_format == "JPEG" else "RGBA"
    target = io.BytesIO()
    Image.new(mode, size, "teal").save(target, image_format, **options)
    return target.getvalue()


def sideways_with_a_place() -> bytes:
    """A JPEG as phones make it: turned by its orientation, and telling where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "A phone maker"
    return picture((400, 300), "JPEG", exif=exif)


def animation(frames: int = 3) -> bytes:
    images = [Image.new("RGB", (60, 40), (80 * index % 255, 0, 0)) for index in range(frames)]
    target = io.BytesIO()
    images[0].save(target, "GIF", save_all=True, append_images=images[1:], duration=50, loop=0)
    return target.getvalue()
