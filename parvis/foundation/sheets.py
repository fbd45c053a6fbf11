"""Tables for spreadsheets: CSV that opens in Excel and LibreOffice, and in which no cell is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

# What spreadsheets take for the beginning of a formula.
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
BYTE_ORDER_MARK = "\ufeff"


def defused(cell: str) -> str:
    """Return a cell that is text, whatever it begins with."""
    return f"'{cell}" if cell.startswith(FORMULAS) else cell


def csv_answer(name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> HttpResponse:
    """Answer with a file of that name."""
    buffer = io.StringIO()
    csv.writer(buffer).writerows([defused(cell) for cell in row] for row in (header, *rows))
    answer = HttpResponse(f"{BYTE_ORDER_MARK}{buffer.getvalue()}", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
