"""Pictures: their size in pixels, and smaller ones made from them (WebP, upright, without metadata)."""

from __future__ import annotations

import os
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from PIL import Image, ImageOps, ImageSequence

from parvis.foundation.files.storage import key_of, storage
from parvis.foundation.models import StoredFile

# Pillow also opens formats that nobody needs and few have tested; only these reach a decoder.
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF")
# Decoded, 25 megapixels take 100 MB. JPEG decodes to a fraction at once, so that a phone's 100 fit.
MOST_PIXELS = 25_000_000
MOST_PIXELS_JPEG = 120_000_000
# No browser opens more than this without harm: such a picture is not even kept.
MOST_PIXELS_AT_ALL = 170_000_000
MOST_ANIMATED_PIXELS = 60_000_000
QUALITY = 80
ORIENTATION, TURNED = 0x0112, (5, 6, 7, 8)

# One large picture at a time bounds the memory of the process.
_decoding = threading.Semaphore(1)


@dataclass(frozen=True)
class ImageSize:
    """The width that a picture is brought down to, or the side of the square that it is cut to."""

    pixels: int
    is_square: bool = False

    @property
    def highest(self) -> int:
        """Return the height that no picture exceeds, however narrow."""
        return self.pixels * 4


# What browsers choose from, by the room that a picture has and the density of the screen.
WIDTHS = (320, 640, 1280, 2048)
IMAGE_SIZES = {
    "avatar-small": ImageSize(96, is_square=True),
    "avatar": ImageSize(192, is_square=True),
    "avatar-large": ImageSize(384, is_square=True),
    **{str(width): ImageSize(width) for width in WIDTHS},
}


@dataclass(frozen=True)
class Picture:
    """A smaller picture on this machine's disk."""

    path: Path
    etag: str
    media_type: str = "image/webp"


def dimensions(file: BinaryIO) -> tuple[int, int] | None:
    """Return width and height as shown, or None for what is no picture or one too large to work with."""
    file.seek(0)
    try:
        with Image.open(file, formats=FORMATS) as image:
            if not _is_bearable(image):
                return None
            turned = image.getexif().get(ORIENTATION) in TURNED
            return (image.height, image.width) if turned else image.size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def widths_of(file: StoredFile) -> list[int]:
    """Return the widths in which a picture can be had: none beyond its own, so that nothing is enlarged."""
    own = (file.width or 0) if file.is_picture else 0
    if not own:
        return []
    return [width for width in WIDTHS if width < own] + [width for width in WIDTHS if width >= own][:1]


def is_bomb(file: BinaryIO) -> bool:
    """Whether opening the picture would take the memory of whoever opens it."""
    file.seek(0)
    try:
        with Image.open(file, formats=FORMATS) as image:
            return image.width * image.height > MOST_PIXELS_AT_ALL
    except Image.DecompressionBombError:
        return True
    except (OSError, ValueError, SyntaxError):
        return False


def derive_image(file: StoredFile, size: str) -> Picture | None:
    """Return the picture in one of `IMAGE_SIZES`, made at the first call; None when it cannot be shown."""
    box = IMAGE_SIZES[size]
    if not file.is_picture:
        return None
    target = _cache_folder() / f"{key_of(file.organization_id, file.sha256)}-{size}.webp"
    if not target.exists():
        try:
            with _decoding, storage().open(key_of(file.organization_id, file.sha256)) as source:
                _derive(source, box, target)
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            return None
    return Picture(target, etag=f"{file.sha256[:32]}-{size}")


def forget_derived(organization_id: object, sha256: str) -> None:
    """Remove the smaller pictures of a content that is gone."""
    for size in IMAGE_SIZES:
        Path(_cache_folder(), str(organization_id), sha256[:2], f"{sha256}-{size}.webp").unlink(
            missing_ok=True
        )


def _cache_folder() -> Path:
    """Beside the originals and not among them: a backup can leave out what can be made again."""
    return Path(settings.MEDIA_ROOT).parent / "cache" / "pictures"


def _is_bearable(image: Image.Image) -> bool:
    most = MOST_PIXELS_JPEG if image.format in ("JPEG", "MPO") else MOST_PIXELS
    return 0 < image.width * image.height <= most


def _derive(source: BinaryIO, box: ImageSize, target: Path) -> None:
    with Image.open(source, formats=FORMATS) as image:
        if not _is_bearable(image):
            raise ValueError("too many pixels")
        frames = getattr(image, "n_frames", 1) if image.format != "MPO" else 1
        is_moving = not box.is_square and 1 < frames * image.width * image.height <= MOST_ANIMATED_PIXELS
        if is_moving and frames > 1:
            _save(target, [_fitted(frame, box) for frame in ImageSequence.Iterator(image)], image.info)
            return
        # JPEG alone can decode to a half, a quarter or an eighth: far less memory and time.
        image.draft("RGB", (box.pixels * 2, box.pixels * 2) if box.is_square else (box.pixels, box.pixels))
        _save(target, [_fitted(image, box)], {})


def _fitted(frame: Image.Image, box: ImageSize) -> Image.Image:
    upright = ImageOps.exif_transpose(frame)
    colours = upright.convert("RGBA" if _has_transparency(upright) else "RGB")
    if box.is_square:
        side = min(box.pixels, *colours.size)
        return ImageOps.fit(colours, (side, side), Image.Resampling.LANCZOS)
    colours.thumbnail((box.pixels, box.highest), Image.Resampling.LANCZOS)
    return colours


def _has_transparency(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info


def _save(target: Path, frames: list[Image.Image], info: dict[str | tuple[int, int], object]) -> None:
    """Write aside, then rename: no reader sees half a picture. Nothing of the original's metadata is passed on."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, temporary = tempfile.mkstemp(dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            if len(frames) == 1:
                frames[0].save(file, "WEBP", quality=QUALITY, method=3, exif=b"", icc_profile=b"")
            else:
                frames[0].save(
                    file,
                    "WEBP",
                    quality=QUALITY,
                    method=1,
                    save_all=True,
                    append_images=frames[1:],
                    duration=info.get("duration", 100),
                    loop=info.get("loop", 0),
                )
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
