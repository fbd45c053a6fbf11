"""Every component and every screen renders, in both languages, for everybody."""

import pytest
from django.test import Client

from parvis.foundation.ui.styleguide import ERROR_SCREENS, SCREENS

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("path", ["", *(f"/screens/{name}" for name in SCREENS + ERROR_SCREENS)])
def test_it_renders(client: Client, path: str, language: str) -> None:
    response = client.get(f"/styleguide{path}?language={language}")
    html = response.content.decode()
    assert response.status_code == 200
    assert f'<html lang="{language}"' in html
    assert 'style="' not in html
    assert "onclick=" not in html


def test_the_chosen_theme_is_in_the_first_byte_so_that_nothing_flashes(client: Client) -> None:
    client.cookies["parvis_theme"] = "dark"
    assert 'data-theme="dark"' in client.get("/styleguide").content.decode()


def test_a_screen_that_does_not_exist_is_not_found(client: Client) -> None:
    assert client.get("/styleguide/screens/nothing").status_code == 404
