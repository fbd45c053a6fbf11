"""The keys that open a way in: what stands in the links of invitations.

Two kinds. A *secret* is made once, shown once and kept as its SHA-256: whoever holds the link may use it. A
*proof* is signed and made when a mail is sent, so that no secret waits in the job queue: whoever holds it has
read a mail to that address. Only a proof confirms an address; a copied link confirms nothing.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core import signing

from parvis.foundation.tenancy import current_organization_id
from parvis.people.models import Invitation

SALT = "parvis.people.invitation"
PROOF_DAYS = 3


@dataclass(frozen=True)
class Key:
    """What a link says: which invitation, if any, and which address its holder has proven to read."""

    invitation: Invitation | None
    proven_email: str | None


def new_secret() -> tuple[str, str]:
    """Return a new secret and what is kept of it."""
    secret = secrets.token_urlsafe(32)
    return secret, hash_of(secret)


def hash_of(secret: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def proof_for(email: str, invitation: Invitation | None) -> str:
    """Return the key of a mail to this address; renewing the invitation ends it."""
    payload = {"o": current_organization_id().hex, "e": email}
    if invitation is not None:
        payload |= {"i": invitation.id.hex, "v": invitation.token_hash[:16]}
    return signing.dumps(payload, salt=SALT)


def read_key(text: str) -> Key | None:
    """Return what a key says in the bound organization, None when it says nothing that holds."""
    if ":" not in text:
        invitation = Invitation.objects.filter(token_hash=hash_of(text)).first()
        return Key(invitation, None) if invitation is not None else None
    try:
        payload = signing.loads(text, salt=SALT)
        if payload["o"] != current_organization_id().hex:
            return None
        return _from_proof(text, payload)
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None


def _from_proof(text: str, payload: dict[str, Any]) -> Key | None:
    if "i" in payload:
        # An invitation says itself how long it holds.
        found = Invitation.objects.filter(pk=UUID(payload["i"]), token_hash__startswith=payload["v"]).first()
        return Key(found, payload["e"]) if found is not None else None
    signing.loads(text, salt=SALT, max_age=PROOF_DAYS * 24 * 3600)
    return Key(None, payload["e"])
