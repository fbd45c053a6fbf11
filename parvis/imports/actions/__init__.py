"""Run an import, publish it, clean after a killed one, take one away again."""

from parvis.imports.actions.publication import publish, publish_run
from parvis.imports.actions.running import (
    begin_bringing_in,
    begin_import,
    discard_run,
    fail_run,
    new_run,
    rehearse_run,
    remove_abandoned,
    run_import,
    stage_run,
    start_over,
    stop_run,
)
from parvis.imports.actions.runs import SILENCE
from parvis.imports.actions.undoing import begin_undoing, finish_undoing, undo_import

__all__ = [
    "SILENCE",
    "begin_bringing_in",
    "begin_import",
    "begin_undoing",
    "discard_run",
    "fail_run",
    "finish_undoing",
    "new_run",
    "publish",
    "publish_run",
    "rehearse_run",
    "remove_abandoned",
    "run_import",
    "stage_run",
    "start_over",
    "stop_run",
    "undo_import",
]
