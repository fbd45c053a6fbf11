"""The files of the demo that are no pictures: a report as PDF, and measurements as CSV."""

from __future__ import annotations

import csv
import math
import random
import textwrap
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from io import StringIO

from parvis.demo.reading import WORLD

REPORT = WORLD / "8d-report.md"


def report_pdf() -> bytes:
    """An 8D report, as a plain PDF of one page."""
    lines = ["BT", "1 0 0 1 56 790 Tm"]
    for index, (heading, body) in enumerate(_sections()):
        size = 17 if index == 0 else 11.5
        lines += [f"/F2 {size} Tf", f"({_escaped(heading)}) Tj", "0 -17 Td", "/F1 10 Tf"]
        for row in textwrap.wrap(body, 98):
            lines += [f"({_escaped(row)}) Tj", "0 -13.4 Td"]
        lines.append("0 -9 Td")
    lines.append("ET")
    content = "\n".join(lines).encode("latin-1")
    fonts = b"<< /Font << /F1 5 0 R /F2 6 0 R >> >> >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources " + fonts,
        b"<< /Length " + str(len(content)).encode() + b" >>\nstream\n" + content + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
    ]
    return _pdf(objects)


def _sections() -> list[tuple[str, str]]:
    parts = REPORT.read_text(encoding="utf-8").split("# ")[1:]
    return [(heading.strip(), body.strip()) for heading, _, body in (part.partition("\n") for part in parts)]


def valve_tests_csv() -> bytes:
    """Twenty valves, the force at six temperatures."""
    dice = random.Random(23)  # noqa: S311
    rows = []
    for number in range(20):
        stuck = number < 10
        growth = dice.uniform(1.06, 1.1) if stuck else dice.uniform(1.035, 1.05)
        forces = [
            round(12 * growth ** max(0, 5 - t) + dice.uniform(-0.4, 0.4), 1)
            for t in (20, 0, -5, -10, -20, -25)
        ]
        rows.append([f"FK-2231-{1040 + number * 7}", "stuck" if stuck else "good", *forces])
    return _csv(["valve", "state", *[f"force_N_at_{t}C" for t in (20, 0, -5, -10, -20, -25)]], rows)


def spare_parts_csv() -> bytes:
    """The critical spare parts of both plants, to be argued about."""
    parts = (
        ("Carte d'axe four 2", 2, 2, 4150, "Thiers seul"),
        ("Pompe à vide 40 m3/h", 1, 2, 2890, "les deux"),
        ("Variateur 11 kW", 2, 2, 1240, "partagé"),
        ("Tête de renifleur hélium", 2, 1, 3600, "les deux"),
        ("Vérin presse 160 T", 0, 1, 5200, "Thiers seul"),
        ("Joint de vérin (casier de Jean-Luc)", 0, 1, 38, "PC-042"),
        ("Motoréducteur convoyeur C4", 1, 0, 980, "Tarare seul"),
        ("Capteur inductif M12", 14, 11, 42, "partagé"),
        ("Automate S5-95U", 1, 1, 0, "à remplacer"),
        ("Électrovanne azote", 3, 4, 210, "partagé"),
        ("Débitmètre azote 0-20 L/min", 2, 2, 165, "partagé"),
        ("Échangeur d'huile presse", 1, 1, 760, "partagé"),
    )
    return _csv(
        ["piece", "stock_tarare", "stock_thiers", "prix_unitaire_eur", "proposition"], parts, delimiter=";"
    )


def home07_csv(now: datetime) -> bytes:
    """Two days of home 07, a row per quarter of an hour."""
    dice = random.Random(5)  # noqa: S311
    start = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=72)
    rows = []
    for step in range(192):
        hour = step / 4
        outside = -19 - 5 * math.sin((hour - 4) / 48 * math.pi) - 4.6 * math.exp(-(((hour - 30) / 5) ** 2))
        heat = 4.1 + (-outside - 15) * 0.21 + dice.uniform(-0.15, 0.15)
        cop = 3.05 + (outside + 8) * 0.056
        when = (start + timedelta(minutes=15 * step)).strftime("%Y-%m-%dT%H:%MZ")
        rows.append(
            [
                when,
                round(outside, 1),
                round(38 + (-outside - 15) * 0.62, 1),
                21.3,
                round(heat, 2),
                round(heat / cop, 2),
                0,
            ]
        )
    columns = [
        "time_utc",
        "outside_C",
        "flow_C",
        "living_room_C",
        "heat_kW",
        "electric_kW_incl_pump",
        "backup_kW",
    ]
    return _csv(columns, rows)


def _csv(columns: Sequence[str], rows: Iterable[Sequence[object]], *, delimiter: str = ",") -> bytes:
    out = StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return ("\ufeff" if delimiter == ";" else "").encode() + out.getvalue().encode()


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _pdf(objects: Sequence[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    for place in places:
        out += f"{place:010d} 00000 n \n".encode()
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n".encode()
    return bytes(out)
