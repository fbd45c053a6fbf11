from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from parvis.foundation.tenancy import organization_scope
from parvis.people.models import Organization


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    """The storage of one test, empty."""
    settings.MEDIA_ROOT = str(tmp_path / "data" / "files")
    return Path(settings.MEDIA_ROOT)


@pytest.fixture
def organization(db: None, folder: Path) -> Iterator[Organization]:
    """A bound organization."""
    organization = Organization.objects.create(slug="acme", name="Acme")
    with organization_scope(organization):
        yield organization
