"""Shortcodes of emoji: ``:tada:`` → 🎉."""

from functools import cache

from emoji import EMOJI_DATA, STATUS

SKIN_TONES = {f"skin-tone-{number}": tone for number, tone in zip(range(2, 7), "🏻🏼🏽🏾🏿", strict=True)}


@cache
def _shortcodes() -> dict[str, str]:
    """Names in English and their aliases (those of GitHub, Slack and Discord) → the fully qualified emoji."""
    codes: dict[str, str] = dict(SKIN_TONES)
    for character, data in EMOJI_DATA.items():
        if data["status"] <= STATUS["fully_qualified"]:
            for name in (data["en"], *data.get("alias", ())):
                codes.setdefault(name.strip(":").lower(), character)
    return codes


def emoji_for(shortcode: str) -> str | None:
    """The emoji of a shortcode without its colons, or None."""
    return _shortcodes().get(shortcode.lower())
