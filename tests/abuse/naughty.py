"""The Big List of Naughty Strings, which lies beside the repository, and a few of the worst that travel with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

LIST = "shared/testdata/naughty/blns.json"
# Those at every fifth place are tried in every field at each `bin/test`.
WORST = [
    "nul\x00inside",
    "",
    "\x00",
    "\ud800 a lone surrogate",
    "\u202eright to left\u202c",
    "<script>alert('x')</script>",
    "\"'><img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "'; DROP TABLE content_entry; --",
    "{{ 7 * 7 }} ${7*7} <%= 7*7 %> %(name)s {0} %s %n",
    "../../../../etc/passwd",
    "line\r\nSet-Cookie: x=1\r\n\r\n<h1>",
    "👩‍👩‍👧‍👦🏳️‍🌈" * 50,
    "Z̮̞̠͙͔ͅḀ̗̞͈̻̗Ḷ͙͎̯̹̞͓G̻O̭̗̮" * 20,
    "9" * 400,
    "-1e999",
    "a" * 100_000,
]


def naughty_strings() -> list[str]:
    """Return the whole list; skip where it is not on this machine."""
    found = [folder / LIST for folder in Path(__file__).parents[2:] if (folder / LIST).exists()]
    if not found:
        pytest.skip(f"../{LIST} is not on this machine")
    strings: list[str] = json.loads(found[0].read_text())
    return strings
