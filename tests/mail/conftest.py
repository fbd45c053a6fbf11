"""An installation that mail comes in to."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from parvis.foundation import throttle

DOMAIN = "reply.atelier.example"


@pytest.fixture
def set_mail(settings: Any) -> Callable[..., None]:
    """Change settings of mail for a test."""

    def change(**values: Any) -> None:
        settings.PARVIS = dataclasses.replace(settings.PARVIS, **values)

    return change


@pytest.fixture
def mail_comes_in(set_mail: Callable[..., None], settings: Any) -> None:
    """Let mail come in, and answers leave."""
    set_mail(mail_domain=DOMAIN)
    settings.HAS_MAIL_SERVER = True
    throttle.forget_all()
