"""Django's Jinja2 backend, pointed at the `templates/` folder of our own apps only.

Third-party apps keep their `templates/` in Django's language, so `APP_DIRS` cannot be used.
"""

from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest
from django.template.backends.jinja2 import Jinja2, Template

from parvis.foundation.ui.nonces import SLOT, page_nonce
from parvis.foundation.ui.requests import current_request
from parvis.foundation.ui.surroundings import page_surroundings, surroundings

# What a view hands to its page, its layout sees too, before the globals of these names.
NAMES_OF_LAYOUTS = frozenset(
    ("csp_nonce", "csrf_field", "fingerprinted", "flash_messages", "kept", "kept_each", "live_url")
)


class Templates(Jinja2):
    """`BACKEND = "parvis.foundation.ui.backend.Templates"`; `DIRS` may add a theme in front."""

    app_dirname = "templates"

    def __init__(self, params: dict[str, Any]) -> None:
        params = params.copy()
        options = params["OPTIONS"] = params.get("OPTIONS", {}).copy()
        options.setdefault("environment", "parvis.foundation.ui.environment.environment")
        params["DIRS"] = [*params.get("DIRS", []), *_template_folders()]
        params["APP_DIRS"] = False
        super().__init__(params)

    def from_string(self, template_code: str) -> "PageTemplate":
        return PageTemplate(self.env.from_string(template_code), self)

    def get_template(self, template_name: str) -> "PageTemplate":
        return PageTemplate(super().get_template(template_name).template, self)


class PageTemplate(Template):
    """Binds the request while rendering, so that macros (which see no context) reach it."""

    def render(self, context: dict[str, Any] | None = None, request: HttpRequest | None = None) -> str:
        if settings.STRICT_TEMPLATES and (taken := NAMES_OF_LAYOUTS.intersection(context or ())):
            raise ValueError(f"the page calls something {', '.join(taken)}: the layouts would call that")
        # django-csp's lazy nonce is false until somebody reads it.
        nonce = SLOT if getattr(request, "csp_nonce", None) is None else str(request.csp_nonce)  # type: ignore[union-attr]
        nonce_token, request_token = page_nonce.set(nonce), current_request.set(request)
        surroundings_token = page_surroundings.set(surroundings())
        try:
            return str(super().render(context, request))
        finally:
            page_nonce.reset(nonce_token)
            current_request.reset(request_token)
            page_surroundings.reset(surroundings_token)


def _template_folders() -> list[Path]:
    own = Path(__file__).parent / "templates"
    folders = (
        Path(app.path) / "templates" for app in apps.get_app_configs() if app.name.startswith("parvis.")
    )
    return [*(folder for folder in folders if folder.is_dir()), own]
