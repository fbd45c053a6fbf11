"""The emoji of the demo company, drawn small: a mascot that waves, a snowflake that turns, a heat pump."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from io import BytesIO

from PIL import Image, ImageDraw

from parvis.demo.charts import CORAL, INK, SAFFRON, TEAL

SIDE, SCALE = 96, 4
FRAME_MS = 110
Draw = ImageDraw.ImageDraw


def manchot() -> bytes:
    """Hivernel's penguin says hello."""
    swings = [0, 10, 22, 32, 36, 32, 22, 10]
    return _moving([_frame(partial(_penguin, angle=angle)) for angle in swings])


def flocon() -> bytes:
    """A snowflake turns by one of its six branches, so that it never stops."""
    return _moving([_frame(partial(_snowflake, turn=turn)) for turn in range(0, 60, 6)])


def pompe() -> bytes:
    """A heat pump, seen from its good side."""
    out = BytesIO()
    _frame(_heat_pump).save(out, "PNG")
    return out.getvalue()


def _frame(paint: Callable[[Draw], None]) -> Image.Image:
    image = Image.new("RGBA", (SIDE * SCALE, SIDE * SCALE))
    paint(ImageDraw.Draw(image))
    return image.resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def _moving(frames: list[Image.Image]) -> bytes:
    out = BytesIO()
    more = {"save_all": True, "append_images": frames[1:], "duration": FRAME_MS, "loop": 0}
    frames[0].save(out, "WEBP", lossless=True, **more)
    return out.getvalue()


def _disc(draw: Draw, x: float, y: float, rx: float, ry: float, colour: str) -> None:
    draw.ellipse([(x - rx) * SCALE, (y - ry) * SCALE, (x + rx) * SCALE, (y + ry) * SCALE], fill=colour)


def _shape(draw: Draw, points: list[tuple[float, float]], colour: str) -> None:
    draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=colour)


def _line(
    draw: Draw, start: tuple[float, float], end: tuple[float, float], colour: str, width: float
) -> None:
    draw.line([(x * SCALE, y * SCALE) for x, y in (start, end)], fill=colour, width=round(width * SCALE))
    for x, y in (start, end):
        _disc(draw, x, y, width / 2, width / 2, colour)


def _penguin(draw: Draw, angle: float) -> None:
    _disc(draw, 36, 88, 11, 6, SAFFRON)
    _disc(draw, 60, 88, 11, 6, SAFFRON)
    lifted = math.radians(20 + angle * 3.4)
    _line(draw, (70, 50), (70 + math.sin(lifted) * 18, 50 + math.cos(lifted) * 18), INK, 12)
    _line(draw, (24, 50), (15, 70), INK, 12)
    _disc(draw, 48, 50, 29, 40, INK)
    _disc(draw, 48, 61, 20, 27, "#fdfdfb")
    for x in (39, 57):
        _disc(draw, x, 31, 10, 11, "#fdfdfb")
        _disc(draw, x + 1, 32, 4, 5, INK)
    _shape(draw, [(42, 39), (54, 39), (48, 49)], SAFFRON)
    _line(draw, (30, 52), (66, 52), CORAL, 8)
    _line(draw, (36, 54), (33, 70), CORAL, 8)


def _snowflake(draw: Draw, turn: float) -> None:
    _disc(draw, 48, 48, 46, 46, "#2f6fae")
    for branch in range(6):
        a = math.radians(branch * 60 + turn)
        tip = (48 + math.cos(a) * 37, 48 + math.sin(a) * 37)
        _line(draw, (48, 48), tip, "#ffffff", 6)
        for share, length in ((0.5, 11), (0.76, 8)):
            x, y = 48 + math.cos(a) * 37 * share, 48 + math.sin(a) * 37 * share
            for side in (-1, 1):
                b = a + side * math.radians(52)
                _line(draw, (x, y), (x + math.cos(b) * length, y + math.sin(b) * length), "#ffffff", 5)


def _heat_pump(draw: Draw) -> None:
    draw.rounded_rectangle([6 * SCALE, 18 * SCALE, 90 * SCALE, 82 * SCALE], radius=9 * SCALE, fill="#e8ecee")
    draw.rounded_rectangle([6 * SCALE, 72 * SCALE, 90 * SCALE, 82 * SCALE], radius=5 * SCALE, fill="#b9c5cb")
    _disc(draw, 38, 47, 24, 24, INK)
    for blade in range(5):
        a = math.radians(blade * 72 - 90)
        b = a + 0.75
        tip, side = (
            (38 + math.cos(a) * 21, 47 + math.sin(a) * 21),
            (38 + math.cos(b) * 17, 47 + math.sin(b) * 17),
        )
        _shape(draw, [(38, 47), tip, side], "#7fc4c0")
    _disc(draw, 38, 47, 5, 5, "#e8ecee")
    for step in range(4):
        _line(draw, (70, 32 + step * 8), (82, 32 + step * 8), "#9aa8af", 3)
    _disc(draw, 76, 65, 4, 4, TEAL)
