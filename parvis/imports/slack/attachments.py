"""What hangs below a message: a robot's message proper, another message that is shown, or a link's preview."""

from __future__ import annotations

from typing import Any

from parvis.imports import markdown
from parvis.imports.markdown import References
from parvis.imports.slack import blocks, mrkdwn
from parvis.imports.slack.links import Directory, address
from parvis.imports.source import LeftOutTally

Attachment = dict[str, Any]


def to_markdown(
    attachments: object, directory: Directory, references: References, left_out: LeftOutTally
) -> str:
    """Return the Markdown of what hangs below a message; previews of links are made anew, so they stay behind."""
    written = []
    for attachment in attachments if isinstance(attachments, list) else []:
        if not isinstance(attachment, dict):
            continue
        if _is_preview(attachment):
            left_out.add("slack-preview", _text(attachment, "title"))
            continue
        written.append(_attachment(attachment, directory, references))
    return "\n\n".join(part for part in written if part)


def _is_preview(attachment: Attachment) -> bool:
    shows_message = (
        attachment.get("is_msg_unfurl") or attachment.get("is_share") or "channel_id" in attachment
    )
    return bool(attachment.get("from_url") or attachment.get("original_url")) and not shows_message


def _text(attachment: Attachment, key: str) -> str:
    value = attachment.get(key)
    return markdown.clean(value) if isinstance(value, str) else ""


def _attachment(attachment: Attachment, directory: Directory, references: References) -> str:
    def formatted(key: str) -> str:
        return mrkdwn.to_markdown(_text(attachment, key), directory, references)

    quoted = [
        markdown.escape(_text(attachment, "author_name")),
        _title(attachment, directory, references),
        _body(attachment, directory, references),
        *_fields(attachment, directory, references),
        _image(attachment),
        formatted("footer"),
    ]
    if attachment.get("from_url"):
        quoted.append(address(_text(attachment, "from_url"), "", directory, references))
    inside = "\n\n".join(part for part in quoted if part) or markdown.escape(
        mrkdwn.plain(_text(attachment, "fallback"))
    )
    pretext = formatted("pretext")
    return "\n\n".join(part for part in (pretext, markdown.blockquote(inside) if inside else "") if part)


def _title(attachment: Attachment, directory: Directory, references: References) -> str:
    title, url = mrkdwn.plain(_text(attachment, "title")), _text(attachment, "title_link")
    if url:
        return address(url, title, directory, references)
    return f"**{markdown.escape(title)}**" if title else ""


def _body(attachment: Attachment, directory: Directory, references: References) -> str:
    if text := _text(attachment, "text"):
        return mrkdwn.to_markdown(text, directory, references)
    found = attachment.get("blocks")
    return blocks.to_markdown(found, directory, references) if isinstance(found, list) else ""


def _fields(attachment: Attachment, directory: Directory, references: References) -> list[str]:
    fields = attachment.get("fields")
    written = []
    for field in fields if isinstance(fields, list) else []:
        if isinstance(field, dict):
            title = markdown.escape(mrkdwn.plain(_text(field, "title")))
            value = mrkdwn.to_markdown(_text(field, "value"), directory, references)
            written.append(f"**{title}**\n{value}" if title else value)
    return written


def _image(attachment: Attachment) -> str:
    url = _text(attachment, "image_url")
    return markdown.link(url) if url else ""
