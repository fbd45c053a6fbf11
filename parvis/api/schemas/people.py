"""People, the organization, and who asks."""

from __future__ import annotations

from uuid import UUID

from ninja import Schema
from pydantic import Field

from parvis.api.schemas.basics import Cursor


class PersonBrief(Schema):
    """Somebody by name."""

    id: UUID
    full_name: str


class PersonOut(PersonBrief):
    """Somebody, as a byline shows them."""

    job_title: str = ""
    is_guest: bool = False
    url: str


class ProfileOut(PersonOut):
    """Somebody in the directory."""

    location: str = ""
    unit: str = ""
    skills: list[str] = []
    state: str


class WholeProfileOut(ProfileOut):
    """Somebody, as their profile shows them."""

    bio: str = Field("", description="Markdown.")
    phone: str = ""
    time_zone: str = ""
    manager: PersonOut | None = None
    is_followed: bool = False


class OrganizationOut(Schema):
    """An organization."""

    id: UUID
    slug: str
    name: str


class MeOut(ProfileOut):
    """The caller."""

    email: str
    language: str
    time_zone: str
    is_administrator: bool
    is_moderator: bool
    organization: OrganizationOut
    scopes: list[str]


class ProfilePage(Schema):
    """People."""

    items: list[ProfileOut]
    next: Cursor
