"""A browser and its push service: keys of a subscription, what arrives decrypted, the sender's signature checked."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02
from py_vapid.utils import b64urldecode

from parvis.push.keys import public_key


def written(raw: bytes) -> str:
    """Return base64url as browsers write it."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Browser:
    """What a browser keeps of its subscription, and what it tells us."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.secret = os.urandom(16)

    @property
    def keys(self) -> dict[str, str]:
        point = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"p256dh": written(point), "auth": written(self.secret)}

    def read(self, body: bytes) -> dict[str, Any]:
        """Decrypt a message as the browser does (RFC 8291)."""
        content = http_ece.decrypt(body, private_key=self.private, auth_secret=self.secret)
        message: dict[str, Any] = json.loads(content)
        return message


@dataclass
class Received:
    """One request to the push service."""

    headers: Mapping[str, str]
    body: bytes


def received(request: bytes) -> Received:
    """Take a request apart."""
    head, _end, body = request.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")[1:]
    return Received(
        {name.lower(): value for name, _colon, value in (line.partition(": ") for line in lines)}, body
    )


def claims_of(sent: Received, endpoint: str) -> dict[str, Any]:
    """Check the signature as a push service does (RFC 8292), and return what was claimed."""
    authorization = sent.headers["authorization"]
    assert Vapid02.verify(authorization)
    token, key = (part.split("=", 1)[1] for part in authorization.removeprefix("vapid ").split(","))
    assert key == public_key()
    claims: dict[str, Any] = json.loads(b64urldecode(token.split(".")[1].encode()))
    parts = urlsplit(endpoint)
    assert claims["aud"] == f"{parts.scheme}://{parts.netloc}"
    return claims
