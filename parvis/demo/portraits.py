"""Portraits drawn from a line of words, so that the demo has faces and the repository no photographs.

`skin=4 hair=bob:black top=polo:navy bg=sand mouth=smile glasses=round age=44 fem` is a whole person. The drawing
is made far too large on a sheet of 1000 × 1000 units and reduced once, which smooths every edge.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageChops, ImageDraw

Point = tuple[float, float]
Colour = tuple[int, int, int]

SKINS = ("#f6d9c4", "#efc7a8", "#e2ae88", "#cf9770", "#b97f58", "#98623f", "#774a31", "#573526")
HAIRS = {
    "black": "#23201f",
    "darkbrown": "#3d2b23",
    "brown": "#674632",
    "auburn": "#8a4330",
    "red": "#b9582c",
    "blond": "#d9ae66",
    "grey": "#9b9a9c",
    "salt": "#6f6c6d",
    "white": "#dfdcd8",
    "navy": "#26406b",
    "teal": "#1f7a7a",
    "saffron": "#e0a02e",
}
CLOTHES = {
    "navy": "#26406b",
    "forest": "#2f5d4a",
    "plum": "#6b3a62",
    "teal": "#1f7a7a",
    "saffron": "#dd9a26",
    "coral": "#de6b55",
    "charcoal": "#3a3f47",
    "sky": "#7fb0d3",
    "white": "#f2f1ee",
    "wine": "#7d2d3f",
    "orange": "#ec7a2b",
    "lime": "#c3d92f",
    "lilac": "#a48cc4",
}
GROUNDS = {
    "sand": "#ecdcc2",
    "slate": "#b8c4d0",
    "mint": "#bfe0d0",
    "peach": "#f6cdb5",
    "lilac": "#d6cbe8",
    "sky": "#bfdcef",
    "rose": "#f1c6cd",
    "saffron": "#f5d893",
    "teal": "#9fd0cd",
    "forest": "#a9c7b0",
    "wine": "#dcb3bc",
    "coral": "#f4b9a9",
    "lime": "#dbe6a6",
    "night": "#8c9cc4",
}
SIZE, SCALE = 320, 0.8
FRAME = (85, 98, 915, 928)  # what is kept of the sheet: the face large, the shoulders cut


@dataclass(frozen=True, kw_only=True)
class Look:
    """What the words of a portrait say."""

    skin: Colour
    hair: str
    hair_colour: Colour
    beard: str
    beard_colour: Colour
    top: str
    top_colour: Colour
    ground: Colour
    glasses: str
    mouth: str
    age: int
    feminine: bool
    earrings: bool
    width: float
    length: float
    eyes: float


def portrait(words: str, *, seed: str, size: int = SIZE) -> bytes:
    """A PNG of `size` pixels; the same words and seed always draw the same face."""
    sheet, look = Sheet(), read_look(words, seed=seed)
    _ground(sheet, look)
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
    HAIR_BEHIND.get(look.hair, _nothing)(sheet, look)
    _body(sheet, look)
    _head(sheet, look)
    _face(sheet, look)
    _beard(sheet, look)
    HAIR_BEFORE.get(look.hair, _nothing)(sheet, look)
    _glasses(sheet, look)
    _earrings(sheet, look)


def read_look(words: str, *, seed: str) -> Look:
    """Turn words into a Look; small differences of proportion come from the seed."""
    parts = dict(word.partition("=")[::2] for word in words.split())
    hair, _, hair_name = parts["hair"].partition(":")
    beard, _, beard_name = parts.get("beard", "none").partition(":")
    top, _, top_name = parts["top"].partition(":")
    chance = zlib.crc32(seed.encode())
    feminine = "fem" in parts
    return Look(
        skin=_rgb(SKINS[int(parts["skin"]) - 1]),
        hair=hair,
        hair_colour=_rgb(HAIRS[hair_name]),
        beard=beard,
        beard_colour=_rgb(HAIRS[beard_name or hair_name]),
        top=top,
        top_colour=_rgb(CLOTHES[top_name]),
        ground=_rgb(GROUNDS[parts["bg"]]),
        glasses=parts.get("glasses", "none"),
        mouth=parts.get("mouth", "smile"),
        age=int(parts.get("age", 35)),
        feminine=feminine,
        earrings="earrings" in parts,
        width=(0.95 if feminine else 1.0) + (chance % 7 - 3) * 0.012,
        length=1.0 + (chance // 7 % 7 - 3) * 0.012,
        eyes=1.0 + (chance // 49 % 5 - 2) * 0.03,
    )


class Sheet:
    """A drawing surface in units of a thousandth of its side."""

    def __init__(self) -> None:
        self.side = int(1000 * SCALE)
        self.image = Image.new("RGB", (self.side, self.side))
        self.draw = ImageDraw.Draw(self.image, "RGBA")

    def shape(self, points: Sequence[Point], colour: Colour, alpha: int = 255) -> None:
        self.draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=(*colour, alpha))

    def blob(self, points: Sequence[Point], colour: Colour, alpha: int = 255) -> None:
        self.shape(spline(points), colour, alpha)

    def disc(self, x: float, y: float, rx: float, ry: float, colour: Colour, alpha: int = 255) -> None:
        box = [(x - rx) * SCALE, (y - ry) * SCALE, (x + rx) * SCALE, (y + ry) * SCALE]
        self.draw.ellipse(box, fill=(*colour, alpha))

    def stroke(self, points: Sequence[Point], colour: Colour, width: float, alpha: int = 255) -> None:
        line = [(x * SCALE, y * SCALE) for x, y in spline(points, closed=False)]
        half = width * SCALE / 2
        if alpha < 255:
            left, top = (int(min(axis) - half - 2) for axis in zip(*line, strict=True))
            right, bottom = (int(max(axis) + half + 2) for axis in zip(*line, strict=True))
            layer = Image.new("L", (right - left, bottom - top), 0)
            _brush(ImageDraw.Draw(layer), [(x - left, y - top) for x, y in line], half, alpha)
            self.image.paste(colour, (left, top), layer)
        else:
            _brush(self.draw, line, half, (*colour, 255))

    def through(self, mask: Sequence[Point], paint: Callable[[Sheet], None]) -> None:
        """Paint on a copy and keep only what falls inside the mask."""
        copy = Sheet.__new__(Sheet)
        copy.side, copy.image = self.side, self.image.copy()
        copy.draw = ImageDraw.Draw(copy.image, "RGBA")
        paint(copy)
        layer = Image.new("L", self.image.size, 0)
        ImageDraw.Draw(layer).polygon([(x * SCALE, y * SCALE) for x, y in mask], fill=255)
        self.image.paste(copy.image, mask=layer)


def spline(points: Sequence[Point], *, closed: bool = True, steps: int = 10) -> list[Point]:
    """A smooth line through all the points (Catmull-Rom)."""
    count = len(points)
    line: list[Point] = []
    for index in range(count if closed else count - 1):
        if closed:
            p0, p1, p2, p3 = (points[(index + k) % count] for k in (-1, 0, 1, 2))
        else:
            p0, p1, p2, p3 = (points[min(max(index + k, 0), count - 1)] for k in (-1, 0, 1, 2))
        for step in range(steps):
            line.append(_catmull(p0, p1, p2, p3, step / steps))
    if not closed:
        line.append(points[-1])
    return line


def mirrored(half: Sequence[Point]) -> list[Point]:
    """A closed outline from its right half, given as distances from the middle, top to bottom."""
    return [(500 + x, y) for x, y in half] + [(500 - x, y) for x, y in reversed(half) if x]


def tint(colour: Colour, amount: float) -> Colour:
    """Lighter (positive, towards white) or darker (negative, towards a warm black)."""
    target = (255, 255, 255) if amount > 0 else (30, 18, 24)
    share = abs(amount)
    red, green, blue = (round(c + (t - c) * share) for c, t in zip(colour, target, strict=True))
    return (red, green, blue)


def _catmull(p0: Point, p1: Point, p2: Point, p3: Point, t: float) -> Point:
    def axis(a: float, b: float, c: float, d: float) -> float:
        return 0.5 * (
            2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t
        )

    return (axis(p0[0], p1[0], p2[0], p3[0]), axis(p0[1], p1[1], p2[1], p3[1]))


def _brush(draw: ImageDraw.ImageDraw, line: list[Point], half: float, fill: object) -> None:
    draw.line(line, fill=fill, width=round(half * 2), joint="curve")  # type: ignore[arg-type]
    for x, y in (line[0], line[-1]):
        draw.ellipse([x - half, y - half, x + half, y + half], fill=fill)  # type: ignore[arg-type]


def _rgb(code: str) -> Colour:
    return (int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16))


def _nothing(sheet: Sheet, look: Look) -> None:
    return None


# ── Ground, body, clothes ────────────────────────────────────────────────────────────────────────
def _ground(sheet: Sheet, look: Look) -> None:
    sheet.shape([(0, 0), (1000, 0), (1000, 1000), (0, 1000)], look.ground)
    sheet.disc(660, 330, 560, 560, tint(look.ground, 0.22))
    sheet.disc(690, 300, 380, 380, tint(look.ground, 0.34))


def _shoulders(look: Look) -> list[Point]:
    wide = 318 if look.feminine else 372
    return [
        (500 - wide - 40, 1020),
        *spline(
            [
                (500 - wide - 22, 1010),
                (500 - wide, 900),
                (500 - wide * 0.72, 822),
                (500 - 108, 772),
                (500 - 62, 735),
                (500 + 62, 735),
                (500 + 108, 772),
                (500 + wide * 0.72, 822),
                (500 + wide, 900),
                (500 + wide + 22, 1010),
            ],
            closed=False,
        ),
        (500 + wide + 40, 1020),
    ]


def _body(sheet: Sheet, look: Look) -> None:
    outline = _shoulders(look)
    if look.top == "hoodie":
        sheet.blob(
            mirrored([(0, 690), (120, 700), (190, 760), (160, 850), (0, 880)]), tint(look.top_colour, -0.25)
        )
    _neck(sheet, look)
    sheet.shape(_cut(outline, look), look.top_colour)
    sheet.through(_cut(outline, look), lambda copy: _folds(copy, look))
    TOPS[look.top](sheet, look, outline)


def _neck(sheet: Sheet, look: Look) -> None:
    half = 66 if look.feminine else 82
    sheet.blob(
        mirrored(
            [(0, 560), (half, 580), (half, 700), (half + 18, 760), (half + 66, 808), (40, 868), (0, 880)]
        ),
        look.skin,
    )
    shade = [(0, 600), (half + 2, 600), (half + 2, 686), (half * 0.6, 716), (0, 730)]
    sheet.blob(mirrored(shade), tint(look.skin, -0.16))


NECKLINES = {
    "blazer": [(0, 960), (30, 900), (74, 770)],
    "blouse": [(0, 880), (40, 840), (84, 770)],
    "labcoat": [(0, 960), (34, 890), (78, 770)],
    "tee": [(0, 842), (56, 822), (92, 762)],
    "overall": [(0, 850), (44, 820), (82, 762)],
    "hivis": [(0, 846), (56, 824), (90, 762)],
    "polo": [(0, 868), (26, 840), (78, 764)],
    "shirt": [(0, 850), (26, 828), (78, 764)],
    "plaid": [(0, 850), (26, 828), (78, 764)],
    "hoodie": [(0, 838), (60, 816), (94, 762)],
}


def _cut(outline: list[Point], look: Look) -> list[Point]:
    """The shoulders without the neckline, so that skin shows through."""
    if look.top == "turtleneck":
        return outline
    line = NECKLINES[look.top]
    middle = len(outline) // 2
    half = [(x, y) for x, y in outline[:middle] if x < 500 - line[-1][0]]
    other = [(x, y) for x, y in outline[middle:] if x > 500 + line[-1][0]]
    left = [(500 - x, y) for x, y in reversed(line)]
    right = [(500 + x, y) for x, y in line[1:]]
    return [*half, *left, *right, *other]


def _folds(sheet: Sheet, look: Look) -> None:
    wide = 318 if look.feminine else 372
    dark = tint(look.top_colour, -0.16)
    for side in (-1, 1):
        x = 500 + side * (wide - 96)
        sheet.stroke([(x, 1010), (x + side * 4, 950), (x + side * 22, 900)], dark, 9)
    sheet.disc(500, 700, 190, 110, tint(look.top_colour, -0.3), 46)


def _blazer(sheet: Sheet, look: Look, outline: list[Point]) -> None:
    shirt = (246, 243, 238) if look.top_colour != _rgb(CLOTHES["white"]) else _rgb(CLOTHES["sky"])
    sheet.shape([(426, 770), (500, 905), (574, 770), (540, 1010), (460, 1010)], shirt)
    _collar(sheet, shirt)
    dark = tint(look.top_colour, -0.2)
    for side in (-1, 1):
        lapel = [
            (500 + side * x, y)
            for x, y in [(84, 756), (176, 838), (132, 860), (146, 892), (14, 1012), (70, 880)]
        ]
        sheet.shape(lapel, dark)


def _labcoat(sheet: Sheet, look: Look, outline: list[Point]) -> None:
    sheet.shape([(422, 770), (500, 930), (578, 770), (536, 1010), (464, 1010)], _rgb(CLOTHES["sky"]))
    _collar(sheet, _rgb(CLOTHES["sky"]))
    for side in (-1, 1):
        lapel = [(500 + side * x, y) for x, y in [(86, 756), (172, 842), (120, 880), (12, 1012), (70, 880)]]
        sheet.shape(lapel, tint(look.top_colour, -0.12))
    sheet.shape([(628, 930), (716, 930), (716, 1010), (628, 1010)], tint(look.top_colour, -0.08))
    sheet.stroke([(650, 936), (650, 905)], _rgb(CLOTHES["coral"]), 10)


def _collar(sheet: Sheet, colour: Colour) -> None:
    for side in (-1, 1):
        flap = [(500 + side * x, y) for x, y in [(80, 744), (96, 788), (42, 852), (2, 826)]]
        sheet.shape(flap, tint(colour, -0.07))


def _shirt(sheet: Sheet, look: Look, outline: list[Point]) -> None:
    sheet.stroke([(500, 850), (500, 1010)], tint(look.top_colour, -0.18), 5)
    for y in (900, 966):
        sheet.disc(500, y, 8, 8, tint(look.top_colour, -0.35))
    for side in (-1, 1):
        flap = [(500 + side * x, y) for x, y in [(84, 738), (112, 792), (56, 872), (0, 838)]]
        sheet.shape(flap, tint(look.top_colour, -0.12 if sum(look.top_colour) > 600 else 0.14))


def _polo(sheet: Sheet, look: Look, outline: list[Point]) -> None:
    sheet.shape([(482, 850), (518, 850), (518, 968), (482, 968)], tint(look.top_colour, -0.16))
    for y in (892, 938):
        sheet.disc(500, y, 7, 7, tint(look.top_colour, 0.5))
    for side in (-1, 1):
        flap = [(500 + side * x, y) for x, y in [(84, 742), (118, 792), (70, 862), (8, 860)]]
        sheet.shape(flap, tint(look.top_colour, -0.2))
    sheet.disc(628, 902, 16, 16, tint(look.top_colour, 0.55))


def _plaid(sheet: Sheet, look: Look, outline: list[Point]) -> None:
    def lines(copy: Sheet) -> None:
        for x in range(60, 1000, 92):
            copy.shape(
                [(x, 700), (x + 34, 700), (x + 34, 1010), (x, 1010)], tint(look.top_colour, -0.45), 110
            )
            copy.shape([(x + 58, 700), (x + 64, 700), (x + 64, 1010), (x + 58, 1010)], (245, 240, 230), 130)
        for y in range(760, 1010, 88):
            copy.shape([(0, y), (1000, y), (1000, y + 32), (0, y + 32)], tint(look.top_colour, -0.45), 110)
            copy.shape([(0, y + 56), (1000, y + 56), (1000, y + 62), (0, y + 62)], (245, 240, 230), 130)

    sheet.through(_cut(outline, look), lines)
    _shirt(sheet, look, outline)


def _tee(sheet: Sheet, look: Look, outline: list[Point]) -> None:
    sheet.stroke(
        [(406, 764), (446, 822), (500, 844), (554, 822), (594, 764)], tint(look.top_colour, -0.2), 16
    )


def _blouse(sheet: Sheet, look: Look, outline: list[Point]) -> None:
    dark = tint(look.top_colour, -0.18)
    sheet.stroke([(414, 768), (456, 836), (500, 884)], dark, 15)
    sheet.stroke([(586, 768), (544, 836), (500, 884), (500, 1010)], dark, 15)


def _turtleneck(sheet: Sheet, look: Look, outline: list[Point]) -> None:
    half = 82 if look.feminine else 96
    sheet.blob(
        mirrored([(0, 690), (half - 6, 682), (half + 4, 720), (half + 22, 780), (0, 812)]), look.top_colour
    )
    sheet.stroke([(500 - half - 12, 772), (500, 802), (500 + half + 12, 772)], tint(look.top_colour, -0.2), 8)
    sheet.stroke([(500 - half, 700), (500, 720), (500 + half, 700)], tint(look.top_colour, 0.14), 9)


def _overall(sheet: Sheet, look: Look, outline: list[Point]) -> None:
    def bands(copy: Sheet) -> None:
        copy.shape([(0, 934), (1000, 934), (1000, 968), (0, 968)], (226, 226, 214))
        copy.shape([(0, 968), (1000, 968), (1000, 978), (0, 978)], (236, 150, 60))

    sheet.through(_cut(outline, look), bands)
    sheet.stroke([(500, 850), (500, 1010)], tint(look.top_colour, -0.32), 9)
    for side in (-1, 1):
        flap = [(500 + side * x, y) for x, y in [(86, 740), (128, 800), (84, 866), (4, 850)]]
        sheet.shape(flap, tint(look.top_colour, -0.22))
    sheet.shape([(606, 872), (694, 872), (694, 910), (606, 910)], (246, 243, 238))
    sheet.stroke([(620, 891), (640, 884), (660, 898), (680, 891)], (222, 107, 85), 8)


def _hivis(sheet: Sheet, look: Look, outline: list[Point]) -> None:
    def vest(copy: Sheet) -> None:
        copy.shape([(0, 700), (1000, 700), (1000, 1010), (0, 1010)], _rgb(CLOTHES["charcoal"]))
        for side in (-1, 1):
            panel = [
                (500 + side * x, y) for x, y in [(108, 740), (288, 780), (300, 1010), (10, 1010), (22, 940)]
            ]
            copy.shape(panel, look.top_colour)
            band = [(500 + side * x, y) for x, y in [(176, 750), (222, 760), (232, 1010), (186, 1010)]]
            copy.shape(band, (226, 228, 226))

    sheet.through(_cut(outline, look), vest)
    sheet.stroke(
        [(410, 764), (446, 824), (500, 846), (554, 824), (590, 764)],
        tint(_rgb(CLOTHES["charcoal"]), -0.3),
        14,
    )


def _hoodie(sheet: Sheet, look: Look, outline: list[Point]) -> None:
    dark = tint(look.top_colour, -0.26)
    sheet.blob(
        [
            (398, 742),
            (350, 800),
            (420, 872),
            (500, 892),
            (580, 872),
            (650, 800),
            (602, 742),
            (570, 812),
            (500, 838),
            (430, 812),
        ],
        dark,
    )
    for side in (-1, 1):
        sheet.stroke(
            [(500 + side * 52, 866), (500 + side * 58, 930), (500 + side * 52, 968)], (240, 238, 232), 9
        )


TOPS: dict[str, Callable[[Sheet, Look, list[Point]], None]] = {
    "blazer": _blazer,
    "labcoat": _labcoat,
    "shirt": _shirt,
    "polo": _polo,
    "plaid": _plaid,
    "tee": _tee,
    "blouse": _blouse,
    "turtleneck": _turtleneck,
    "overall": _overall,
    "hivis": _hivis,
    "hoodie": _hoodie,
}


# ── Head and face ────────────────────────────────────────────────────────────────────────────────
def _head_outline(look: Look) -> list[Point]:
    w, k = look.width, look.length
    jaw = 0.92 if look.feminine else 1.06
    half = [
        (0, 248),
        (96 * w, 268),
        (150 * w, 350),
        (156 * w, 450),
        (146 * w, 540),
        (108 * w * jaw, 450 + 172 * k),
        (52 * w * jaw, 450 + 222 * k),
        (0, 450 + 232 * k),
    ]
    return spline(mirrored(half))


def _head(sheet: Sheet, look: Look) -> None:
    for side in (-1, 1):
        x = 500 + side * 156 * look.width
        sheet.disc(x, 474, 30, 44, tint(look.skin, -0.07))
        sheet.disc(x + side * 2, 476, 14, 24, tint(look.skin, -0.2))
    outline = _head_outline(look)
    sheet.shape(outline, look.skin)
    sheet.through(outline, lambda copy: _modelling(copy, look))


def _modelling(sheet: Sheet, look: Look) -> None:
    sheet.blob(
        [(300, 240), (420, 240), (392, 420), (396, 560), (470, 700), (300, 720)], tint(look.skin, -0.1), 66
    )
    warm = (214, 92, 80) if sum(look.skin) > 420 else (150, 62, 48)
    for side in (-1, 1):
        sheet.disc(500 + side * 88 * look.width, 552, 42, 28, warm, 44)


def _face(sheet: Sheet, look: Look) -> None:
    ink = tint(look.skin, -0.78)
    spread = 62 * look.width * look.eyes
    for side in (-1, 1):
        _eye(sheet, look, 500 + side * spread, side)
    line = tint(look.skin, -0.28)
    sheet.stroke([(506, 486), (514, 530), (522, 558), (502, 570), (484, 564)], line, 9)
    _mouth(sheet, look, ink)
    if look.age >= 48:
        for side in (-1, 1):
            x = 500 + side * 62
            sheet.stroke([(x, 566), (x + side * 16, 592), (x + side * 14, 612)], line, 5, 150)
            eye = 500 + side * spread
            sheet.stroke([(eye - 24, 506), (eye, 514), (eye + 24, 506)], line, 4, 130)
    if look.age >= 57:
        sheet.stroke([(430, 372), (500, 364), (570, 372)], line, 4, 120)
        sheet.stroke([(446, 346), (500, 340), (554, 346)], line, 4, 100)


def _eye(sheet: Sheet, look: Look, x: float, side: int) -> None:
    covered = look.hair in ("scarf", "cap")
    light = look.hair_colour[0] > 200 and sum(look.skin) > 560 and not covered
    dark = (62, 84, 98) if light else (46, 30, 26)
    sheet.disc(x, 474, 28, 19, (252, 250, 247))
    sheet.disc(x, 473, 16, 17.5, dark)
    sheet.disc(x + 5, 467, 5.5, 5.5, (255, 255, 255))
    lid = tint(look.skin, -0.62)
    sheet.stroke([(x - 30, 474), (x - 14, 457), (x + 8, 454), (x + 30, 472)], lid, 8 if look.feminine else 7)
    if look.feminine:
        sheet.stroke([(x + side * 28, 470), (x + side * 38, 461)], lid, 7)
    if covered:
        brow = tint(
            look.beard_colour if look.beard != "none" else look.skin, -0.72 if look.beard == "none" else -0.1
        )
    else:
        brow = tint(look.hair_colour, -0.22 if look.hair_colour[0] > 215 else -0.3)
    lift = 4 if look.mouth == "grin" else 0
    sheet.stroke(
        [(x - side * 32, 432 - lift), (x + side * 4, 417 - lift), (x + side * 38, 430 - lift)],
        brow,
        11 if look.feminine else 16,
    )


def _mouth(sheet: Sheet, look: Look, ink: Colour) -> None:
    y = 450 + 168 * look.length
    lip = tint((186, 78, 76), -0.25 if sum(look.skin) < 360 else 0.0)
    if look.mouth == "grin":
        outline = spline(
            [(442, y - 12), (500, y - 2), (558, y - 12), (538, y + 24), (500, y + 36), (462, y + 24)]
        )
        sheet.shape(outline, tint(lip, -0.5))
        sheet.through(
            outline,
            lambda copy: copy.shape(
                [(430, y - 20), (570, y - 20), (570, y + 13), (430, y + 13)], (252, 250, 246)
            ),
        )
        sheet.stroke([(440, y - 13), (500, y - 2), (560, y - 13)], tint(look.skin, -0.5), 6)
    elif look.mouth == "calm":
        sheet.stroke([(454, y + 1), (500, y + 7), (546, y - 3)], tint(look.skin, -0.55), 9)
        sheet.stroke([(474, y + 27), (500, y + 31), (526, y + 27)], tint(look.skin, -0.2), 6)
    elif look.feminine:
        sheet.blob(
            [
                (448, y - 8),
                (482, y - 6),
                (500, y - 1),
                (518, y - 6),
                (552, y - 8),
                (528, y + 20),
                (500, y + 26),
                (472, y + 20),
            ],
            lip,
        )
        sheet.stroke([(448, y - 8), (500, y + 7), (552, y - 8)], tint(lip, -0.45), 6)
    else:
        sheet.stroke(
            [(444, y - 8), (474, y + 10), (500, y + 14), (526, y + 10), (556, y - 8)],
            tint(look.skin, -0.6),
            10,
        )
        sheet.stroke([(478, y + 36), (500, y + 40), (522, y + 36)], tint(look.skin, -0.2), 6)


def _beard(sheet: Sheet, look: Look) -> None:
    if look.beard == "none":
        return
    w, k = look.width, look.length
    y = 450 + 168 * k
    if look.beard in ("moustache", "goatee", "short", "full"):
        wing = [(0, y - 40), (44, y - 34), (74, y - 2), (40, y - 14), (0, y - 18)]
        if look.beard == "moustache":
            wing = [(0, y - 46), (50, y - 38), (86, y + 4), (44, y - 8), (0, y - 12)]
        sheet.blob(mirrored(wing), look.beard_colour)
    if look.beard == "goatee":
        sheet.blob(mirrored([(0, y + 30), (40, y + 26), (48, y + 56), (0, y + 88)]), look.beard_colour)
        return
    if look.beard == "moustache":
        return
    drop = {"stubble": 2, "short": 10, "full": 40}[look.beard]
    outer = [
        (158 * w, 470),
        (154 * w, 548),
        (118 * w * 1.04, 450 + 180 * k + drop * 0.5),
        (56 * w, 450 + 226 * k + drop),
        (0, 450 + 236 * k + drop),
    ]
    inner = [(0, y + 30), (58, y + 22), (76, y - 22), (104 * w, y - 50), (132 * w, 520)]
    right = spline([(500 + x, yy) for x, yy in outer], closed=False)
    lips = spline([(500 + x, yy) for x, yy in inner], closed=False)
    left = [(1000 - x, yy) for x, yy in reversed(right)]
    outline = [*right, *left, *((1000 - x, yy) for x, yy in reversed(lips)), *lips]
    if look.beard == "stubble":
        sheet.through(_head_outline(look), lambda copy: copy.shape(outline, look.beard_colour, 62))
    else:
        sheet.shape(outline, look.beard_colour)


def _glasses(sheet: Sheet, look: Look) -> None:
    if look.glasses == "none":
        return
    frame = {"round": (54, 44, 46), "square": (38, 38, 52), "thin": (120, 104, 84)}[look.glasses]
    spread = 62 * look.width * look.eyes
    width = 6 if look.glasses == "thin" else 10
    for side in (-1, 1):
        x = 500 + side * (spread + 2)
        if look.glasses == "round":
            ring = ((-48, 0), (-34, -34), (0, -48), (34, -34), (48, 0), (34, 34), (0, 48), (-34, 34))
            lens = spline([(x + dx, 478 + dy) for dx, dy in ring])
        else:
            lens = spline(
                [
                    (x - 50, 444),
                    (x, 440),
                    (x + 50, 444),
                    (x + 50, 480),
                    (x + 34, 514),
                    (x, 520),
                    (x - 34, 514),
                    (x - 50, 480),
                ]
            )
        sheet.shape(lens, (255, 255, 255), 34)
        sheet.stroke([*lens, lens[0]], frame, width)
        sheet.stroke([(x + side * 48, 462), (500 + side * 152 * look.width, 456)], frame, width)
    sheet.stroke([(500 - spread + 44, 468), (500, 458), (500 + spread - 44, 468)], frame, width)


def _earrings(sheet: Sheet, look: Look) -> None:
    if not look.earrings or look.hair in ("scarf", "bob", "long", "wavy"):
        return
    for side in (-1, 1):
        sheet.disc(500 + side * 160 * look.width, 528, 11, 11, (232, 190, 92))
        sheet.disc(500 + side * 160 * look.width - 3, 525, 4, 4, (255, 240, 200))


# ── Hair: what lies behind the head, then what lies before it ────────────────────────────────────
def _behind(*half: Point) -> Callable[[Sheet, Look], None]:
    def paint(sheet: Sheet, look: Look) -> None:
        sheet.blob(mirrored([(x * look.width, y) for x, y in half]), tint(look.hair_colour, -0.2))

    return paint


def _cap(
    *inner: Point, rise: float = 0, side: float = 470, bulge: float = 0
) -> Callable[[Sheet, Look], None]:
    """Hair on top: a dome from temple to temple, its lower edge given by `inner` from right to left."""

    def paint(sheet: Sheet, look: Look) -> None:
        w = look.width
        outer = [
            (-160 * w - bulge * 0.4, side),
            (-170 * w - bulge, 380),
            (-140 * w - bulge, 276 - rise * 0.6),
            (-72 * w, 222 - rise),
            (0, 208 - rise),
            (72 * w, 222 - rise),
            (140 * w + bulge, 276 - rise * 0.6),
            (170 * w + bulge, 380),
            (160 * w + bulge * 0.4, side),
        ]
        edge = [(x * w, y) for x, y in inner]
        line = spline([(500 + x, y) for x, y in outer], closed=False)
        line += spline([(500 + x, y) for x, y in edge], closed=False)
        sheet.shape(line, look.hair_colour)
        shine = [
            (500 - 108 * w, 300 - rise * 0.6),
            (500 - 52 * w, 252 - rise * 0.9),
            (500 + 16 * w, 238 - rise),
        ]
        sheet.stroke(shine, tint(look.hair_colour, 0.16), 16, 150)

    return paint


def _tufts(spots: Sequence[tuple[float, float, float]]) -> Callable[[Sheet, Look], None]:
    """Curls: discs with a lighter crescent on each."""

    def paint(sheet: Sheet, look: Look) -> None:
        for x, y, radius in spots:
            sheet.disc(500 + x * look.width, y, radius, radius, look.hair_colour)
        for x, y, radius in spots[::2]:
            light = tint(look.hair_colour, 0.13)
            cx = 500 + x * look.width
            sheet.stroke(
                [
                    (cx - radius * 0.5, y - radius * 0.1),
                    (cx - radius * 0.2, y - radius * 0.5),
                    (cx + radius * 0.3, y - radius * 0.5),
                ],
                light,
                8,
                170,
            )

    return paint


def _both(*paints: Callable[[Sheet, Look], None]) -> Callable[[Sheet, Look], None]:
    def paint(sheet: Sheet, look: Look) -> None:
        for each in paints:
            each(sheet, look)

    return paint


def _knot(y: float, radius: float) -> Callable[[Sheet, Look], None]:
    def paint(sheet: Sheet, look: Look) -> None:
        sheet.disc(500, y, radius, radius * 0.86, tint(look.hair_colour, -0.1))
        sheet.stroke(
            [(500 - radius * 0.5, y - 8), (500, y - radius * 0.42), (500 + radius * 0.5, y - 4)],
            tint(look.hair_colour, 0.14),
            9,
            170,
        )

    return paint


def _tail(side: int, *, plaited: bool) -> Callable[[Sheet, Look], None]:
    """A tail or a plait that falls before one shoulder."""

    def paint(sheet: Sheet, look: Look) -> None:
        if plaited:
            for step in range(6):
                x, y = 500 + side * (176 + step * 5), 600 + step * 52
                sheet.disc(x, y, 40 - step * 2.5, 36, look.hair_colour)
                sheet.stroke(
                    [(x - 24, y + 6), (x, y + 22), (x + 24, y + 2)], tint(look.hair_colour, -0.25), 6
                )
            sheet.disc(500 + side * 203, 912, 22, 16, _rgb(CLOTHES["coral"]))
            return
        sheet.blob(
            [
                (500 + side * x, y)
                for x, y in [
                    (120, 330),
                    (206, 420),
                    (246, 560),
                    (236, 700),
                    (196, 800),
                    (170, 720),
                    (176, 600),
                    (150, 500),
                ]
            ],
            tint(look.hair_colour, -0.1),
        )

    return paint


def _strands(sheet: Sheet, look: Look) -> None:
    """Locs or fine plaits hanging on both sides."""
    for side in (-1, 1):
        for step in range(4):
            x = 500 + side * (140 + step * 20) * look.width
            end = 770 - step * 36 if look.feminine else 668 - step * 34
            lock = tint(look.hair_colour, 0.09 * (step % 2))
            sheet.stroke(
                [(500 + side * (70 + step * 16), 262), (x - side * 10, 350), (x, 440), (x + side * 6, end)],
                lock,
                27,
            )


def _rows(sheet: Sheet, look: Look) -> None:
    """Partings between locs on the top of the head."""
    for x in (-88, -44, 0, 44, 88):
        sheet.stroke(
            [(500 + x * 0.7, 214 + abs(x) * 0.2), (500 + x, 262), (500 + x * 1.12, 304)],
            tint(look.hair_colour, 0.2),
            7,
            170,
        )


def _headscarf(sheet: Sheet, look: Look) -> None:
    w = look.width
    cloth, dark = look.hair_colour, tint(look.hair_colour, -0.18)
    outer = [
        (0, 208),
        (110 * w, 232),
        (184 * w, 340),
        (192 * w, 480),
        (176 * w, 610),
        (150 * w, 716),
        (210 * w, 800),
        (120 * w, 872),
        (0, 890),
    ]
    inner = [(0, 300), (82 * w, 318), (132 * w, 396), (138 * w, 490), (124 * w, 580), (76 * w, 664), (0, 700)]
    mask = Image.new("L", sheet.image.size, 0)
    pen = ImageDraw.Draw(mask)
    pen.polygon([(x * SCALE, y * SCALE) for x, y in spline(mirrored(outer))], fill=255)
    pen.polygon([(x * SCALE, y * SCALE) for x, y in spline(mirrored(inner))], fill=0)
    sheet.image.paste(cloth, (0, 0), mask)
    sheet.stroke([(500 - 150 * w, 620), (470, 740), (560, 800), (500 + 170 * w, 790)], dark, 12)
    sheet.stroke([(500 - 130 * w, 700), (480, 790), (580, 850)], dark, 10)
    sheet.stroke([(500 - 120 * w, 318), (500 - 40 * w, 258), (500 + 60 * w, 250)], tint(cloth, 0.2), 12, 170)
    sheet.stroke([(500 + 100 * w, 330), (500 + 160 * w, 420), (500 + 166 * w, 540)], dark, 9, 170)


def _cap_hat(sheet: Sheet, look: Look) -> None:
    w = look.width
    sheet.blob(
        mirrored([(0, 196), (90 * w, 208), (158 * w, 276), (172 * w, 366), (0, 352)]), look.hair_colour
    )
    sheet.blob(
        [
            (500 - 178 * w, 356),
            (500, 326),
            (500 + 178 * w, 356),
            (500 + 196 * w, 392),
            (500, 372),
            (500 - 196 * w, 392),
        ],
        tint(look.hair_colour, -0.22),
    )
    sheet.disc(500, 272, 34, 28, (246, 243, 238))
    sheet.stroke([(484, 274), (496, 264), (506, 280), (518, 268)], _rgb(CLOTHES["coral"]), 7)
    for side in (-1, 1):
        sheet.stroke([(500 + side * 160 * w, 400), (500 + side * 156 * w, 448)], (206, 202, 198), 18)


def _crown(sheet: Sheet, look: Look) -> None:
    """Hair that is left around a bald or receding head."""
    for side in (-1, 1):
        points = [(150, 352), (172, 400), (172, 470), (152, 500), (146, 430)]
        sheet.blob([(500 + side * x * look.width, y) for x, y in points], look.hair_colour)
    sheet.stroke([(440, 296), (480, 278), (520, 276)], tint(look.skin, 0.4), 14, 120)


RING = [
    (-150, 380, 46),
    (-160, 320, 50),
    (-128, 264, 54),
    (-76, 228, 56),
    (-14, 212, 58),
    (50, 220, 56),
    (108, 250, 54),
    (150, 310, 50),
    (158, 376, 46),
]
FRINGE = [(-110, 318, 38), (-58, 292, 42), (0, 282, 42), (58, 290, 42), (112, 320, 38)]
FULL_RING = [(x * 1.16, y, r * 1.25) for x, y, r in RING] + [
    (-196, 450, 54),
    (-196, 520, 54),
    (196, 450, 54),
    (196, 520, 54),
    (-180, 590, 50),
    (180, 590, 50),
]
AFRO_RING = [(x * 1.2, y - 22, r * 1.5) for x, y, r in RING] + [(-206, 440, 58), (206, 440, 58)]

SIDE_PART = ((150, 470), (142, 400), (128, 340), (60, 306), (-50, 296), (-108, 330), (-138, 400), (-150, 470))
ROUND_EDGE = (
    (150, 470),
    (140, 400),
    (118, 340),
    (60, 312),
    (0, 306),
    (-60, 312),
    (-118, 340),
    (-140, 400),
    (-150, 470),
)
MIDDLE_EDGE = (
    (158, 520),
    (146, 430),
    (112, 352),
    (52, 312),
    (0, 262),
    (-52, 312),
    (-112, 352),
    (-146, 430),
    (-158, 520),
)
SWEPT_EDGE = (
    (158, 500),
    (146, 420),
    (120, 356),
    (40, 330),
    (-60, 288),
    (-112, 330),
    (-146, 410),
    (-158, 500),
)

HAIR_BEHIND: dict[str, Callable[[Sheet, Look], None]] = {
    "scarf": _behind((0, 260), (150, 300), (176, 480), (166, 620), (140, 760), (0, 800)),
    "bob": _behind((0, 210), (130, 232), (196, 340), (208, 480), (202, 600), (170, 660), (90, 640), (0, 630)),
    "long": _behind(
        (0, 208), (130, 230), (200, 340), (216, 520), (226, 700), (230, 850), (160, 890), (0, 870)
    ),
    "wavy": _behind(
        (0, 208),
        (140, 232),
        (206, 330),
        (206, 430),
        (236, 520),
        (216, 610),
        (244, 700),
        (216, 790),
        (140, 790),
        (0, 780),
    ),
    "curly": _tufts(FULL_RING),
    "afro": _tufts(AFRO_RING),
    "braids": _strands,
    "locs": _strands,
    "bun": _knot(206, 84),
    "topbun": _knot(178, 88),
    "topknot": _knot(186, 66),
    "ponytail": _tail(1, plaited=False),
    "ponytailm": _tail(-1, plaited=False),
}
HAIR_BEFORE: dict[str, Callable[[Sheet, Look], None]] = {
    "bob": _cap(*SWEPT_EDGE, side=520, bulge=14),
    "long": _cap(*MIDDLE_EDGE, side=540, bulge=10),
    "wavy": _cap(*SWEPT_EDGE, side=540, bulge=16),
    "sidepart": _cap(*SIDE_PART, rise=8),
    "short": _cap(*ROUND_EDGE, rise=4),
    "crop": _cap(
        (150, 450),
        (140, 380),
        (126, 322),
        (60, 318),
        (0, 314),
        (-60, 318),
        (-126, 322),
        (-140, 380),
        (-150, 450),
        rise=-4,
        side=450,
    ),
    "buzz": _cap(
        (148, 430),
        (142, 376),
        (120, 306),
        (60, 290),
        (0, 286),
        (-60, 290),
        (-120, 306),
        (-142, 376),
        (-148, 430),
        rise=-26,
        side=430,
        bulge=-12,
    ),
    "quiff": _cap(
        (150, 460),
        (140, 380),
        (112, 318),
        (40, 280),
        (-40, 300),
        (-120, 322),
        (-140, 380),
        (-150, 460),
        rise=34,
    ),
    "pixie": _cap(
        (150, 480),
        (136, 410),
        (104, 350),
        (20, 352),
        (-70, 300),
        (-126, 340),
        (-140, 400),
        (-150, 480),
        rise=6,
        bulge=4,
    ),
    "messy": _both(
        _cap(*ROUND_EDGE, rise=10),
        _tufts(
            [
                (-100, 240, 34),
                (-40, 212, 38),
                (30, 206, 40),
                (96, 232, 36),
                (-70, 312, 28),
                (10, 308, 30),
                (76, 312, 26),
            ]
        ),
    ),
    "curlytop": _both(_cap(*ROUND_EDGE, rise=4), _tufts([*RING[2:7], *FRINGE])),
    "curly": _tufts(
        [*RING[1:8], (-118, 320, 34), (-66, 290, 40), (0, 276, 42), (66, 290, 40), (118, 320, 34)]
    ),
    "afro": _tufts([*RING[1:8], (-96, 296, 34), (-40, 276, 36), (20, 272, 36), (84, 290, 34)]),
    "bun": _cap(*ROUND_EDGE, rise=2),
    "topbun": _cap(*ROUND_EDGE, rise=4),
    "topknot": _cap(
        (146, 440),
        (140, 380),
        (116, 316),
        (60, 292),
        (0, 286),
        (-60, 292),
        (-116, 316),
        (-140, 380),
        (-146, 440),
        rise=-6,
        side=440,
    ),
    "ponytail": _cap(*SWEPT_EDGE[1:-1], rise=0, side=430),
    "ponytailm": _cap(
        (150, 460),
        (142, 390),
        (118, 322),
        (60, 294),
        (0, 290),
        (-60, 294),
        (-118, 322),
        (-142, 390),
        (-150, 460),
        rise=0,
        side=460,
    ),
    "braid": _both(_cap(*SWEPT_EDGE, rise=2, side=500), _tail(1, plaited=True)),
    "braids": _cap(*MIDDLE_EDGE[1:-1], rise=2, side=430),
    "locs": _both(_cap(*ROUND_EDGE[1:-1], rise=8, side=400, bulge=2), _rows),
    "receding": _both(
        _crown,
        _cap(
            (150, 400),
            (138, 340),
            (120, 296),
            (70, 268),
            (0, 300),
            (-70, 268),
            (-120, 296),
            (-138, 340),
            (-150, 400),
            rise=-10,
            side=400,
            bulge=-6,
        ),
    ),
    "bald": _crown,
    "scarf": _headscarf,
    "cap": _cap_hat,
}
