"""The head, the face, glasses and earrings."""

from __future__ import annotations

from parvis.demo.portraits.look import Look
from parvis.demo.portraits.sheet import Colour, Point, Sheet, mirrored, spline, tint


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


def draw_head(sheet: Sheet, look: Look) -> None:
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


def draw_face(sheet: Sheet, look: Look) -> None:
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


def draw_beard(sheet: Sheet, look: Look) -> None:
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


def draw_glasses(sheet: Sheet, look: Look) -> None:
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


def draw_earrings(sheet: Sheet, look: Look) -> None:
    if not look.earrings or look.hair in ("scarf", "bob", "long", "wavy"):
        return
    for side in (-1, 1):
        sheet.disc(500 + side * 160 * look.width, 528, 11, 11, (232, 190, 92))
        sheet.disc(500 + side * 160 * look.width - 3, 525, 4, 4, (255, 240, 200))
