"""Quick addresses equal Django's."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse as resolve
from django.urls import set_script_prefix

from parvis.foundation.addresses import NoReverseMatch, reverse


@pytest.mark.parametrize("prefix", ["/", "/o/atelier/"])
def test_an_address_is_that_of_django_below_each_prefix(prefix: str) -> None:
    set_script_prefix(prefix)
    try:
        first, second = uuid4(), uuid4()
        assert reverse("web:home") == resolve("web:home")
        assert reverse("content:thread", args=[first]) == resolve("content:thread", args=[first])
        assert reverse("content:thread", args=[second]) == resolve("content:thread", args=[second])
        assert reverse("people:picture", args=[first, second]) == resolve(
            "people:picture", args=[first, second]
        )
        assert reverse("people:invitation", args=["key"]) == resolve("people:invitation", args=["key"])
    finally:
        set_script_prefix("/")


def test_an_unknown_page_has_no_address() -> None:
    with pytest.raises(NoReverseMatch):
        reverse("nowhere:page", args=[uuid4()])
