"""What a file turns out to be when its bytes are looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from parvis.foundation.errors import Invalid
from parvis.foundation.files.images import dimensions, is_bomb
from parvis.foundation.files.media_types import PICTURES, judged_media_type
from parvis.foundation.files.names import cleaned_name
from parvis.foundation.files.recordings import read_recording


@dataclass(frozen=True)
class Findings:
    """What a row says of its bytes. Pictures and films get width and height as shown, unless nobody could show them."""

    name: str
    media_type: str
    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None


def judge(file: BinaryIO, name: str) -> Findings:
    """Look at the bytes; `Invalid` for what would harm whoever opens it."""
    shown_name = cleaned_name(name)
    media_type = judged_media_type(file, shown_name)
    if media_type in PICTURES and is_bomb(file):
        raise Invalid({"file": [_("This picture has too many pixels: opening it would take all memory.")]})
    if media_type in PICTURES:
        width, height = dimensions(file) or (None, None)
        return Findings(shown_name, media_type, width, height)
    recording = read_recording(file, media_type)
    return Findings(shown_name, media_type, recording.width, recording.height, recording.duration_ms)
