from __future__ import annotations

import pathlib

import pytest

from parvis.config import dumps
from parvis.foundation.settings import Settings


def test_a_dump_that_was_cut_off_is_no_dump_and_goes_with_the_next(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dumps, "_address", lambda settings: {})
    monkeypatch.setattr(dumps, "_program", lambda settings, address, name: name)
    monkeypatch.setattr(dumps, "_run", _cut_off)
    with pytest.raises(KeyboardInterrupt):
        dumps.dump(Settings(), tmp_path / "before-1.dump")
    assert [file.name for file in tmp_path.iterdir()] == [".before-1.dump.part"]
    monkeypatch.setattr(dumps, "_run", lambda *args, **options: "")
    dumps.dump(Settings(), tmp_path / "before-2.dump")
    assert [file.name for file in tmp_path.iterdir()] == ["before-2.dump"]


def _cut_off(*args: object, **options: object) -> str:
    raise KeyboardInterrupt
