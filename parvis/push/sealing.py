"""Messages that one browser alone can read (RFC 8291): its push service carries them and learns their size."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

# Push services take 4,096 bytes at least, keys and all.
LIMIT = 3_800
# Sizes say little when they come in steps.
STEP = 256


def sealed(payload: Mapping[str, Any], *, p256dh: str, auth: str) -> bytes:
    """Return the encrypted body of a message, in one record (`aes128gcm`)."""
    import http_ece
    from cryptography.hazmat.primitives.asymmetric import ec

    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    if len(text) > LIMIT:
        raise ValueError("the message is too long for a push service")
    padded = text.ljust(-(-len(text) // STEP) * STEP)
    # A pair of keys for this message alone.
    own = ec.generate_private_key(ec.SECP256R1())
    body: bytes = http_ece.encrypt(padded, private_key=own, dh=decoded(p256dh), auth_secret=decoded(auth))
    return body


def decoded(text: str) -> bytes:
    """Return the bytes of what a browser wrote in base64url; ValueError for anything else."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("this is not base64url") from error


def are_keys(*, p256dh: str, auth: str) -> bool:
    """Tell whether these are a public key on the curve and a secret of the right length."""
    from cryptography.hazmat.primitives.asymmetric import ec

    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(p256dh))
        return len(decoded(auth)) == 16
    except ValueError:
        return False
