"""Faces and logos."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.foundation.errors import Forbidden, Invalid
from parvis.foundation.files import derive_image, discard, store
from parvis.foundation.models import StoredFile
from parvis.people.actions.organizations import change_organization
from parvis.people.actions.profiles import update_profile
from parvis.people.models import Organization, Person
from parvis.people.policy import can


def set_picture(*, actor: Person, person: Person, source: Any, name: str, limit_bytes: int) -> None:
    """Give somebody a picture, or none; what was there before is removed."""
    if not (can(actor, "edit_profile", person) or can(actor, "administer", person.organization)):
        raise Forbidden
    with transaction.atomic():
        before = person.picture
        file = _stored(source, name, actor, "picture", limit_bytes)
        update_profile(actor=actor, person=person, picture=file)
        _discard(before)


def set_logo(*, actor: Person, organization: Organization, source: Any, name: str, limit_bytes: int) -> None:
    """Give the organization a logo, or none."""
    if not can(actor, "administer", organization):
        raise Forbidden
    with transaction.atomic():
        before = organization.logo
        file = _stored(source, name, actor, "logo", limit_bytes)
        change_organization(actor=actor, organization=organization, logo=file)
        _discard(before)


def _stored(source: Any, name: str, actor: Person, field: str, limit_bytes: int) -> StoredFile | None:
    if not source:
        return None
    file = store(source, name=name or field, created_by_id=actor.id, limit_bytes=limit_bytes)
    # What cannot be drawn is no picture, whatever its name says.
    if derive_image(file, "avatar") is None:
        discard(file)
        raise Invalid(
            {field: [_("This is not a picture that can be shown: use a JPEG, PNG, WebP or GIF file.")]}
        )
    return file


def _discard(file: StoredFile | None) -> None:
    if file is not None:
        discard(file)
