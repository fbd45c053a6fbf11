"""A picture from somewhere, made anew: nothing of the original's bytes, metadata or tricks is kept."""

from __future__ import annotations

import io
import threading

from PIL import Image, ImageOps, ImageSequence

from parvis.foundation.files.images import FORMATS

MOST_PIXELS = 25_000_000
MOST_FRAMES = 60
# One at a time bounds the memory of the process.
_decoding = threading.Semaphore(1)


def recoded(data: bytes, *, box: int, moving: bool = False) -> bytes | None:
    """Return a WebP picture that fits into a square of `box` pixels; None for what is no picture, or too large.

    `moving` keeps the first frames of an animation; otherwise its first picture stands for it.
    """
    try:
        with _decoding, Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if not 0 < image.width * image.height <= MOST_PIXELS:
                return None
            frames = _frames(image, box) if moving else [_fitted(image, box)]
            return _encoded(frames, image.info.get("duration", 100))
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
        return None


def frame_count(data: bytes) -> int:
    """Return how many pictures follow each other in one; 0 for what is no picture."""
    try:
        with _decoding, Image.open(io.BytesIO(data), formats=FORMATS) as image:
            return getattr(image, "n_frames", 1) if image.format != "MPO" else 1
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
        return 0


def _frames(image: Image.Image, box: int) -> list[Image.Image]:
    frames = []
    for number, frame in enumerate(ImageSequence.Iterator(image)):
        if number == MOST_FRAMES or (number + 1) * image.width * image.height > MOST_PIXELS:
            break
        frames.append(_fitted(frame, box))
    return frames


def _fitted(frame: Image.Image, box: int) -> Image.Image:
    if frame.format == "JPEG":
        # Decodes to a half, a quarter or an eighth at once: far less memory and time.
        frame.draft("RGB", (box * 2, box * 2))
    upright = ImageOps.exif_transpose(frame)
    clear = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
    picture = upright.convert("RGBA" if clear else "RGB")
    picture.thumbnail((box, box), Image.Resampling.LANCZOS)
    return picture


def _encoded(frames: list[Image.Image], duration: object) -> bytes | None:
    if not frames:
        return None
    out = io.BytesIO()
    more = (
        {"save_all": True, "append_images": frames[1:], "duration": duration, "loop": 0} if frames[1:] else {}
    )
    frames[0].save(out, "WEBP", quality=80, method=3, exif=b"", icc_profile=b"", **more)
    return out.getvalue()
