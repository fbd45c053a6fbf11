"""Portraits drawn from a line of words, so that the demo has faces and the repository no photographs.

`skin=4 hair=bob:black top=polo:navy bg=sand mouth=smile glasses=round age=44 fem` is a whole person. The drawing
is made far too large on a sheet of 1000 × 1000 units and reduced once, which smooths every edge.
"""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageChops

from parvis.demo.portraits.clothes import draw_body, draw_ground
from parvis.demo.portraits.face import draw_beard, draw_earrings, draw_face, draw_glasses, draw_head
from parvis.demo.portraits.hair import HAIR_BEFORE, HAIR_BEHIND, bare
from parvis.demo.portraits.look import Look, read_look
from parvis.demo.portraits.sheet import SCALE, SIZE, Sheet

FRAME = (85, 98, 915, 928)  # what is kept of the sheet: the face large, the shoulders cut


def portrait(words: str, *, seed: str, size: int = SIZE) -> bytes:
    """A PNG of `size` pixels; the same words and seed always draw the same face."""
    sheet, look = Sheet(), read_look(words, seed=seed)
    draw_ground(sheet, look)
    _paint(sheet, look)
    left, top, right, bottom = (edge * SCALE for edge in FRAME)
    image = sheet.image.resize((size, size), Image.Resampling.BOX, box=(left, top, right, bottom))
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def figure(words: str, *, seed: str) -> Image.Image:
    """The same person cut out, for a picture with several."""
    sheet, look = Sheet(), read_look(words, seed=seed)
    nothing = (1, 250, 3)
    sheet.shape([(0, 0), (1000, 0), (1000, 1000), (0, 1000)], nothing)
    _paint(sheet, look)
    ground = Image.new("RGB", sheet.image.size, nothing)
    shape = (
        ImageChops.difference(sheet.image, ground).convert("L").point(lambda value: 255 if value > 8 else 0)
    )
    cut = sheet.image.copy()
    cut.putalpha(shape)
    left, top, right, bottom = (round(edge * SCALE) for edge in FRAME)
    return cut.crop((left, top, right, bottom))


def _paint(sheet: Sheet, look: Look) -> None:
    HAIR_BEHIND.get(look.hair, bare)(sheet, look)
    draw_body(sheet, look)
    draw_head(sheet, look)
    draw_face(sheet, look)
    draw_beard(sheet, look)
    HAIR_BEFORE.get(look.hair, bare)(sheet, look)
    draw_glasses(sheet, look)
    draw_earrings(sheet, look)
