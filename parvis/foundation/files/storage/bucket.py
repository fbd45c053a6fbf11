"""Which bucket of which S3 store, as the settings say."""

from __future__ import annotations

from dataclasses import dataclass

from parvis.foundation.settings import Settings


@dataclass(frozen=True)
class Bucket:
    """Where the bucket is, and who may use it."""

    name: str
    endpoint: str | None = None
    region: str = "us-east-1"
    key: str | None = None
    secret: str | None = None
    prefix: str = ""


def bucket_of(chosen: Settings) -> Bucket | None:
    """Return the bucket that was chosen, None where files lie on this machine."""
    if chosen.files_s3_bucket is None:
        return None
    prefix = chosen.files_s3_prefix.strip("/")
    return Bucket(
        chosen.files_s3_bucket,
        chosen.files_s3_endpoint,
        chosen.files_s3_region,
        chosen.files_s3_key,
        chosen.files_s3_secret,
        f"{prefix}/" if prefix else "",
    )
