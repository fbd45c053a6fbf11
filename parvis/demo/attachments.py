"""What the threads attach, by the name that they use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from parvis.demo import charts, documents, films, scenes

DRAWN: dict[str, Callable[[], bytes]] = {
    "leaks-chart.png": charts.leaks,
    "nordet-cop.png": charts.nordet_cop,
    "noise-spectrum.png": charts.noise_spectrum,
    "vibration-trend.png": charts.vibration_trend,
    "valve-force.png": charts.valve_force,
    "calls-hour.png": charts.calls_by_hour,
    "bearing-spectrum.png": charts.bearing_spectrum,
    "home07-night.png": charts.home07_night,
    "calder-bills.png": charts.calder_bills,
    "canteen-vote.png": charts.canteen_vote,
    "workshop-line2.png": scenes.workshop_line,
    "snow-bungalow.png": scenes.snow_bungalow,
    "terrace-street.png": scenes.terrace_street,
    "frost-window.jpg": scenes.frost_window,
    "thermo-press.jpg": scenes.thermal_press,
    "relay-contact.jpg": scenes.relay_contact,
    "first-brazing.png": scenes.first_brazing,
    "handover-board.jpg": scenes.handover_board,
    "brazing-workshop.png": scenes.brazing_workshop,
    "line3-layout.png": scenes.line3_layout,
    "bike-route.png": scenes.bike_route,
    "leaving-do.png": scenes.leaving_do,
    "nordet-fan.webm": films.fan,
    "nordet-315hz.wav": films.whistle,
    "8d-report.pdf": documents.report_pdf,
    "valve-tests.csv": documents.valve_tests_csv,
    "pieces-critiques.csv": documents.spare_parts_csv,
}
# What is shown before a film plays.
POSTERS: dict[str, Callable[[], bytes]] = {"nordet-fan.webm": films.fan_poster}
DATED: dict[str, Callable[[datetime], bytes]] = {"nordet-home07.csv": documents.home07_csv}


def names() -> set[str]:
    """Every file that a thread may attach."""
    return {*DRAWN, *DATED}


def make(name: str, *, now: datetime) -> bytes:
    """The bytes of an attachment."""
    return DATED[name](now) if name in DATED else DRAWN[name]()
