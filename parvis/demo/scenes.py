"""The photographs of the demo that nobody took: places and things, drawn flat."""

from __future__ import annotations

import math
import random
from itertools import pairwise

from PIL import Image, ImageDraw, ImageFilter

from parvis.demo.charts import CORAL, GREY, INK, MUTED, NAVY, SAFFRON, TEAL, Canvas
from parvis.demo.portraits import figure
from parvis.demo.reading import read_world

WIDE, HIGH = 1200, 760


def workshop_line() -> bytes:
    """An assembly line in the morning: hall, lamps, heat pumps on a conveyor, two people at work."""
    canvas = Canvas(WIDE, HIGH, "#e9eef0")
    for x in range(0, WIDE, 150):
        canvas.shape([(x, 0), (x + 75, 90), (x + 150, 0)], "#d5dde1")
        canvas.shape([(x + 12, 0), (x + 75, 74), (x + 75, 0)], "#f7fbfc")
    canvas.box(0, 90, WIDE, 14, "#b9c5cb")
    for x in (140, 460, 780, 1100):
        canvas.box(x - 70, 150, 140, 16, "#fffbe8", radius=8)
        canvas.shape([(x - 66, 168), (x + 66, 168), (x + 170, 520), (x - 170, 520)], "#fffbe83c")
        canvas.line([(x, 104), (x, 150)], "#9aa8af", 3)
    canvas.box(0, 560, WIDE, 200, "#c3ccd0")
    canvas.box(0, 716, WIDE, 8, SAFFRON)
    for index, x in enumerate((60, 350, 640, 930)):
        _machine(canvas, x, 330, 210, 190, open_front=index == 2)
    canvas.box(0, 520, WIDE, 34, "#6f7d85", radius=6)
    for x in range(20, WIDE, 60):
        canvas.disc(x, 560, 13, "#4a555c")
        canvas.disc(x, 560, 5, "#c3ccd0")
    _worker(canvas, 300, 664, TEAL, "#774a31", "#dd9a26")
    _worker(canvas, 880, 672, TEAL, "#efc7a8", "#d9ae66")
    canvas.box(1040, 150, 110, 78, NAVY, radius=8)
    canvas.text(1095, 178, "LIGNE 2", size=20, colour="#ffffff", anchor="mm", bold=True)
    canvas.text(1095, 206, "41 / 62", size=24, colour="#ffe2a6", anchor="mm", bold=True)
    return canvas.png()


def _machine(
    canvas: Canvas, x: float, y: float, width: float, height: float, *, open_front: bool = False
) -> None:
    canvas.box(x + 6, y + 8, width, height, "#00000024", radius=14)
    canvas.box(x, y, width, height, "#f7f6f2", radius=14)
    cx, cy, radius = x + width * 0.4, y + height * 0.52, height * 0.36
    if open_front:
        canvas.box(x + 16, y + 18, width - 32, height - 36, "#39454c", radius=8)
        canvas.disc(x + width * 0.68, y + height * 0.62, 30, "#22292e", ry=44)
        for step in range(5):
            canvas.line([(x + 34, y + 40 + step * 24), (x + width * 0.5, y + 40 + step * 24)], "#c9793f", 5)
    else:
        canvas.disc(cx, cy, radius, "#39454c")
        for ring in (0.86, 0.64, 0.42):
            canvas.disc(cx, cy, radius * ring, "#f7f6f2" if ring == 0.86 else "#4c5960")
            canvas.disc(cx, cy, radius * ring - 4, "#39454c")
        for angle in range(0, 360, 72):
            a = math.radians(angle)
            tip = (cx + math.cos(a) * radius * 0.8, cy + math.sin(a) * radius * 0.8)
            side = (cx + math.cos(a + 0.5) * radius * 0.62, cy + math.sin(a + 0.5) * radius * 0.62)
            canvas.shape([(cx, cy), tip, side], "#8b989f")
        canvas.disc(cx, cy, radius * 0.16, "#cdd5d9")
        for step in range(6):
            canvas.box(
                x + width * 0.78, y + height * (0.14 + step * 0.1), width * 0.14, height * 0.04, "#d9dfe1"
            )
    canvas.box(x + width * 0.76, y + height - 34, width * 0.17, 12, CORAL, radius=3)


def _worker(canvas: Canvas, x: float, y: float, coat: str, skin: str, hair: str) -> None:
    canvas.disc(x, y - 190, 34, skin)
    canvas.shape(
        [(x - 38, y - 192), (x - 26, y - 232), (x + 26, y - 232), (x + 38, y - 192), (x, y - 206)], hair
    )
    canvas.box(x - 58, y - 150, 116, 260, coat, radius=40)
    canvas.box(x - 58, y - 40, 116, 14, "#e4e4d8")
    canvas.box(x - 14, y - 168, 28, 34, skin, radius=10)
    canvas.line([(x - 44, y - 110), (x - 84, y - 60), (x - 40, y - 96)], coat, 26)
    canvas.line([(x + 44, y - 110), (x + 92, y - 100), (x + 118, y - 140)], coat, 26)
    canvas.disc(x + 120, y - 146, 15, skin)


def snow_bungalow() -> bytes:
    """A bungalow at dusk, its heat pump in the snow, a dog."""
    canvas = Canvas(WIDE, HIGH, "#23365a")
    for band in range(52):
        share = band / 52
        colour = f"#{round(35 + 190 * share):02x}{round(54 + 110 * share):02x}{round(90 + 60 * share):02x}"
        canvas.box(0, band * 9, WIDE, 10, colour)
    dice = random.Random(2)  # noqa: S311
    canvas.shape(
        [(0, 420), (240, 330), (520, 410), (800, 318), (1200, 420), (1200, 520), (0, 520)], "#51658c"
    )
    for x in (90, 170, 1010, 1110, 1170):
        high = dice.randint(150, 240)
        for step in range(4):
            y = 470 - high + step * high / 4
            wide = 26 + step * 16
            canvas.shape([(x, y - 10), (x + wide, y + high / 3), (x - wide, y + high / 3)], "#24443f")
            canvas.shape(
                [(x, y - 10), (x + wide * 0.6, y + high / 6), (x - wide * 0.5, y + high / 6.6)], "#e9f1f6"
            )
    canvas.box(0, 480, WIDE, 280, "#eaf1f7")
    canvas.box(300, 330, 560, 190, "#b85c44")
    for row in range(8):
        canvas.line([(300, 344 + row * 24), (860, 344 + row * 24)], "#a24e39", 2)
    canvas.shape([(260, 334), (380, 226), (790, 226), (900, 334)], "#4a3f45")
    canvas.shape(
        [(256, 322), (376, 212), (794, 212), (906, 322), (880, 340), (784, 248), (386, 248), (280, 340)],
        "#f6fafc",
    )
    canvas.box(690, 160, 46, 80, "#7d4a3c")
    canvas.box(684, 150, 58, 18, "#f6fafc", radius=8)
    for x in (350, 640):
        canvas.box(x, 376, 120, 82, "#ffe2a0", radius=4)
        canvas.box(x + 56, 376, 8, 82, "#6e4436")
        canvas.box(x, 412, 120, 8, "#6e4436")
    canvas.box(520, 372, 74, 148, "#2d4f57", radius=4)
    canvas.disc(580, 450, 5, SAFFRON)
    canvas.shape([(0, 520), (400, 500), (760, 516), (1200, 496), (1200, 760), (0, 760)], "#f6fafc")
    _machine(canvas, 900, 410, 190, 150)
    canvas.box(884, 560, 220, 14, "#5b666d", radius=5)
    canvas.shape([(892, 410), (940, 388), (1050, 390), (1098, 410)], "#f6fafc")
    for x, y, r in ((250, 676, 34), (300, 650, 22)):
        canvas.disc(x, y, r, "#6b4a33", ry=r * 0.8)
    canvas.box(222, 690, 12, 40, "#6b4a33", radius=5)
    canvas.box(268, 690, 12, 40, "#6b4a33", radius=5)
    canvas.line([(218, 670), (196, 640)], "#6b4a33", 11)
    canvas.shape([(306, 634), (322, 616), (326, 646)], "#523622")
    canvas.disc(318, 654, 5, "#23201f")
    for _ in range(170):
        canvas.disc(dice.uniform(0, WIDE), dice.uniform(0, HIGH), dice.uniform(1.5, 4.5), "#ffffffd0")
    canvas.box(40, 40, 170, 62, "#ffffffe6", radius=14)
    canvas.text(125, 71, "−19 °C", size=32, colour=NAVY, anchor="mm", bold=True)
    return canvas.png()


def terrace_street() -> bytes:
    """A street of terraced houses under a pale sky; number 14 has its door open."""
    canvas = Canvas(WIDE, HIGH, "#cfe0ea")
    canvas.disc(980, 120, 60, "#fff3cf")
    canvas.shape(
        [(0, 300), (300, 190), (640, 280), (900, 200), (1200, 300), (1200, 420), (0, 420)], "#a9bfa8"
    )
    bricks = ("#a9553f", "#b8654a", "#9c4a38", "#b15f45", "#a5533d")
    for index in range(5):
        x, brick = 20 + index * 236, bricks[index]
        canvas.box(x, 250, 226, 390, brick)
        for row in range(18):
            canvas.line([(x, 262 + row * 21), (x + 226, 262 + row * 21)], "#00000016", 2)
        canvas.shape([(x - 8, 254), (x + 113, 168), (x + 234, 254)], "#5b5f6b")
        canvas.box(x + 22, 150, 34, 66, brick)
        for wx, wy in ((x + 24, 292), (x + 128, 292), (x + 128, 452)):
            canvas.box(wx - 6, wy - 6, 86, 98, "#f4efe6")
            canvas.box(wx, wy, 74, 86, "#8fb0c2" if (index + wx) % 3 else "#ffe2a0")
            canvas.line([(wx + 37, wy), (wx + 37, wy + 86)], "#f4efe6", 5)
        open_house = index == 2
        canvas.box(x + 22, 446, 76, 194, "#f4efe6")
        canvas.box(
            x + 30, 454, 60, 186, "#ffd98c" if open_house else (TEAL, NAVY, "", "#7d2d3f", "#3a6b4f")[index]
        )
        if open_house:
            canvas.shape([(x + 30, 454), (x + 4, 470), (x + 4, 656), (x + 30, 640)], CORAL)
            canvas.text(x + 60, 434, "14", size=26, colour="#fff8e8", anchor="ms", bold=True)
    canvas.box(0, 640, WIDE, 26, "#b9b3aa")
    canvas.box(0, 666, WIDE, 94, "#77797c")
    _machine(canvas, 640, 560, 118, 88)
    for x, coat, skin in (
        (420, NAVY, "#efc7a8"),
        (470, "#7d2d3f", "#98623f"),
        (372, SAFFRON, "#f6d9c4"),
        (800, TEAL, "#e2ae88"),
    ):
        canvas.disc(x, 582, 15, skin)
        canvas.box(x - 18, 598, 36, 74, coat, radius=14)
    canvas.shape([(500, 676), (548, 660), (566, 676), (562, 690), (506, 692)], "#8a6a48")
    canvas.disc(568, 664, 13, "#8a6a48")
    canvas.box(930, 470, 210, 92, "#ffffff", radius=12)
    canvas.text(1035, 500, "OPEN HOUSE", size=25, colour=TEAL, anchor="mm", bold=True)
    canvas.text(1035, 534, "come and listen", size=22, colour=INK, anchor="mm")
    return canvas.png()


def frost_window() -> bytes:
    """Through the window of a cold chamber: a machine, frost in the corners, a clear middle."""
    canvas = Canvas(WIDE, HIGH, "#aebfcb")
    canvas.box(110, 80, 980, 600, "#35434f", radius=50)
    canvas.box(150, 118, 900, 524, "#b8d4e4", radius=34)
    canvas.box(150, 470, 900, 172, "#d9e9f2")
    _machine(canvas, 420, 230, 360, 300)
    for drip in range(430, 770, 34):
        canvas.line([(drip, 530), (drip - 3, 550 + drip % 5 * 8)], "#f2fafd", 8)
    dice = random.Random(4)  # noqa: S311
    for _ in range(900):
        angle, far = dice.uniform(0, math.tau), dice.uniform(0.82, 1.0)
        x, y = 600 + math.cos(angle) * 470 * far, 380 + math.sin(angle) * 280 * far
        if 150 < x < 1050 and 118 < y < 642:
            turn, length = dice.uniform(0, math.tau), dice.uniform(8, 26)
            canvas.line([(x, y), (x + math.cos(turn) * length, y + math.sin(turn) * length)], "#ffffffb4", 2)
    canvas.box(860, 150, 160, 64, "#10181e", radius=10)
    canvas.text(940, 182, "−29,8 °C", size=30, colour="#7fe0d2", anchor="mm", bold=True)
    return canvas.jpeg()


def thermal_press() -> bytes:
    """A thermal picture of a heat exchanger: hot on the left, cold where it is blocked."""
    wide, high = 300, 200
    image = Image.new("RGB", (wide, high))
    pixels = image.load()
    assert pixels is not None
    for x in range(wide):
        for y in range(high):
            inside = 40 < x < 260 and 40 < y < 160
            heat = 0.16 + 0.05 * math.sin(y / 17) + 0.04 * math.sin(x / 23)
            if inside:
                heat = 0.82 - 0.58 / (1 + math.exp(-(x - 150) / 9)) + 0.07 * math.sin(y * 0.78)
            elif 120 < x < 150 and y >= 160:
                heat = 0.95
            pixels[x, y] = _thermal(heat)
    image = image.filter(ImageFilter.GaussianBlur(2.2)).resize((1200, 800), Image.Resampling.BICUBIC)
    canvas = Canvas(1200, 800)
    canvas.image.paste(image.resize(canvas.image.size))
    for x, y, words in ((340, 330, "68,2 °C"), (820, 330, "31,4 °C")):
        canvas.line([(x - 22, y), (x + 22, y)], "#ffffff", 3)
        canvas.line([(x, y - 22), (x, y + 22)], "#ffffff", 3)
        canvas.text(x + 30, y - 34, words, size=30, colour="#ffffff", bold=True)
    for step in range(60):
        red, green, blue = _thermal(1 - step / 60)
        canvas.box(1140, 60 + step * 11, 26, 12, f"#{red:02x}{green:02x}{blue:02x}")
    canvas.text(1130, 60, "75", size=22, colour="#ffffff", anchor="ra")
    canvas.text(1130, 712, "15", size=22, colour="#ffffff", anchor="rd")
    return canvas.jpeg()


def _thermal(heat: float) -> tuple[int, int, int]:
    stops = (
        (0, (12, 8, 60)),
        (0.25, (92, 18, 120)),
        (0.5, (206, 56, 72)),
        (0.75, (248, 150, 40)),
        (1, (255, 248, 196)),
    )
    heat = min(max(heat, 0), 1)
    for (low, a), (up, b) in pairwise(stops):
        if heat <= up:
            share = (heat - low) / (up - low)
            red, green, blue = (round(p + (q - p) * share) for p, q in zip(a, b, strict=True))
            return (red, green, blue)
    return (255, 248, 196)


def relay_contact() -> bytes:
    """A relay contact under the microscope: silver, scratched, with a crater."""
    size = 900
    dice = random.Random(9)  # noqa: S311
    image = Image.new("RGB", (size, size), "#14171a")
    draw = ImageDraw.Draw(image)
    for ring in range(320, 0, -2):
        shade = 120 + round(90 * (1 - ring / 320))
        draw.ellipse([450 - ring, 450 - ring, 450 + ring, 450 + ring], fill=(shade, shade - 4, shade - 14))
    for _ in range(240):
        angle = dice.uniform(-0.3, 0.3)
        x, y, length = dice.uniform(180, 720), dice.uniform(180, 720), dice.uniform(20, 130)
        tone = dice.randint(120, 220)
        draw.line(
            [x, y, x + math.cos(angle) * length, y + math.sin(angle) * length], fill=(tone, tone, tone - 10)
        )
    for ring in range(96, 0, -2):
        shade = 30 + round((ring / 96) ** 2 * 130)
        draw.ellipse(
            [300 - ring * 1.1, 420 - ring, 300 + ring * 1.1, 420 + ring],
            fill=(shade, round(shade * 0.8), round(shade * 0.6)),
        )
    for _ in range(60):
        angle, far, r = dice.uniform(0, math.tau), dice.uniform(90, 170), dice.uniform(2, 7)
        x, y = 300 + math.cos(angle) * far, 420 + math.sin(angle) * far
        draw.ellipse([x - r, y - r, x + r, y + r], fill=(90, 62, 40))
    mask = Image.new("L", (size, size), 0)
    ImageDraw.Draw(mask).ellipse([130, 130, 770, 770], fill=255)
    scene = Image.composite(
        image.filter(ImageFilter.GaussianBlur(1.4)), Image.new("RGB", (size, size), "#14171a"), mask
    )
    canvas = Canvas(900, 900)
    canvas.image.paste(scene.resize(canvas.image.size))
    canvas.line([(660, 830), (820, 830)], "#ffffff", 5)
    canvas.text(740, 818, "1 mm", size=26, colour="#ffffff", anchor="ms")
    canvas.text(60, 60, "×20", size=34, colour="#ffffff", bold=True)
    return canvas.jpeg()


def first_brazing() -> bytes:
    """Five brazed joints on a bench, from ugly to good."""
    canvas = Canvas(WIDE, 620, "#7c8a92")
    dice = random.Random(6)  # noqa: S311
    for _ in range(300):
        x, y = dice.uniform(0, WIDE), dice.uniform(0, 620)
        canvas.line([(x, y), (x + dice.uniform(10, 60), y + dice.uniform(-2, 2))], "#ffffff16", 2)
    for index in range(5):
        x, ugly = 150 + index * 225, 4 - index
        canvas.box(x - 32, 70, 76, 470, "#00000030", radius=30)
        canvas.box(x - 38, 60, 76, 260, "#c9793f", radius=14)
        canvas.box(x - 46, 270, 92, 270, "#b9682f", radius=14)
        canvas.box(x - 28, 66, 14, 240, "#eab083", radius=7)
        canvas.box(x - 34, 280, 14, 240, "#dd9a68", radius=7)
        for _ in range(6 + ugly * 9):
            radius = dice.uniform(5, 9 + ugly * 6)
            canvas.disc(
                x + dice.uniform(-44, 44),
                270 + dice.uniform(-6 - ugly * 14, 6 + ugly * 14),
                radius,
                "#d8d4c8",
            )
        for _ in range(ugly * 8):
            canvas.disc(
                x + dice.uniform(-36, 36), 250 + dice.uniform(-80, 90), dice.uniform(8, 20), "#2a211c9c"
            )
        canvas.box(x - 47, 262, 94, 16, "#e4e0d4", radius=8)
        canvas.text(x, 578, str(index + 1), size=34, colour="#ffffff", anchor="mm", bold=True)
    return canvas.png()


def handover_board() -> bytes:
    """The whiteboard of line 2: three columns, not one more."""
    canvas = Canvas(WIDE, HIGH, "#8d979c")
    canvas.box(60, 50, 1080, 640, "#5e686d", radius=12)
    canvas.box(78, 68, 1044, 604, "#fbfcfb", radius=6)
    columns = (
        ("CE QUI A FUI", CORAL, ("n° 118 collecteur bas", "n° 131 vanne service", "", "2 sur 58")),
        (
            "CE QU'ON A ESSAYÉ",
            NAVY,
            ("131 : resserré 1/4 tour", "   donc OK au 2e passage", "118 : reprise Mariam"),
        ),
        (
            "CE QU'ON TE LAISSE",
            TEAL,
            ("118 à repasser au banc 1", "bouteille N2 à changer", "café : machine réparée !"),
        ),
    )
    for index, (title, colour, lines) in enumerate(columns):
        x = 108 + index * 344
        if index:
            canvas.line([(x - 20, 96), (x - 22, 640)], "#3a3f47", 4)
        canvas.text(x, 104, title, size=30, colour=colour, bold=True)
        canvas.line([(x, 146), (x + 290, 150)], colour, 4)
        for row, words in enumerate(lines):
            canvas.text(x + 4, 186 + row * 62, words, size=27, colour=INK)
    canvas.text(840, 560, "Bonne aprèm", size=32, colour=CORAL, bold=True)
    canvas.text(840, 604, "Lucie", size=30, colour=CORAL)
    for x, colour in ((420, CORAL), (500, NAVY), (580, TEAL)):
        canvas.box(x, 694, 64, 16, colour, radius=6)
    return canvas.jpeg()


def brazing_workshop() -> bytes:
    """Floor plan of the brazing workshop of Thiers, the trial station in green."""
    canvas = Canvas(WIDE, HIGH, "#f7f8f6")
    canvas.text(50, 34, "Thiers, atelier brasage", size=32, bold=True)
    canvas.box(50, 100, 1100, 590, "", edge=INK)
    for index, x in enumerate((90, 400, 710)):
        canvas.box(x, 130, 250, 130, "#f3d9cf", radius=8, edge=CORAL)
        canvas.text(x + 125, 195, f"Four {index + 1}", size=28, anchor="mm", bold=True)
    canvas.box(1000, 130, 120, 130, "#e4e8ea", radius=8, edge=MUTED)
    canvas.text(1060, 195, "azote", size=24, anchor="mm")
    for index in range(6):
        x = 90 + index * 152
        trial = index == 2
        canvas.box(x, 400, 120, 84, "#bfe3d2" if trial else "#e9edf0", radius=8, edge=TEAL if trial else GREY)
        canvas.text(x + 60, 442, f"poste {index + 1}", size=22, anchor="mm", bold=trial)
        canvas.disc(x + 60, 512, 14, TEAL if trial else GREY)
    canvas.text(455, 556, "plateau basculant", size=22, colour=TEAL, anchor="mm", bold=True)
    canvas.box(90, 590, 700, 70, "#eef1f3", radius=6)
    canvas.text(440, 625, "allée des chariots", size=22, colour=MUTED, anchor="mm")
    canvas.box(830, 590, 290, 70, "#fdf0d2", radius=6, edge=SAFFRON)
    canvas.text(975, 625, "contrôle hélium", size=22, anchor="mm")
    canvas.line([(300, 330), (900, 330)], MUTED, 3)
    canvas.shape([(900, 322), (918, 330), (900, 338)], MUTED)
    canvas.text(600, 310, "sens des pièces", size=20, colour=MUTED, anchor="ms")
    return canvas.png()


def line3_layout() -> bytes:
    """The proposed line 3, in its cardboard version."""
    canvas = Canvas(WIDE, 700, "#efe4d0")
    canvas.text(50, 34, "Ligne 3, version carton n° 2", size=32, bold=True)
    steps = (
        "châssis",
        "échangeur\n+ manipulateur",
        "compresseur",
        "brasage",
        "tirage au vide",
        "charge 1",
        "charge 2",
        "carte",
        "capots",
        "banc hélium",
        "essai",
        "emballage",
    )
    for index, words in enumerate(steps):
        row, column = divmod(index, 6)
        x = 70 + (column if row == 0 else 5 - column) * 185
        y = 140 + row * 270
        colour = {1: "#bfe3d2", 4: "#fbe3b0", 5: "#fbe3b0", 6: "#fbe3b0"}.get(index, "#fffaf0")
        canvas.box(x + 5, y + 6, 150, 120, "#00000022", radius=6)
        canvas.box(x, y, 150, 120, colour, radius=6, edge="#8a744e")
        canvas.text(x + 14, y + 10, str(index + 1), size=22, colour="#8a744e", bold=True)
        for part, line in enumerate(words.split("\n")):
            canvas.text(x + 75, y + 66 + part * 26, line, size=20, anchor="mm")
        canvas.disc(x + 75, y + 150, 13, NAVY)
    canvas.line([(1110, 330), (1110, 400)], "#8a744e", 5)
    canvas.text(
        440,
        345,
        "postes 5 à 7 : en parallèle si la pompe a deux voies (voir Fatou)",
        size=22,
        colour=CORAL,
        bold=True,
    )
    canvas.text(70, 640, "+11 kg sur l'échangeur : plus personne ne porte", size=22, colour=TEAL, bold=True)
    return canvas.png()


def bike_route() -> bytes:
    """The ride from the station to the plant along the old track."""
    canvas = Canvas(WIDE, HIGH, "#e6efe0")
    canvas.shape(
        [(0, 470), (300, 420), (640, 500), (1200, 430), (1200, 500), (640, 566), (300, 486), (0, 540)],
        "#a9cfe2",
    )
    for x, y, w, h in (
        (90, 110, 170, 110),
        (300, 90, 120, 90),
        (470, 140, 150, 100),
        (860, 560, 230, 130),
        (700, 110, 120, 80),
    ):
        canvas.box(x, y, w, h, "#d5d2c8", radius=8)
    canvas.line([(0, 290), (420, 268), (760, 330), (1200, 250)], "#ffffff", 18)
    canvas.line([(520, 0), (560, 330), (500, 760)], "#ffffff", 14)
    route = [(140, 330), (240, 392), (360, 400), (470, 430), (640, 470), (760, 470), (880, 520), (960, 590)]
    canvas.line(route, "#ffffff", 18)
    canvas.line(route, CORAL, 9)
    for index, (x, y) in enumerate((route[0], route[-1])):
        canvas.disc(x, y, 20, "#ffffff")
        canvas.disc(x, y, 13, (NAVY, TEAL)[index])
    canvas.text(140, 288, "Gare", size=28, anchor="ms", bold=True)
    canvas.text(975, 625, "Usine, quai 3", size=28, anchor="mm", bold=True)
    canvas.text(700, 442, "ancienne voie des tissages", size=22, colour=MUTED, anchor="ms")
    canvas.text(900, 400, "la Turdine", size=22, colour="#4b7f9c", anchor="mm")
    canvas.box(50, 640, 300, 76, "#ffffff", radius=12)
    canvas.text(200, 678, "3,4 km · 14 min · 1 feu", size=25, anchor="mm", bold=True)
    return canvas.png()


def leaving_do() -> bytes:
    """Everybody of the store, in front of the shelves."""
    canvas = Canvas(WIDE, HIGH, "#d9cdb8")
    for row in range(3):
        canvas.box(0, 60 + row * 150, WIDE, 12, "#4f6f96")
        for column in range(11):
            shade = ("#b98a57", "#a97a49", "#c79a66")[(row + column * 2) % 3]
            canvas.box(
                14 + column * 110,
                96 + row * 150 - (column % 3) * 18,
                92,
                114 + (column % 3) * 18,
                shade,
                radius=3,
            )
    for x in (0, 395, 795, 1184):
        canvas.box(x, 40, 16, 520, "#e07b2e")
    canvas.box(0, 560, WIDE, 200, "#a8a49c")
    canvas.box(250, 40, 700, 84, "#fffaf0", radius=10)
    canvas.text(600, 82, "MERCI YVON ! 38 ANS", size=46, colour=CORAL, anchor="mm", bold=True)
    people = read_world().people
    cast = (
        "bruno.vacher",
        "huong.tran",
        "dominique.faure",
        "raymond.joubert",
        "mickael.roche",
        "thierry.pons",
        "fatou.ndiaye",
    )
    for index, key in enumerate(cast):
        face = figure(people[key].portrait, seed=key)
        side = 2 * (236 if index % 2 else 252)
        face = face.resize((side, side), Image.Resampling.BOX)
        spot = (2 * (8 + index * 156), 2 * HIGH - side + 10 - (56 if index % 2 else 0))
        canvas.image.paste(face, spot, face)
    return canvas.png()


def logo() -> bytes:
    """The mark of Hivernel: a house of warm lines in the cold."""
    canvas = Canvas(256, 256, "#1f4a5e")
    canvas.shape([(128, 44), (214, 118), (196, 118), (196, 206), (60, 206), (60, 118), (42, 118)], "#eaf3f5")
    for step, colour in enumerate((CORAL, SAFFRON, CORAL)):
        y = 134 + step * 24
        wave = [(84 + x, y + 7 * math.sin(x / 14)) for x in range(0, 90, 3)]
        canvas.line(wave, colour, 9)
    return canvas.png()
