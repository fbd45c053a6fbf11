"""Shortcodes of emoji: ``:tada:`` → 🎉, and ``:party-parrot:`` where somebody has a picture of that name."""

import re
from dataclasses import dataclass
from functools import cache
from html import escape

from emoji import EMOJI_DATA, STATUS

SKIN_TONES = {f"skin-tone-{number}": tone for number, tone in zip(range(2, 7), "🏻🏼🏽🏾🏿", strict=True)}

SHORTCODE = re.compile(r":([a-z0-9_+\-'’]{1,60}):", re.IGNORECASE)
# What `picture_of` writes, after the sanitiser.
PICTURE = re.compile(
    r'(?:<picture><source [^>]*>)?<img class="emoji" [^>]*alt="([^"]*)"[^>]*>(?:</picture>)?'
)


@dataclass(frozen=True)
class EmojiTarget:
    """Where the picture of a name is; `still` stands for a moving one where motion is not wanted."""

    src: str
    still: str = ""


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


def unknown_codes(text: str) -> set[str]:
    """Return what is written like a shortcode and means no emoji of Unicode, in small letters."""
    if ":" not in text:
        return set()
    # Each colon may end one code and begin the next: looked at from every colon.
    found = (SHORTCODE.match(text, match.start()) for match in re.finditer(":", text))
    return {code for match in found if match and emoji_for(code := match[1].lower()) is None}


def picture_of(code: str, target: EmojiTarget) -> str:
    """Return the HTML of a picture that stands in a line of text, named as it was written."""
    name = escape(f":{code}:")
    image = f'<img class="emoji" src="{escape(target.src)}" alt="{name}" title="{name}" loading="lazy" decoding="async">'
    if not target.still:
        return image
    still = f'<source srcset="{escape(target.still)}" media="(prefers-reduced-motion: reduce)">'
    return f"<picture>{still}{image}</picture>"


def without_pictures(html: str) -> str:
    """Return HTML with the names of emoji for their pictures, for readers who are not signed in: mail, feeds."""
    return PICTURE.sub(lambda match: match[1], html)
