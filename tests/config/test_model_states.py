"""What is added to the picture of the models stands there as if all of it had been drawn anew."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.migrations import operations
from django.db.migrations.state import ProjectState, StateApps

from parvis.config.model_states import drawn_sparingly

ADDED = [
    operations.CreateModel("House", [("id", models.BigAutoField(primary_key=True))]),
    operations.CreateModel("Room", [("id", models.BigAutoField(primary_key=True))]),
    operations.AddField("Room", "house", models.ForeignKey("street.House", models.CASCADE, null=True)),
    operations.AddField("Room", "name", models.TextField(default="hall"), preserve_default=False),
    operations.AddIndex("Room", models.Index(fields=["name"], name="room_name")),
    operations.AddConstraint("Room", models.UniqueConstraint(fields=["house", "name"], name="room_once")),
]


def test_a_picture_that_was_added_to_equals_one_that_is_drawn_from_the_beginning() -> None:
    state = ProjectState()
    drawn = state.apps
    with drawn_sparingly():
        for operation in ADDED:
            operation.state_forwards("street", state)
    assert state.apps is drawn
    assert _told(drawn) == _told(StateApps(state.real_apps, state.models))


def test_code_of_a_migration_sees_models_that_were_drawn_from_the_beginning() -> None:
    state = ProjectState()
    drawn = state.apps
    with drawn_sparingly():
        ADDED[0].state_forwards("street", state)
    state.clear_delayed_apps_cache()
    assert state.apps is not drawn
    assert state.apps.get_model("street", "house") is not drawn.get_model("street", "house")


def _told(apps: StateApps) -> dict[str, Any]:
    return {
        model._meta.label: (
            [field.deconstruct() for field in model._meta.get_fields() if field.concrete],
            [relation.get_accessor_name() for relation in model._meta.related_objects],
            [index.deconstruct() for index in model._meta.indexes],
            [constraint.deconstruct() for constraint in model._meta.constraints],
        )
        for model in apps.get_models()
    }
