"""Hair, behind the head and before it, and hats."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PIL import Image, ImageDraw

from parvis.demo.portraits.look import CLOTHES, Look, rgb
from parvis.demo.portraits.sheet import SCALE, Point, Sheet, mirrored, spline, tint


def bare(sheet: Sheet, look: Look) -> None:
    return None


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
            sheet.disc(500 + side * 203, 912, 22, 16, rgb(CLOTHES["coral"]))
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
    sheet.stroke([(484, 274), (496, 264), (506, 280), (518, 268)], rgb(CLOTHES["coral"]), 7)
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
