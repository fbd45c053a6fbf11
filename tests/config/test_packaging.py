"""What is installed is what is declared, pinned by hash, from no named host."""

from __future__ import annotations

import pathlib
import re
import tomllib

import pytest

from parvis import __version__

ROOT = pathlib.Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def requirements(name: str) -> list[str]:
    lines = (ROOT / "requirements" / name).read_text().splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def test_the_package_and_the_environment_need_the_same() -> None:
    assert PROJECT["dependencies"] == requirements("base.in")
    assert PROJECT["version"] == __version__


@pytest.mark.parametrize("name", ["base", "dev", "node", "uv"])
def test_every_package_is_pinned_by_hash_and_no_host_is_named(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    assert "://" not in text
    assert "--index" not in text
    pins = re.split(
        r"\n(?=\S)", "\n".join(line for line in text.splitlines() if not line.strip().startswith("#"))
    )
    assert all("==" in pin and "--hash=sha256:" in pin for pin in pins if pin.strip()), name


def test_the_installer_is_the_one_that_is_pinned() -> None:
    [pinned] = re.findall(r"^uv==(\S+)", (ROOT / "requirements/uv.txt").read_text(), re.MULTILINE)
    assert f"uv=={pinned} " in (ROOT / "requirements/base.txt").read_text()
