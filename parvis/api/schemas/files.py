"""Uploads, and files of entries."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import Field, StrictBool

from parvis.api.schemas.basics import Input


class FileOut(Schema):
    """A stored file."""

    id: UUID
    name: str
    media_type: str
    size_bytes: int
    width: int | None
    height: int | None
    duration_ms: int | None = None
    url: str


class UploadOut(Schema):
    """A file on its way in."""

    id: UUID
    name: str
    size_bytes: int
    offset_bytes: int
    expires_at: datetime
    file: FileOut | None = Field(description="What it became, once it is whole.")


class AttachmentOut(FileOut):
    """A file shown with an entry."""

    alternative_text: str = ""
    is_decorative: bool = False
    poster_url: str | None = Field(None, description="Of a film: what is shown before it plays.")
    captions_url: str | None = Field(None, description="Of a film: what is said in it, as WebVTT.")


class AttachmentIn(Input):
    """A file uploaded before, to attach."""

    id: UUID
    alternative_text: Annotated[
        str, Field(max_length=500, description="For people who cannot see the image.")
    ] = ""
    is_decorative: StrictBool = False
    poster: UUID | None = Field(None, description="A picture uploaded before, for a film.")
    captions: UUID | None = Field(None, description="A WebVTT file uploaded before, for a film.")
