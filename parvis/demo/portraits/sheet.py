"""What everything is drawn on, and how lines are made smooth."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PIL import Image, ImageDraw

Point = tuple[float, float]


Colour = tuple[int, int, int]


SIZE, SCALE = 320, 0.8


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
