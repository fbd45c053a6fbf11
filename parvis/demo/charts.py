"""The charts that people of the demo attach, drawn at demo time from figures that fit their stories."""

from __future__ import annotations

import math
import random
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

import parvis.foundation.ui

INK, MUTED, RULE, PAPER = "#22303c", "#667684", "#dfe5ea", "#fdfdfb"
TEAL, CORAL, SAFFRON, NAVY, GREY = "#1f7a7a", "#d95f46", "#dd9a26", "#2f4f86", "#a9b4bd"
WIDTH, HEIGHT, SCALE = 1200, 680, 2
BUILT_FONTS = Path(parvis.foundation.ui.__file__).parent / "static" / "dist" / "assets"
SYSTEM_FONTS = (Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),)


@dataclass(frozen=True, kw_only=True)
class Series:
    """Figures of one colour: `kind` is line, dots, bars or level (a horizontal mark)."""

    name: str
    points: Sequence[tuple[float, float]]
    colour: str = TEAL
    kind: str = "line"


@dataclass(frozen=True, kw_only=True)
class Chart:
    """One picture of figures, its ranges and marks chosen by hand."""

    title: str
    x_label: str
    y_label: str
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    x_ticks: Sequence[tuple[float, str]]
    y_ticks: Sequence[float]
    series: Sequence[Series]
    bar_width: float = 0.7
    notes: Sequence[tuple[float, float, str]] = field(default_factory=tuple)


class Canvas:
    """A drawing twice too large, in final pixels."""

    def __init__(self, width: int, height: int, ground: str = PAPER) -> None:
        self.width, self.height = width, height
        self.image = Image.new("RGB", (width * SCALE, height * SCALE), ground)
        self.draw = ImageDraw.Draw(self.image, "RGBA")

    def line(self, points: Sequence[tuple[float, float]], colour: str, width: float = 3) -> None:
        self.draw.line(
            [(x * SCALE, y * SCALE) for x, y in points],
            fill=colour,
            width=round(width * SCALE),
            joint="curve",
        )

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        colour: str,
        *,
        radius: float = 0,
        edge: str = "",
    ) -> None:
        self.draw.rounded_rectangle(
            [x * SCALE, y * SCALE, (x + width) * SCALE, (y + height) * SCALE],
            radius=radius * SCALE,
            fill=colour or None,
            outline=edge or None,
            width=3 * SCALE if edge else 0,
        )

    def shape(self, points: Sequence[tuple[float, float]], colour: str) -> None:
        self.draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=colour)

    def disc(self, x: float, y: float, radius: float, colour: str, *, ry: float = 0) -> None:
        high = ry or radius
        self.draw.ellipse(
            [(x - radius) * SCALE, (y - high) * SCALE, (x + radius) * SCALE, (y + high) * SCALE], fill=colour
        )

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = 22,
        colour: str = INK,
        anchor: str = "la",
        bold: bool = False,
    ) -> None:
        used = font(round(size * SCALE), bold=bold)
        if used is None:
            plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
            fallback = ImageFont.load_default(size * SCALE)
            self.draw.text((x * SCALE, y * SCALE), plain, fill=colour, font=fallback, anchor=anchor)
            return
        self.draw.text((x * SCALE, y * SCALE), words, fill=colour, font=used, anchor=anchor)

    def png(self) -> bytes:
        small = self.image.resize((self.width, self.height), Image.Resampling.BOX)
        out = BytesIO()
        small.save(out, "PNG")
        return out.getvalue()

    def jpeg(self) -> bytes:
        small = self.image.resize((self.width, self.height), Image.Resampling.BOX)
        out = BytesIO()
        small.save(out, "JPEG", quality=86)
        return out.getvalue()


@cache
def font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont | None:
    """The font of the interface where it was built, else one of the system; None when there is neither."""
    for path in (*sorted(BUILT_FONTS.glob("figtree-latin-wght-normal*.woff2")), *SYSTEM_FONTS):
        try:
            found = ImageFont.truetype(str(path), size)
        except OSError:
            continue
        if bold and path.suffix == ".woff2":
            found.set_variation_by_axes([700])
        return found
    return None


def draw_chart(chart: Chart) -> bytes:
    """A PNG of a chart: title, legend, axes, and what it shows."""
    canvas = Canvas(WIDTH, HEIGHT)
    left, top, right, bottom = 96, 132, WIDTH - 40, HEIGHT - 84
    place = _placer(chart, left, top, right, bottom)
    canvas.text(left - 56, 26, chart.title, size=30, bold=True)
    _legend(canvas, chart, left - 56, 82)
    for tick in chart.y_ticks:
        y = place(chart.x_range[0], tick)[1]
        canvas.line([(left, y), (right, y)], RULE, 1.5)
        canvas.text(left - 14, y, _number(tick), size=19, colour=MUTED, anchor="rm")
    for value, label in chart.x_ticks:
        x = place(value, chart.y_range[0])[0]
        canvas.text(x, bottom + 14, label, size=19, colour=MUTED, anchor="ma")
    canvas.text((left + right) / 2, HEIGHT - 34, chart.x_label, size=19, colour=MUTED, anchor="ma")
    canvas.text(right, top - 12, chart.y_label, size=19, colour=MUTED, anchor="rs")
    for series in chart.series:
        _series(canvas, chart, series, place)
    canvas.line([(left, bottom), (right, bottom)], INK, 2)
    for x, y, words in chart.notes:
        px, py = place(x, y)
        canvas.text(px, py, words, size=19, colour=INK, anchor="ms", bold=True)
    return canvas.png()


def _placer(
    chart: Chart, left: float, top: float, right: float, bottom: float
) -> Callable[[float, float], tuple[float, float]]:
    (x0, x1), (y0, y1) = chart.x_range, chart.y_range

    def place(x: float, y: float) -> tuple[float, float]:
        return (left + (x - x0) / (x1 - x0) * (right - left), bottom - (y - y0) / (y1 - y0) * (bottom - top))

    return place


def _legend(canvas: Canvas, chart: Chart, x: float, y: float) -> None:
    for series in chart.series:
        if not series.name:
            continue
        canvas.box(x, y + 4, 22, 14 if series.kind == "bars" else 5, series.colour, radius=2)
        canvas.text(x + 30, y - 4, series.name, size=19, colour=MUTED)
        used = font(19 * SCALE)
        x += 60 + (used.getlength(series.name) / SCALE if used else len(series.name) * 11)


def _series(
    canvas: Canvas, chart: Chart, series: Series, place: Callable[[float, float], tuple[float, float]]
) -> None:
    spots = [place(x, y) for x, y in series.points]
    base = place(chart.x_range[0], chart.y_range[0])[1]
    if series.kind == "bars":
        half = (place(chart.bar_width, 0)[0] - place(0, 0)[0]) / 2
        for x, y in spots:
            canvas.box(x - half, y, half * 2, base - y, series.colour, radius=3)
    elif series.kind == "dots":
        for x, y in spots:
            canvas.disc(x, y, 6, series.colour)
    elif series.kind == "level":
        for x in range(int(spots[0][0]), int(spots[-1][0]), 18):
            canvas.line([(x, spots[0][1]), (x + 10, spots[0][1])], series.colour, 3)
    else:
        canvas.line(spots, series.colour, 4)


def _number(value: float) -> str:
    return f"{value:g}".replace("-", "−")


def _ticks(values: Sequence[float], unit: str = "") -> list[tuple[float, str]]:
    return [(value, _number(value) + unit) for value in values]


def _level(name: str, value: float, span: tuple[float, float], colour: str) -> Series:
    return Series(name=name, points=[(span[0], value), (span[1], value)], colour=colour, kind="level")


def leaks() -> bytes:
    """Weekly rejects at the helium test, falling from 3.1 % to 1.1 %."""
    dice = random.Random(7)  # noqa: S311
    weeks = [3.1 - 2.0 * (1 - math.exp(-week / 13)) + dice.uniform(-0.28, 0.28) for week in range(30)]
    weeks[-3:] = [1.2, 0.9, 1.15]
    mean = [
        (week, sum(weeks[max(0, week - 3) : week + 1]) / len(weeks[max(0, week - 3) : week + 1]))
        for week in range(30)
    ]
    return draw_chart(
        Chart(
            title="Refus au test hélium, lignes 1 et 2",
            x_label="semaines depuis le début du projet",
            y_label="% des machines",
            x_range=(-0.5, 30),
            y_range=(0, 4),
            x_ticks=_ticks(range(0, 31, 5)),
            y_ticks=(0, 1, 2, 3, 4),
            series=[
                Series(name="semaine", points=list(enumerate(weeks)), colour=GREY, kind="dots"),
                Series(name="moyenne sur 4 semaines", points=mean, colour=TEAL),
                _level("cible 0,8 %", 0.8, (-0.5, 30), CORAL),
            ],
        )
    )


def nordet_cop() -> bytes:
    """Measured against promised COP of the Nordet."""
    promised = [(-30, 1.8), (-25, 2.0), (-15, 2.5), (-7, 3.0), (2, 3.8), (7, 4.6)]
    measured = [
        (-30, 1.83),
        (-27, 1.95),
        (-25, 2.07),
        (-20, 2.29),
        (-15, 2.58),
        (-10, 2.86),
        (-7, 3.12),
        (2, 3.86),
        (7, 4.71),
    ]
    return draw_chart(
        Chart(
            title="Nordet, chambre 1 : COP selon la température extérieure",
            x_label="température extérieure (°C)",
            y_label="COP",
            x_range=(-32, 9),
            y_range=(0, 5),
            x_ticks=_ticks((-30, -25, -20, -15, -10, -5, 0, 5)),
            y_ticks=(0, 1, 2, 3, 4, 5),
            series=[
                Series(name="promis", points=promised, colour=GREY),
                Series(name="mesuré", points=measured, colour=TEAL, kind="dots"),
            ],
            notes=[(-29.2, 2.1, "1,83")],
        )
    )


def noise_spectrum() -> bytes:
    """Third octaves with a tone at 315 Hz."""
    bands = [63, 80, 100, 125, 160, 200, 250, 315, 400, 500, 630, 800, 1000, 1250, 1600, 2000, 2500, 3150]
    levels = [38, 44, 41, 43, 45, 46, 46, 56, 47, 46, 45, 44, 42, 41, 38, 35, 32, 29]
    tone = bands.index(315)
    return draw_chart(
        Chart(
            title="Nordet à −30 °C, pleine charge, 780 tr/min",
            x_label="tiers d'octave (Hz)",
            y_label="dB(A)",
            x_range=(-0.7, 17.7),
            y_range=(20, 60),
            x_ticks=[(index, str(band)) for index, band in enumerate(bands) if index % 2],
            y_ticks=(20, 30, 40, 50, 60),
            series=[
                Series(
                    name="grille d'origine",
                    points=[p for p in enumerate(levels) if p[0] != tone],
                    colour=NAVY,
                    kind="bars",
                ),
                Series(name="la bosse", points=[(tone, levels[tone])], colour=CORAL, kind="bars"),
            ],
            notes=[(tone, 57, "315 Hz")],
        )
    )


def vibration_trend() -> bytes:
    """A bearing that gets worse faster."""
    dice = random.Random(3)  # noqa: S311
    trend = [(day, 2.8 + 3.3 * (day / 29) ** 2.4 + dice.uniform(-0.12, 0.12)) for day in range(30)]
    return draw_chart(
        Chart(
            title="Four 2, ventilateur, palier côté moteur",
            x_label="30 derniers jours",
            y_label="mm/s efficace",
            x_range=(0, 30),
            y_range=(0, 8),
            x_ticks=[(0, "−30"), (10, "−20"), (20, "−10"), (29, "auj.")],
            y_ticks=(0, 2, 4, 6, 8),
            series=[
                Series(name="vibration", points=trend, colour=NAVY),
                _level("limite d'Ophélie : 6,8", 6.8, (0, 30), SAFFRON),
                _level("alarme : 7,1", 7.1, (0, 30), CORAL),
            ],
        )
    )


def valve_force() -> bytes:
    """Three batches of seals and what the solenoid can push."""
    cold = (20, 10, 0, -5, -10, -15, -20, -25)
    rows = {
        ("old batch", TEAL): (11, 11, 12, 12, 13, 14, 16, 17),
        ("FK-2231, good", SAFFRON): (12, 13, 15, 17, 21, 29, 38, 47),
        ("FK-2231, stuck", CORAL): (12, 14, 18, 24, 34, 47, 61, 68),
    }
    return draw_chart(
        Chart(
            title="Reversing valve: force to move the piston",
            x_label="temperature (°C)",
            y_label="newtons",
            x_range=(22, -27),
            y_range=(0, 70),
            x_ticks=_ticks((20, 10, 0, -10, -20)),
            y_ticks=(0, 20, 40, 60),
            series=[
                *[
                    Series(name=name, points=list(zip(cold, forces, strict=True)), colour=colour)
                    for (name, colour), forces in rows.items()
                ],
                _level("what the solenoid can push: 42 N", 42, (22, -27), INK),
            ],
        )
    )


def calls_by_hour() -> bytes:
    """Support calls on frosty mornings: most homes were warm."""
    total = [2, 9, 58, 92, 61, 38, 27, 21, 18, 17, 16, 14, 12, 11, 9, 7]
    cold = [1, 4, 15, 24, 17, 12, 9, 7, 6, 5, 5, 4, 4, 3, 3, 2]
    hours = [(hour + 5, count) for hour, count in enumerate(total)]
    return draw_chart(
        Chart(
            title="412 calls on frosty days, matched with the machine",
            x_label="hour of the call",
            y_label="calls",
            x_range=(4.3, 20.7),
            y_range=(0, 100),
            x_ticks=_ticks(range(5, 21, 3), ":00"),
            y_ticks=(0, 25, 50, 75, 100),
            series=[
                Series(name="living room at set point (71 %)", points=hours, colour=TEAL, kind="bars"),
                Series(
                    name="really cold (29 %)",
                    points=[(hour + 5, n) for hour, n in enumerate(cold)],
                    colour=CORAL,
                    kind="bars",
                ),
            ],
        )
    )


def bearing_spectrum() -> bytes:
    """Gérard's rattle: 107 Hz and its harmonics."""
    dice = random.Random(11)  # noqa: S311
    line = []
    for step in range(0, 600, 2):
        peaks = sum(0.4 / rank * math.exp(-(((step - 107 * rank) / 3.4) ** 2)) for rank in (1, 2, 3, 4, 5))
        line.append((float(step), 0.03 + 0.03 * dice.random() + peaks))
    return draw_chart(
        Chart(
            title="Pompe 17 : le « grelot » vu par l'accéléromètre",
            x_label="fréquence (Hz)",
            y_label="g",
            x_range=(0, 600),
            y_range=(0, 0.6),
            x_ticks=_ticks((0, 100, 200, 300, 400, 500, 600)),
            y_ticks=(0, 0.2, 0.4, 0.6),
            series=[
                Series(name="palier arrière", points=line, colour=NAVY),
                _level("seuil du manuel", 0.55, (0, 600), GREY),
            ],
            notes=[(107, 0.47, "107 Hz"), (214, 0.28, "×2"), (321, 0.21, "×3"), (428, 0.18, "×4")],
        )
    )


def home07_night() -> bytes:
    """48 hours of home 07, down to −28.6 °C, the living room unmoved."""
    dice = random.Random(5)  # noqa: S311
    hours = [step / 4 for step in range(192)]
    outside = [
        (
            h,
            -19
            - 5 * math.sin((h - 4) / 48 * math.pi)
            - 4.6 * math.exp(-(((h - 30) / 5) ** 2))
            + dice.uniform(-0.3, 0.3),
        )
        for h in hours
    ]
    flow = [(h, 38 + (-o - 15) * 0.62 + dice.uniform(-0.5, 0.5)) for h, o in outside]
    room = [(h, 21.3 + 0.25 * math.sin(h / 3.2)) for h in hours]
    return draw_chart(
        Chart(
            title="Home 07, Saguenay: 48 hours",
            x_label="hours",
            y_label="°C",
            x_range=(0, 48),
            y_range=(-30, 50),
            x_ticks=_ticks((0, 6, 12, 18, 24, 30, 36, 42, 48)),
            y_ticks=(-30, -20, -10, 0, 10, 20, 30, 40, 50),
            series=[
                Series(name="outdoors", points=outside, colour=NAVY),
                Series(name="flow", points=flow, colour=SAFFRON),
                Series(name="living room", points=room, colour=CORAL),
            ],
            notes=[(30, -26, "−28.6 °C")],
        )
    )


def calder_bills() -> bytes:
    """Weekly cost before and after, against the cold."""
    dice = random.Random(19)  # noqa: S311
    gas = [(t, 41 - 1.7 * t + dice.uniform(-2.2, 2.2)) for t in (x / 2 for x in range(-4, 29))]
    pump = [(t, 36.4 - 1.62 * t + dice.uniform(-1.8, 1.8)) for t in (x / 2 for x in range(-4, 29))]
    return draw_chart(
        Chart(
            title="60 homes: weekly energy cost at the same outdoor temperature",
            x_label="mean outdoor temperature of the week (°C)",
            y_label="£ per week",
            x_range=(-3, 15),
            y_range=(0, 50),
            x_ticks=_ticks((-2, 2, 6, 10, 14)),
            y_ticks=(0, 10, 20, 30, 40, 50),
            series=[
                Series(name="gas boiler, last winter", points=gas, colour=GREY, kind="dots"),
                Series(name="heat pump", points=pump, colour=TEAL, kind="dots"),
            ],
        )
    )


def canteen_vote() -> bytes:
    """The vote: B wins, and 84 people want more choice."""
    return draw_chart(
        Chart(
            title="Cantine de Tarare : 241 votants sur 318",
            x_label="scénario",
            y_label="voix",
            x_range=(-0.6, 2.6),
            y_range=(0, 150),
            x_ticks=[(0, "A : cuisine rénovée"), (1, "B : cuisine locale"), (2, "C : camions-repas")],
            y_ticks=(0, 50, 100, 150),
            series=[
                Series(name="", points=[(0, 84), (2, 25)], colour=GREY, kind="bars"),
                Series(name="", points=[(1, 132)], colour=TEAL, kind="bars"),
            ],
            bar_width=0.5,
            notes=[(0, 88, "84"), (1, 136, "132"), (2, 29, "25")],
        )
    )
