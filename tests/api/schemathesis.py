"""Schemathesis, in an environment of its own: its packages and ours do not have to agree."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from parvis.api.v1 import api

ROOT = pathlib.Path(__file__).resolve().parents[2]
COUNTING = pathlib.Path(__file__).with_name("counting.py")
ENVIRONMENT = ROOT / ".venv-schemathesis"
REQUIREMENTS = ROOT / "requirements/schemathesis.txt"

# `positive_data_acceptance` would want every well-formed UUID to exist, `ensure_resource_availability` every
# entry to be readable by who wrote it into a space that they may not read.
CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance", "negative_data_rejection", "unsupported_method", "allow_header_conformance",
    "ignored_auth", "missing_required_header", "use_after_free",
)  # fmt: skip

# What names something outside of a path: fields of bodies, and parameters of queries.
ELSEWHERE = {
    "body": {
        "space": "space_id", "space_id": "space_id", "entry": "entry_id", "reply_to": "message_id",
        "thread": "message_id", "with[*]": "message_id", "people[*]": "person_id", "person_id": "person_id",
        "sponsor_id": "person_id", "author": "person_id", "unit": "unit_id", "options[*]": "option_id",
        "attachments[*].id": "file_id", "files[*].id": "file_id", "kind": "kind", "version": "version",
        "seq": "version", "url": "url", "id": "taken_id", "article.coauthors[*]": "person_id", "article.cover": "file_id",
    },
    "query": {"space": "space_id", "author": "person_id", "room": "room_id", "unit": "unit_id", "cursor": "cursor"},
}  # fmt: skip
REFUSALS = [400, 401, 403, 404, 405, 406, 409, 412, 415, 422]
BESIDES = {"kind": ["post", "article"], "version": [1, 2], "url": ["https://hook.example/"]}
# How often it is something that is there. A parameter of a query may well be left out.
OFTEN = {"path": 0.7, "body": 0.7, "query": 0.3}
RARELY = {"id": 0.2}


@dataclass(frozen=True)
class Run:
    """How it went, and how often each operation gave each answer."""

    has_passed: bool
    said: str
    answers: dict[str, dict[str, int]]

    @property
    def statuses(self) -> set[int]:
        """Return every status that was answered."""
        return {int(status) for counted in self.answers.values() for status in counted}

    def table(self) -> str:
        """Return a line for each operation: its calls, and its answers."""
        return "\n".join(
            f"{operation:70} {sum(counted.values()):6}  "
            + " ".join(f"{status}×{counted[status]}" for status in sorted(counted))
            for operation, counted in sorted(self.answers.items())
        )


def install() -> None:
    """Make the environment, once for each change of what is in it; raise `CalledProcessError` without a registry."""
    stamp, wanted = ENVIRONMENT / "packages", REQUIREMENTS.read_text()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    python = ENVIRONMENT / "bin/python"
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "--quiet", "--clear", str(ENVIRONMENT)], check=True)
    subprocess.run(
        [*uv, "pip", "sync", "--quiet", "--require-hashes", "--python", str(python), str(REQUIREMENTS)],
        check=True,
    )
    stamp.write_text(wanted)


def run(
    folder: pathlib.Path,
    *,
    address: str,
    token: str,
    known: dict[str, list[str]],
    examples: int,
    phases: str,
    paths: Sequence[str],
) -> Run:
    """Try every operation at these paths; `known` are values that exist, by the name of the parameter.

    One thread each: CPython 3.11 trips over itself when several parse at once ("AST constructor recursion depth
    mismatch"), and two actors are tried side by side anyway.
    """
    (folder / "schemathesis.toml").write_text(_configuration(known))
    command = [
        str(ENVIRONMENT / "bin/schemathesis"), "--no-color", "--config-file", str(folder / "schemathesis.toml"),
        "run", f"{address}/api/v1/openapi.json", "--phases", phases, "--max-examples", str(examples),
        "--checks", ",".join(CHECKS), "--suppress-health-check", "all", "--warnings", "off",
        "--generation-database", "none", "--workers", "1", "--continue-on-failure", "--request-timeout", "60",
        "--header", f"Authorization: Bearer {token}",
        *(f"--include-path={path}" for path in paths),
    ]  # fmt: skip
    answers = folder / "answers.json"
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(folder), "SCHEMATHESIS_DISABLE_TELEMETRY": "1",
        "SCHEMATHESIS_HOOKS": str(COUNTING), "ANSWERS": str(answers),
        # Tables of characters are kept between runs: making them takes longer than trying an operation.
        "HYPOTHESIS_STORAGE_DIRECTORY": str(ENVIRONMENT / "hypothesis"),
    }  # fmt: skip
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    return Run(
        has_passed=done.returncode == 0,
        said=done.stdout[-20_000:] + done.stderr[-5_000:],
        answers=json.loads(answers.read_text()) if answers.exists() else {},
    )


def paths_of_description() -> list[str]:
    """Return every path that the description has, whatever address a test before asked this process at."""
    return sorted(api.get_openapi_schema(path_prefix="/api/v1/")["paths"])


def part_of(paths: Sequence[str], part: str) -> list[str]:
    """Return one part of the paths, e.g. "3/8": what begins with one word stays together, the parts are about even."""
    number, count = map(int, part.split("/"))
    subjects: dict[str, list[str]] = {}
    for path in paths:
        subjects.setdefault(path.split("/")[3], []).append(path)
    parts: list[list[str]] = [[] for _ in range(count)]
    for some in sorted(subjects.values(), key=len, reverse=True):
        min(parts, key=len).extend(some)
    return parts[number - 1]


def _configuration(known: dict[str, list[str]]) -> str:
    # JSON's strings and lists are TOML's.
    lines: list[str] = []
    for name, values in {**known, **BESIDES}.items():
        lines += [f"[dictionaries.{name}]", f"values = {json.dumps(values, ensure_ascii=False)}"]
    lines.append("[parameters]")
    places = {"path": {name: name for name in known}, **ELSEWHERE}
    for place, names in places.items():
        for name, of in names.items():
            lines.append(
                f'"{place}.{name}" = {{ dictionary = "{of}", probability = {RARELY.get(name, OFTEN[place])} }}'
            )
    # What tus itself refuses so: another version of it.
    for check in ("missing_required_header", "negative_data_rejection"):
        lines += [f"[checks.{check}]", f"expected-statuses = {REFUSALS}"]
    # It counts a header that nobody knows, beside bytes that may be anything, as a wrong request.
    lines += [
        "[[operations]]",
        'include-path-regex = "/uploads"',
        "[operations.checks.negative_data_rejection]",
    ]
    # Named on the command line, it cannot be switched off for one operation.
    lines += [f"expected-statuses = {[200, 201, 204, *REFUSALS]}"]
    # Walks from one operation to the next: each of their steps is a call beside the examples.
    lines += ["[phases.stateful]", "max-steps = 6", "generation = { max-examples = 40 }"]
    return "\n".join(lines) + "\n"
