"""Slack's blocks, as Markdown: the rich text that people write, and the layout of robots."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from parvis.imports import emoji, markdown
from parvis.imports.markdown import References
from parvis.imports.slack import mrkdwn
from parvis.imports.slack.links import Directory, address, broadcast

Block = dict[str, Any]


def to_markdown(blocks: list[Block], directory: Directory, references: References) -> str:
    """Return the Markdown of a message's blocks; empty when they hold nothing that can be read."""
    written = (_block(block, directory, references) for block in _dicts(blocks))
    return "\n\n".join(part for part in written if part.strip())


def _dicts(values: object) -> Iterator[Block]:
    if isinstance(values, list):
        yield from (value for value in values if isinstance(value, dict))


def _text(value: object) -> str:
    return markdown.clean(value) if isinstance(value, str) else ""


def _block(block: Block, directory: Directory, references: References) -> str:
    match block.get("type"):
        case "rich_text":
            parts = (_rich(part, directory, references) for part in _dicts(block.get("elements")))
            return "\n\n".join(part for part in parts if part.strip())
        case "section":
            texts = [block.get("text"), *_dicts(block.get("fields"))]
            return "\n\n".join(filter(None, (_text_object(text, directory, references) for text in texts)))
        case "header":
            title = _text_object(block.get("text"), directory, references)
            return f"**{title}**" if title else ""
        case "context":
            elements = _dicts(block.get("elements"))
            return " ".join(filter(None, (_text_object(text, directory, references) for text in elements)))
        case "divider":
            return "* * *"
        case "image":
            label = _text(block.get("alt_text")) or _text(block.get("image_url"))
            return markdown.link(_text(block.get("image_url")), label)
        case _:
            return ""


def _text_object(text: object, directory: Directory, references: References) -> str:
    if not isinstance(text, dict):
        return ""
    if text.get("type") == "mrkdwn":
        return mrkdwn.to_markdown(_text(text.get("text")), directory, references)
    if text.get("type") == "plain_text":
        return markdown.escape(emoji.in_text(_text(text.get("text"))))
    return ""


def _rich(part: Block, directory: Directory, references: References) -> str:
    match part.get("type"):
        case "rich_text_section":
            return _line(part, directory, references).strip("\n")
        case "rich_text_quote":
            return markdown.blockquote(_line(part, directory, references).strip("\n"))
        case "rich_text_preformatted":
            return markdown.code_block("".join(_plain(element) for element in _dicts(part.get("elements"))))
        case "rich_text_list":
            return _list(part, directory, references)
        case _:
            return ""


def _list(part: Block, directory: Directory, references: References) -> str:
    level, offset = (_small(part.get(key)) for key in ("indent", "offset"))
    ordered = part.get("style") == "ordered"
    items = []
    for position, item in enumerate(_dicts(part.get("elements")), start=offset + 1):
        bullet = f"{position}." if ordered else "-"
        text = _line(item, directory, references).strip("\n").replace("\n", "\n" + " " * (4 * level + 3))
        items.append(f"{' ' * 4 * level}{bullet} {text}")
    return "\n".join(items)


def _small(value: object) -> int:
    return min(max(value, 0), 8) if isinstance(value, int) else 0


def _line(part: Block, directory: Directory, references: References) -> str:
    return "".join(_element(element, directory, references) for element in _dicts(part.get("elements")))


def _element(element: Block, directory: Directory, references: References) -> str:
    match element.get("type"):
        case "text":
            written = _styled(_text(element.get("text")), element)
        case "link":
            label = _text(element.get("text"))
            written = address(_text(element.get("url")), label, directory, references)
        case "user":
            written = directory.person(_text(element.get("user_id")), "", references)
        case "channel":
            written = directory.space(_text(element.get("channel_id")), "", references)
        case "usergroup":
            written = markdown.escape(f"@{_text(element.get('usergroup_id'))}")
        case "broadcast":
            written = broadcast(_text(element.get("range")))
        case "emoji":
            written = _emoji(element)
        case "date":
            written = markdown.escape(_text(element.get("fallback")))
        case "color":
            written = markdown.code_span(_text(element.get("value"))) if element.get("value") else ""
        case _:
            written = ""
    return written


def _emoji(element: Block) -> str:
    name, tone = _text(element.get("name")), element.get("skin_tone")
    found = emoji.character(name, str(tone) if tone in {2, 3, 4, 5, 6} else None)
    return found or markdown.escape(f":{name}:")


def _plain(element: Block) -> str:
    return _text(element.get("text")) or _text(element.get("url"))


def _styled(text: str, element: Block) -> str:
    style = element.get("style")
    if not isinstance(style, dict) or not text.strip():
        return markdown.escape(text)
    if style.get("code"):
        return markdown.code_span(text)
    # Markdown wants its marks next to letters, Slack allows spaces inside.
    core = text.strip()
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    marks = [mark for name, mark in (("strike", "~~"), ("bold", "**"), ("italic", "*")) if style.get(name)]
    written = "\n".join(_marked(line, marks) for line in core.split("\n"))
    return f"{before}{written}{after}"


def _marked(line: str, marks: list[str]) -> str:
    if not line.strip():
        return ""
    return "".join(marks) + markdown.escape(line.strip()) + "".join(reversed(marks))
