"""People, the organization, and who asks."""

from __future__ import annotations

from uuid import UUID

from ninja import Schema

from parvis.api.schemas.basics import Cursor


class PersonOut(Schema):
    """Somebody, as a byline shows them."""

    id: UUID
    full_name: str
    job_title: str = ""
    is_guest: bool = False
    url: str


class ProfileOut(PersonOut):
    """Somebody in the directory."""

    location: str = ""
    unit: str = ""
    skills: list[str] = []
    state: str


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
