"""Make small Mattermost exports for tests."""

from __future__ import annotations

import json
from typing import Any

TEAM = {"name": "atelier", "display_name": "Atelier", "type": "O", "allow_open_invite": True}
OPEN = {"team": "atelier", "name": "kitchen", "display_name": "Kitchen", "type": "O", "purpose": "Who cooks"}
PRIVATE = {"team": "atelier", "name": "board", "display_name": "Board", "type": "P"}


def user(username: str, email: str = "", *channels: str, **more: Any) -> dict[str, Any]:
    """Return a user who is in these channels of the team, the first hosted by them."""
    places = [{"name": name, "roles": "channel_user"} for name in channels]
    teams = [{"name": "atelier", "roles": "team_user", "channels": places}]
    email = email or f"{username}@elsewhere.example"
    return {"username": username, "email": email, "first_name": username.title(), "teams": teams, **more}


def post(user: str, at: int, message: str = "hello", channel: str = "kitchen", **more: Any) -> dict[str, Any]:
    """Return a post in a channel, some seconds after the first of them all."""
    return {
        "type": "post",
        "post": {"team": "atelier", "channel": channel, **said(user, at, message, **more)},
    }


def direct(user: str, at: int, message: str, *members: str, **more: Any) -> dict[str, Any]:
    """Return a message of a conversation."""
    row = {"channel_members": list(members), **said(user, at, message, **more)}
    return {"type": "direct_post", "direct_post": row}


def said(user: str, at: int, message: str = "hello", **more: Any) -> dict[str, Any]:
    """Return what somebody said, also as a reply."""
    return {"user": user, "message": message, "create_at": 1_700_000_000_000 + at * 1000, **more}


def lines(*messages: dict[str, Any], users: list[dict[str, Any]], channels: Any = (OPEN, PRIVATE)) -> bytes:
    """Return the lines of an export."""
    rows: list[dict[str, Any]] = [{"type": "version", "version": 1}, {"type": "team", "team": TEAM}]
    rows += [{"type": "channel", "channel": channel} for channel in channels]
    rows += [{"type": "user", "user": user} for user in users]
    return "".join(json.dumps(row) + "\n" for row in [*rows, *messages]).encode()
