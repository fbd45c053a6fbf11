"""What the words of a portrait say."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from parvis.demo.portraits.sheet import Colour

SKINS = ("#f6d9c4", "#efc7a8", "#e2ae88", "#cf9770", "#b97f58", "#98623f", "#774a31", "#573526")


HAIRS = {
    "black": "#23201f",
    "darkbrown": "#3d2b23",
    "brown": "#674632",
    "auburn": "#8a4330",
    "red": "#b9582c",
    "blond": "#d9ae66",
    "grey": "#9b9a9c",
    "salt": "#6f6c6d",
    "white": "#dfdcd8",
    "navy": "#26406b",
    "teal": "#1f7a7a",
    "saffron": "#e0a02e",
}


CLOTHES = {
    "navy": "#26406b",
    "forest": "#2f5d4a",
    "plum": "#6b3a62",
    "teal": "#1f7a7a",
    "saffron": "#dd9a26",
    "coral": "#de6b55",
    "charcoal": "#3a3f47",
    "sky": "#7fb0d3",
    "white": "#f2f1ee",
    "wine": "#7d2d3f",
    "orange": "#ec7a2b",
    "lime": "#c3d92f",
    "lilac": "#a48cc4",
}


GROUNDS = {
    "sand": "#ecdcc2",
    "slate": "#b8c4d0",
    "mint": "#bfe0d0",
    "peach": "#f6cdb5",
    "lilac": "#d6cbe8",
    "sky": "#bfdcef",
    "rose": "#f1c6cd",
    "saffron": "#f5d893",
    "teal": "#9fd0cd",
    "forest": "#a9c7b0",
    "wine": "#dcb3bc",
    "coral": "#f4b9a9",
    "lime": "#dbe6a6",
    "night": "#8c9cc4",
}


@dataclass(frozen=True, kw_only=True)
class Look:
    """What the words of a portrait say."""

    skin: Colour
    hair: str
    hair_colour: Colour
    beard: str
    beard_colour: Colour
    top: str
    top_colour: Colour
    ground: Colour
    glasses: str
    mouth: str
    age: int
    feminine: bool
    earrings: bool
    width: float
    length: float
    eyes: float


def read_look(words: str, *, seed: str) -> Look:
    """Turn words into a Look; small differences of proportion come from the seed."""
    parts = dict(word.partition("=")[::2] for word in words.split())
    hair, _, hair_name = parts["hair"].partition(":")
    beard, _, beard_name = parts.get("beard", "none").partition(":")
    top, _, top_name = parts["top"].partition(":")
    chance = zlib.crc32(seed.encode())
    feminine = "fem" in parts
    return Look(
        skin=rgb(SKINS[int(parts["skin"]) - 1]),
        hair=hair,
        hair_colour=rgb(HAIRS[hair_name]),
        beard=beard,
        beard_colour=rgb(HAIRS[beard_name or hair_name]),
        top=top,
        top_colour=rgb(CLOTHES[top_name]),
        ground=rgb(GROUNDS[parts["bg"]]),
        glasses=parts.get("glasses", "none"),
        mouth=parts.get("mouth", "smile"),
        age=int(parts.get("age", 35)),
        feminine=feminine,
        earrings="earrings" in parts,
        width=(0.95 if feminine else 1.0) + (chance % 7 - 3) * 0.012,
        length=1.0 + (chance // 7 % 7 - 3) * 0.012,
        eyes=1.0 + (chance // 49 % 5 - 2) * 0.03,
    )


def rgb(code: str) -> Colour:
    return (int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16))
