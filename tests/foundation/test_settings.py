"""Settings: typed, documented, and wrong ones named in one line."""

from __future__ import annotations

import pathlib

import pytest

from parvis.config import settings_documentation
from parvis.foundation.settings import Settings, WrongSetting, declarations, read

PAGE = pathlib.Path(__file__).parents[2] / "docs/operations/settings.md"


def test_nothing_set_gives_the_defaults() -> None:
    assert read({}) == Settings()


def test_values_are_read_by_their_type() -> None:
    settings = read(
        {"PARVIS_PORT": " 8080 ", "PARVIS_DEBUG": "yes", "PARVIS_ALLOWED_HOSTS": "a.org, b.org,", "PARVIS_DATA_DIR": "/x",
         "PARVIS_ROLE": "worker", "PARVIS_BASE_URL": "https://parvis.example.org"}
    )  # fmt: skip
    assert (settings.port, settings.debug, settings.allowed_hosts) == (8080, True, ("a.org", "b.org"))
    assert (settings.data_dir, settings.role) == (pathlib.Path("/x"), "worker")


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("PARVIS_PORT", "eighty", "whole number"),
        ("PARVIS_PORT", "70000", "between 1 and 65535"),
        ("PARVIS_ROLE", "boss", "one of all, front, web, live, worker"),
        ("PARVIS_DEBUG", "perhaps", "one of true"),
        ("PARVIS_DATABASE_URL", "mysql://x", "postgresql://"),
        ("PARVIS_BASE_URL", "parvis.example.org", "https://"),
        ("PARVIS_BASE_URL", "https://example.org/parvis", "without a path"),
        ("PARVIS_MAIL_URL", "mail.example.org", "smtp"),
        ("PARVIS_TRUSTED_PROXIES", "proxy.example.org", "no address or network"),
        ("PARVIS_SECRET_KEY", "short", "32 characters"),
        ("PARVIS_PROT", "8000", "did you mean PARVIS_PORT"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(variable: str, value: str, said: str) -> None:
    with pytest.raises(WrongSetting) as problem:
        read({variable: value})
    assert str(problem.value).startswith(f"{variable}: ")
    assert said in str(problem.value)
    assert "\n" not in str(problem.value)


def test_a_secret_is_never_repeated() -> None:
    with pytest.raises(WrongSetting) as problem:
        read({"PARVIS_DATABASE_URL": "mysql://user:hunter2@host/db"})
    assert "hunter2" not in str(problem.value)


def test_what_an_orchestrator_injects_is_left_alone() -> None:
    assert read({"PARVIS_SERVICE_HOST": "10.0.0.1", "PARVIS_8000_TCP_PROTO": "tcp"}) == Settings()


def test_every_setting_is_documented() -> None:
    assert PAGE.read_text(encoding="utf-8") == settings_documentation.markdown()
    assert all(len(declared.metadata["meaning"]) >= 20 for declared in declarations().values())


def test_values_in_force_hide_secrets() -> None:
    shown = settings_documentation.in_force(read({"PARVIS_SECRET_KEY": "s" * 50}))
    assert "PARVIS_SECRET_KEY=(set, hidden)" in shown
    assert "ssss" not in shown
