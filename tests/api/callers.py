"""A program with one token."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from parvis.api.tokens import create_token
from tests.world import World


class Caller:
    """Calls the API as somebody of the cast, with a token of their own."""

    def __init__(self, world: World, name: str, scopes: tuple[str, ...] = ("read", "write")) -> None:
        with world.bound():
            self.token, self.secret = create_token(person=getattr(world, name), name="test", scopes=scopes)
        self.client = Client(SERVER_NAME="localhost", raise_request_exception=False)

    def __call__(self, method: str, path: str, data: Any = None, **headers: str) -> Any:
        return self.client.generic(
            method,
            path if path.startswith("/o/") else f"/api/v1{path}",
            json.dumps(data) if data is not None else b"",
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.secret}", **headers},
        )
