"""The key by which push services know this installation: a pair on P-256 (VAPID, RFC 8292).

It is derived from the installation's secret key, so that several machines that share that one share this one,
and a backup brings it along; `PARVIS_VAPID_PRIVATE_KEY` names another. With a new key browsers subscribe anew,
by themselves, when they next open a page.
"""

from __future__ import annotations

import base64
import hmac
from email.utils import parseaddr
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

# The order of the curve's group: private keys are numbers below it.
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def public_key() -> str:
    """Return the public key as browsers want it to subscribe: 65 bytes in base64url."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    point = signer().public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def authorization(endpoint: str, *, expires_at: int) -> str:
    """Return the header that tells a push service who sends; it serves for that service alone."""
    parts = urlsplit(endpoint)
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": expires_at, "sub": _contact()}
    header: str = signer().sign(claims)["Authorization"]
    return header


def signer() -> Any:
    """Return what signs."""
    return _signer(settings.PARVIS.vapid_private_key, settings.SECRET_KEY)


@lru_cache(maxsize=2)
def _signer(named: str | None, secret_key: str) -> Any:
    # Loaded when somebody is called for the first time.
    from cryptography.hazmat.primitives.asymmetric import ec
    from py_vapid import Vapid02

    number = int.from_bytes(_bytes(named), "big") if named else _derived(secret_key)
    return Vapid02(ec.derive_private_key(number, ec.SECP256R1()))


def _derived(secret_key: str) -> int:
    digest = hmac.digest(secret_key.encode(), b"parvis push vapid 1", "sha512")
    return int.from_bytes(digest, "big") % (ORDER - 1) + 1


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _contact() -> str:
    """Return whom a push service may write to about what we send."""
    base = urlsplit(settings.BASE_URL)
    if base.scheme == "https":
        return f"https://{base.hostname}"
    return f"mailto:{parseaddr(settings.PARVIS.mail_from)[1] or 'parvis@localhost'}"
