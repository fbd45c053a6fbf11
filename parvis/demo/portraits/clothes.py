"""The ground, the shoulders and what is worn."""

from __future__ import annotations

from collections.abc import Callable

from parvis.demo.portraits.look import CLOTHES, Look, rgb
from parvis.demo.portraits.sheet import Colour, Point, Sheet, mirrored, spline, tint


# ── Ground, body, clothes ────────────────────────────────────────────────────────────────────────
def draw_ground(sheet: Sheet, look: Look) -> None:
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


def draw_body(sheet: Sheet, look: Look) -> None:
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
    shirt = (246, 243, 238) if look.top_colour != rgb(CLOTHES["white"]) else rgb(CLOTHES["sky"])
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
    sheet.shape([(422, 770), (500, 930), (578, 770), (536, 1010), (464, 1010)], rgb(CLOTHES["sky"]))
    _collar(sheet, rgb(CLOTHES["sky"]))
    for side in (-1, 1):
        lapel = [(500 + side * x, y) for x, y in [(86, 756), (172, 842), (120, 880), (12, 1012), (70, 880)]]
        sheet.shape(lapel, tint(look.top_colour, -0.12))
    sheet.shape([(628, 930), (716, 930), (716, 1010), (628, 1010)], tint(look.top_colour, -0.08))
    sheet.stroke([(650, 936), (650, 905)], rgb(CLOTHES["coral"]), 10)


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
        copy.shape([(0, 700), (1000, 700), (1000, 1010), (0, 1010)], rgb(CLOTHES["charcoal"]))
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
        tint(rgb(CLOTHES["charcoal"]), -0.3),
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
