"""One turn of an upload: the bytes of one request, checked while they come.

Everything here blocks and is meant for a thread; the server moves the bytes (parvis/config/server/received_files.py).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections import OrderedDict
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from parvis.foundation.errors import Conflict, DomainError, Invalid, TooLarge
from parvis.foundation.files.storage import Busy, Misplaced, storage
from parvis.foundation.files.uploads import UploadGone, WrongChecksum

# The names of the tus checksum extension.
ALGORITHMS = ("sha1", "sha256")
# The GRANT_HEADER of an answer tells the server in front to let bytes in; it never leaves.
GRANT_HEADER = "X-Parvis-Receive"
_REMEMBERED_DIGESTS = 1000


class Taken(DomainError):
    """Two requests bring the same upload at once."""

    code = "upload_busy"
    status = 423
    default_message = _("This upload is being continued elsewhere.")


class Silent(DomainError):
    """Nothing came for a while; what came before is kept."""

    code = "upload_silent"
    status = 408
    default_message = _("Nothing arrived for a while. Please continue the upload.")


@dataclass(frozen=True)
class Checksum:
    """What the bytes of one request must add up to."""

    algorithm: str
    digest: bytes


@dataclass(frozen=True)
class Grant:
    """The permission to bring bytes: to which upload, from where, and how much at most."""

    organization_id: UUID
    upload_id: UUID
    offset: int
    size_bytes: int
    language: str
    checksum: Checksum | None = None

    def written(self) -> str:
        """Return the grant as a header carries it."""
        check = f"{self.checksum.algorithm} {self.checksum.digest.hex()}" if self.checksum else ""
        parts = (self.organization_id, self.upload_id, self.offset, self.size_bytes, self.language, check)
        return ";".join(map(str, parts))

    @classmethod
    def read(cls, text: str) -> Grant:
        """Return the grant that a header carries."""
        organization_id, upload_id, offset, size_bytes, language, check = text.split(";")
        algorithm, _gap, digest = check.partition(" ")
        checksum = Checksum(algorithm, bytes.fromhex(digest)) if check else None
        return cls(UUID(organization_id), UUID(upload_id), int(offset), int(size_bytes), language, checksum)


def read_checksum(header: str) -> Checksum | None:
    """Return what `Upload-Checksum` says, None when it says nothing; `Invalid` when we cannot check it."""
    if not header.strip():
        return None
    algorithm, _gap, digest = header.strip().partition(" ")
    if algorithm not in ALGORITHMS:
        raise Invalid({"Upload-Checksum": [", ".join(ALGORITHMS)]})
    try:
        return Checksum(algorithm, base64.b64decode(digest, validate=True))
    except ValueError as error:
        raise Invalid({"Upload-Checksum": [str(error)]}) from None


class Reception:
    """The bytes of one request on their way to the storage."""

    def __init__(self, grant: Grant) -> None:
        self.grant = grant
        self._left = grant.size_bytes - grant.offset
        self._check = hashlib.new(grant.checksum.algorithm) if grant.checksum else None
        self._digest = _remembered(grant)
        try:
            self._part = storage().open_part(
                grant.upload_id, grant.offset, is_checked=grant.checksum is not None
            )
        except FileNotFoundError:
            raise UploadGone from None
        except Busy:
            raise Taken from None
        except Misplaced:
            raise Conflict from None

    def write(self, chunk: bytes) -> None:
        """Add bytes; `TooLarge` beyond what was announced."""
        self._left -= len(chunk)
        if self._left < 0:
            raise TooLarge(limit_bytes=self.grant.size_bytes)
        self._part.write(chunk)
        for digest in (self._check, self._digest):
            if digest is not None:
                digest.update(chunk)

    def finish(self) -> int:
        """Keep what came, if it is what was sent; return where the upload stands."""
        checksum = self.grant.checksum
        if checksum and self._check and not hmac.compare_digest(self._check.digest(), checksum.digest):
            self._part.drop()
            raise WrongChecksum
        return self._keep()

    def interrupt(self) -> None:
        """The sender is gone: keep what came, unless only the whole could have been checked."""
        if self.grant.checksum:
            self._part.drop()
        else:
            self._keep()

    def drop(self) -> None:
        """Forget what came."""
        self._part.drop()

    @property
    def sha256(self) -> str | None:
        """The digest of the whole file so far, where this process saw all of it."""
        return self._digest.hexdigest() if self._digest is not None else None

    def _keep(self) -> int:
        offset = self._part.keep()
        if self._digest is not None and offset == self.grant.size_bytes - self._left:
            _digests[self.grant.upload_id] = (offset, self._digest)
            if len(_digests) > _REMEMBERED_DIGESTS:
                _digests.popitem(last=False)
        return offset


# How far each upload was counted in this process, so that a large file need not be read once more at its end.
_digests: OrderedDict[UUID, tuple[int, hashlib._Hash]] = OrderedDict()


def _remembered(grant: Grant) -> hashlib._Hash | None:
    offset, digest = _digests.pop(grant.upload_id, (0, hashlib.sha256()))
    return digest if offset == grant.offset else None
