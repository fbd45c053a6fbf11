"""What a program does in Parvis, with the names of the API."""

from __future__ import annotations

import json
import mimetypes
import os
import secrets
import time
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit
from uuid import UUID

from parvis_client.transport import Answer, Transport

Id = UUID | str
Item = dict[str, Any]
API = "/api/v1"


class Parvis:
    """An installation of Parvis, as one token may use it."""

    def __init__(
        self,
        url: str,
        *,
        token: str,
        organization: str = "",
        language: str = "",
        timeout_seconds: float = 30.0,
        attempts: int = 4,
    ) -> None:
        """Name the installation; a token belongs to one organization, which need not be named."""
        if urlsplit(url).scheme not in {"http", "https"}:
            raise ValueError("the address begins with https:// (or http:// on one's own machine)")
        headers = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/json",
            "User-Agent": "parvis-client",
        }
        if organization:
            headers["X-Parvis-Organization"] = organization
        if language:
            headers["Accept-Language"] = language
        self.url = url.rstrip("/")
        self._token = token
        self._transport = Transport(
            self.url + API, headers, timeout_seconds=timeout_seconds, attempts=max(attempts, 1)
        )

    # Reading ------------------------------------------------------------------------------------------
    def me(self) -> Item:
        """Return who the token acts for."""
        return self._get("/me")

    def feed(self, *, scope: str = "mine", page_size: int = 50) -> Iterator[Item]:
        """Walk through the threads that concern me, or with `scope="all"` all that I may read."""
        return self._pages("/feed", scope=scope, limit=page_size)

    def spaces(self, *, page_size: int = 100) -> Iterator[Item]:
        """Walk through the spaces that I may know of."""
        return self._pages("/spaces", limit=page_size)

    def space(self, space_id: Id) -> Item:
        """Return one space."""
        return self._get(f"/spaces/{space_id}")

    def members(self, space_id: Id, *, page_size: int = 100) -> Iterator[Item]:
        """Walk through who is in a space."""
        return self._pages(f"/spaces/{space_id}/members", limit=page_size)

    def entries(self, space_id: Id, *, page_size: int = 50) -> Iterator[Item]:
        """Walk through the threads of a space."""
        return self._pages(f"/spaces/{space_id}/entries", limit=page_size)

    def entry(self, entry_id: Id) -> Item:
        """Return one entry."""
        return self._get(f"/entries/{entry_id}")

    def replies(self, entry_id: Id, *, page_size: int = 100) -> Iterator[Item]:
        """Walk through the replies of a thread, by any of its entries, in the server's order."""
        return self._pages(f"/entries/{entry_id}/thread", limit=page_size)

    def people(self, search: str = "", *, page_size: int = 100) -> Iterator[Item]:
        """Walk through the directory."""
        return self._pages("/people", q=search, limit=page_size)

    def notifications(self, *, unread: bool = False, page_size: int = 50) -> Iterator[Item]:
        """Walk through the inbox."""
        return self._pages("/notifications", unread=str(unread).lower(), limit=page_size)

    def search(self, text: str, *, kind: str = "", space: Id | None = None, limit: int = 20) -> Item:
        """Return entries, people and spaces that I may read, the best first."""
        return self._get("/search", q=text, kind=kind, space=space, limit=limit)

    # Writing ------------------------------------------------------------------------------------------
    def publish(
        self,
        *,
        space: Id,
        body: str,
        title: str = "",
        kind: str = "post",
        attachments: Sequence[Item] = (),
        urgent_reason: str = "",
        id: Id | None = None,
    ) -> Item:
        """Start a thread. It has an id before it is sent, so that a retry after a cut creates nothing twice.

        `urgent_reason` says to those whom it names why it may not wait for their working time; it counts.
        """
        payload = {
            "id": str(id or new_id()), "space": str(space), "kind": kind, "title": title, "body": body,
            "attachments": list(attachments), "urgent_reason": urgent_reason,
        }  # fmt: skip
        return self._send("POST", "/entries", payload)

    def reply(
        self,
        to: Id,
        body: str,
        *,
        attachments: Sequence[Item] = (),
        urgent_reason: str = "",
        id: Id | None = None,
    ) -> Item:
        """Answer an entry; like `publish`, once."""
        payload = {
            "id": str(id or new_id()), "body": body, "attachments": list(attachments),
            "urgent_reason": urgent_reason,
        }  # fmt: skip
        return self._send("POST", f"/entries/{to}/replies", payload)

    def edit(self, entry: Item, *, title: str | None = None, body: str | None = None) -> Item:
        """Change an entry that was read; `Conflict` with the current one when somebody was faster."""
        changes = {name: value for name, value in (("title", title), ("body", body)) if value is not None}
        # A second attempt would meet the first one's version.
        return self._send(
            "PATCH", f"/entries/{entry['id']}", {"version": entry["version"], **changes}, is_repeatable=False
        )

    def delete(self, entry_id: Id, *, version: int | None = None) -> None:
        """Leave a tombstone; with `version` only while it is still that one (`ChangedSince` otherwise)."""
        headers = {"If-Match": f'"{version}"'} if version is not None else {}
        self._transport.call("DELETE", f"/entries/{entry_id}", headers=headers, is_repeatable=False)

    def drafts(self) -> list[Item]:
        """Return my drafts and the posts that wait for their hour."""
        return list(self._get("/drafts")["items"])

    def write_draft(
        self,
        *,
        space: Id,
        body: str,
        title: str = "",
        publish_at: datetime | None = None,
        id: Id | None = None,
        **more: Any,
    ) -> Item:
        """Keep a post that nobody sees; with `publish_at`, which knows its time zone, it publishes itself then."""
        hour = publish_at.isoformat() if publish_at is not None else None
        payload = {"id": str(id or new_id()), "space": str(space), "title": title, "body": body}
        return self._send("POST", "/drafts", {**payload, "publish_at": hour, **more})

    def publish_draft(self, draft_id: Id) -> Item:
        """Publish a draft, or a scheduled post before its hour, under the same id."""
        return self._send("POST", f"/drafts/{draft_id}/publication", {}, is_repeatable=False)

    def discard_draft(self, draft_id: Id) -> None:
        """Throw a draft away."""
        self._transport.call("DELETE", f"/drafts/{draft_id}")

    def emoji(self) -> list[Item]:
        """Return the organization's own emoji."""
        return list(self._get("/emoji")["items"])

    def react(self, entry_id: Id, emoji: str) -> None:
        """Put an emoji on an entry: a character, or a name such as `:tada:` or one of the organization's own."""
        self._transport.call("PUT", f"/entries/{entry_id}/reactions/{quote(emoji, safe='')}")

    def take_back_reaction(self, entry_id: Id, emoji: str) -> None:
        """Take an emoji off an entry."""
        self._transport.call("DELETE", f"/entries/{entry_id}/reactions/{quote(emoji, safe='')}")

    def create_space(self, *, name: str, kind: str = "network", **fields: Any) -> Item:
        """Open a space."""
        return self._send("POST", "/spaces", {"kind": kind, "name": name, **fields}, is_repeatable=False)

    def upload(self, file: str | os.PathLike[str], *, name: str = "") -> Item:
        """Store a file; attach it with `attachments=[{"id": stored["id"]}]`."""
        path = Path(file)
        body, content_type = _multipart(name or path.name, path.read_bytes())
        headers = {"Content-Type": content_type}
        return self._item(
            self._transport.call("POST", "/files", body=body, headers=headers, is_repeatable=False)
        )

    # Attention and time -------------------------------------------------------------------------------
    def working_time(self) -> Item:
        """Return when I may be reached, my leave, and what I may still mark as urgent this month."""
        return self._get("/working-time")

    def take_leave(self, first_day: date, last_day: date | None = None) -> Item:
        """Let nothing reach me on these days; nobody is told why."""
        days = {"first_day": first_day.isoformat(), "last_day": (last_day or first_day).isoformat()}
        return self._send("POST", "/working-time/leave", days, is_repeatable=False)

    def put_off(self, notification_id: Id, until: datetime) -> Item:
        """Take a line out of the inbox until then; it comes back by itself."""
        return self._send("PUT", f"/notifications/{notification_id}/snooze", {"until": until.isoformat()})

    def pauses(self) -> list[Item]:
        """Return what is silent for me."""
        return list(self._get("/notifications/pauses")["items"])

    def pause(self, until: datetime, *, entry: Id | None = None, space: Id | None = None) -> Item:
        """Silence a conversation, a space, or with neither everything, until then."""
        named = {name: str(id) for name, id in (("entry", entry), ("space", space)) if id is not None}
        return self._send("POST", "/notifications/pauses", {"until": until.isoformat(), **named})

    def end_pause(self, pause_id: Id) -> None:
        """Hear again before the time."""
        self._transport.call("DELETE", f"/notifications/pauses/{pause_id}", is_repeatable=False)

    # Webhooks -----------------------------------------------------------------------------------------
    def webhooks(self) -> list[Item]:
        """Return the webhooks that I manage."""
        return list(self._get("/webhooks")["items"])

    def register_webhook(
        self, *, name: str, url: str, events: Sequence[str], space: Id | None = None
    ) -> Item:
        """Tell an address of events; `secret` in the answer is shown this once."""
        payload = {
            "name": name,
            "url": url,
            "events": list(events),
            "space_id": str(space) if space else None,
        }
        return self._send("POST", "/webhooks", payload, is_repeatable=False)

    def remove_webhook(self, webhook_id: Id) -> None:
        """Tell it nothing any more."""
        self._transport.call("DELETE", f"/webhooks/{webhook_id}", is_repeatable=False)

    def deliveries(self, webhook_id: Id, *, page_size: int = 50) -> Iterator[Item]:
        """Walk through the log of a webhook."""
        return self._pages(f"/webhooks/{webhook_id}/deliveries", limit=page_size)

    # Live ---------------------------------------------------------------------------------------------
    def live(self, *topics: str, since: str = "") -> Iterator[Item]:
        """Hear that something changed, as it does; needs `pip install parvis-client[live]`.

        Keep `position` of what you have handled and give it as `since` to miss nothing. See docs/api/live.md.
        """
        from websockets.sync.client import connect

        address = "ws" + self.url.removeprefix("http") + API + "/live"
        wanted: dict[str, Any] = {"subscribe": list(topics or ("home", "inbox"))}
        if since:
            wanted["since"] = since
        with connect(address, additional_headers={"Authorization": f"Bearer {self._token}"}) as socket:
            socket.send(json.dumps(wanted))
            for text in socket:
                yield json.loads(text)

    # Inside -------------------------------------------------------------------------------------------
    def _get(self, path: str, **query: Any) -> Item:
        return self._item(self._transport.call("GET", path + _query(query)))

    def _send(self, method: str, path: str, payload: Item, *, is_repeatable: bool = True) -> Item:
        headers = {"Content-Type": "application/json"}
        body = json.dumps(payload).encode()
        return self._item(
            self._transport.call(method, path, body=body, headers=headers, is_repeatable=is_repeatable)
        )

    def _pages(self, path: str, **query: Any) -> Iterator[Item]:
        cursor = ""
        while True:
            page = self._get(path, **query, cursor=cursor)
            yield from page["items"]
            cursor = page["next"]
            if not cursor:
                return

    @staticmethod
    def _item(answer: Answer) -> Item:
        item: Item = answer.json()
        return item


def new_id() -> UUID:
    """Return a UUIDv7: ordered by time, as the server likes them."""
    milliseconds = time.time_ns() // 1_000_000
    number = (milliseconds << 80) | secrets.randbits(80)
    number = number & ~(0xF << 76) | (0x7 << 76)
    return UUID(int=number & ~(0x3 << 62) | (0x2 << 62))


def _query(query: Item) -> str:
    given = {name: str(value) for name, value in query.items() if value not in (None, "")}
    return f"?{urlencode(given)}" if given else ""


def _multipart(name: str, content: bytes) -> tuple[bytes, str]:
    boundary = secrets.token_hex(16)
    shown = name.replace('"', "'").replace("\r", " ").replace("\n", " ")
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{shown}"\r\n'
        f"Content-Type: {media_type}\r\n\r\n"
    )
    return (
        head.encode() + content + f"\r\n--{boundary}--\r\n".encode(),
        f"multipart/form-data; boundary={boundary}",
    )
