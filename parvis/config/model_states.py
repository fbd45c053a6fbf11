"""Django's picture of the models between two migrations, drawn sparingly: a first start takes a third of the time.

When a model changes, Django draws anew whatever is related to it. Here that is everything, since every row
belongs to an organization: 129 migrations drew 9,000 classes, which was 25 of their 30 seconds of a processor.
What adds (a model, an index, a constraint, a field) is added to the picture instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db.migrations.state import ProjectState


@contextmanager
def drawn_sparingly() -> Iterator[None]:
    """Migrate in here; the tables become the same."""
    usual = {name: getattr(ProjectState, name) for name in _DRAWN}
    for name, draw in _DRAWN.items():
        setattr(ProjectState, name, _adding(usual[name], draw))
    try:
        yield
    finally:
        for name, method in usual.items():
            setattr(ProjectState, name, method)


def _adding(change: Callable[..., None], draw: Callable[..., None]) -> Callable[..., None]:
    def add(state: Any, *added: Any, **named: Any) -> None:
        picture = state.__dict__.pop("apps", None)
        # Without a picture, only what is known of the models changes.
        change(state, *added, **named)
        if picture is not None:
            state.apps = picture
            draw(state, *added, **named)
            # Code of a migration asks for one that is drawn from the beginning.
            state.is_delayed = True

    return add


def _draw_model(state: Any, model: Any) -> None:
    state.apps.render_multiple([model])


def _draw_option(state: Any, app_label: str, model_name: str, option_name: str, obj: Any) -> None:
    meta = state.apps.get_model(app_label, model_name)._meta
    setattr(meta, option_name, [*getattr(meta, option_name), obj])


def _draw_field(state: Any, app_label: str, model_name: str, name: str, *_field: Any) -> None:
    field = state.models[app_label, model_name].fields[name]
    field.clone().contribute_to_class(state.apps.get_model(app_label, model_name), name)
    state.apps.clear_cache()


_DRAWN: dict[str, Callable[..., None]] = {
    "add_model": _draw_model,
    "_append_option": _draw_option,
    "add_field": _draw_field,
}
