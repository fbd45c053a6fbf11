"""Headers that other programs read as they are meant."""

from __future__ import annotations

import email
import email.policy
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.core.mail import EmailMessage

from parvis.foundation import relay
from parvis.mail.out import headers

ID = UUID("01a204fa-2999-7066-82b1-68a5754877d0")


def organization() -> Any:
    return SimpleNamespace(name='Ateliers, "A&B"', slug="ab", host_name=None)


@pytest.mark.parametrize("name", ["Lounge", 'A, "B" <c@x.example>', "Élan & forêt " * 8])
def test_a_space_has_one_list_whatever_its_name(name: str, settings: Any) -> None:
    settings.BASE_URL = "https://p.example"
    space: Any = SimpleNamespace(name=name, id=ID)
    found = headers.of_list(organization(), space) | headers.of_stopping("https://p.example/" + "x" * 300)
    mail = EmailMessage("S", "text", "a@x.example", ["b@x.example"], headers=found)
    content = relay.sealed(mail).content
    raw = email.message_from_bytes(content)
    assert raw["List-Id"].endswith(f"<{ID}.ab.p.example>")
    assert raw["List-Id"].count("<") == 1 or raw["List-Id"].startswith('"')
    assert "\n" not in raw["List-Unsubscribe"] and "\n" not in raw["List-Id"]


@pytest.mark.parametrize(
    ("name", "id"),
    [
        (f"<entry.{ID}@p.example>", ID),
        (f"entry.{ID}@p.example", ID),
        (f"<entry.{'-' * 36}@p.example>", None),
        ("<x@y>", None),
        ("", None),
    ],
)
def test_a_mail_says_by_its_name_which_entry_it_is_about(name: str, id: UUID | None) -> None:
    assert headers.entry_id_in(name) == id
