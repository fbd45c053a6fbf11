"""Whether anything is left to migrate is told by names alone, and rightly."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest

from parvis.config import migrating
from parvis.foundation.settings import Settings, WrongSetting

pytestmark = pytest.mark.django_db


def test_a_database_of_this_version_is_known_without_loading_a_migration(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never(*_arguments: Any) -> None:
        raise AssertionError("the migrations were loaded")

    monkeypatch.setattr(migrating, "MigrationExecutor", never)
    assert migrating.is_current()


def test_a_migration_that_is_not_applied_makes_django_look(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = pkgutil.iter_modules

    def with_another(path: Any) -> Iterator[pkgutil.ModuleInfo]:
        found = list(listed(path))
        return iter([*found, pkgutil.ModuleInfo(found[0][0], "0999_new", False)] if found else [])

    monkeypatch.setattr(migrating.pkgutil, "iter_modules", with_another)
    assert not migrating._all_are_applied()


def test_a_command_makes_an_embedded_database_ready_and_leaves_an_external_one_to_its_operator(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    migrated: list[Settings] = []
    monkeypatch.setattr(migrating, "is_current", lambda: False)
    monkeypatch.setattr(migrating, "migrate", migrated.append)
    migrating.make_current(settings.PARVIS)
    assert migrated == [settings.PARVIS]
    with pytest.raises(WrongSetting, match="parvis migrate"):
        migrating.require_current()
