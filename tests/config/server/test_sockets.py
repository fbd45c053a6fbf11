"""A message for many is the frame that the protocol's library would make of it."""

from __future__ import annotations

import pytest
from websockets.frames import Frame, Opcode

from parvis.foundation.realtime.connection import message_to_many


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65_535, 65_536, 70_000])
def test_its_frame_is_that_of_the_library(size: int) -> None:
    text = "é" * (size // 2) + "x" * (size % 2)
    message = message_to_many(text)
    assert message["text"] == text
    assert message["parvis.frame"] == Frame(Opcode.TEXT, text.encode()).serialize(mask=False)
