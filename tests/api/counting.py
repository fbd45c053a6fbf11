"""Loaded by Schemathesis in its own environment: counts what each operation answered, so that a run can be judged.

An operation that only ever said "not found" was tried, and not tested.
"""

from __future__ import annotations

import atexit
import collections
import json
import os
import pathlib
from typing import Any

import schemathesis

# The parts of an upload.
schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")

_answers: dict[str, collections.Counter[int]] = collections.defaultdict(collections.Counter)


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    # Other methods of the same address are tried too: they are not the operation.
    if response.request.method == case.operation.method.upper():
        _answers[case.operation.label][response.status_code] += 1
        # One that is stopped half-way says how far it came.
        if sum(_answers[case.operation.label].values()) % 100 == 0:
            _write()


@atexit.register
def _write() -> None:
    pathlib.Path(os.environ["ANSWERS"]).write_text(json.dumps(_answers))
