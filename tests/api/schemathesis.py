"""Schemathesis, in an environment of its own: its packages and ours do not have to agree."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
ENVIRONMENT = ROOT / ".venv-schemathesis"
REQUIREMENTS = ROOT / "requirements/schemathesis.txt"

# `positive_data_acceptance` would want every well-formed UUID to exist, `ensure_resource_availability` every
# entry to be readable by who wrote it into a space that they may not read.
CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance", "negative_data_rejection", "unsupported_method", "allow_header_conformance",
    "ignored_auth", "missing_required_header", "use_after_free",
)  # fmt: skip


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
    paths: str = "",
) -> subprocess.CompletedProcess[str]:
    """Try every operation; `known` are values that exist, by the name of the parameter.

    `paths` is a regular expression: other operations are left out.
    """
    # It is made at the first call; on a busy machine that takes longer than the ten seconds that it is given there.
    urllib.request.urlopen(f"{address}/api/v1/openapi.json", timeout=120).close()
    (folder / "schemathesis.toml").write_text(_configuration(known))
    command = [
        str(ENVIRONMENT / "bin/schemathesis"), "--no-color", "--config-file", str(folder / "schemathesis.toml"),
        "run", f"{address}/api/v1/openapi.json", "--phases", phases, "--max-examples", str(examples),
        "--checks", ",".join(CHECKS), "--suppress-health-check", "all", "--warnings", "off",
        "--generation-database", "none", "--continue-on-failure", "--request-timeout", "60",
        "--header", f"Authorization: Bearer {token}",
        *(["--include-path-regex", paths] if paths else []),
    ]  # fmt: skip
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "SCHEMATHESIS_DISABLE_TELEMETRY": "1"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


def _configuration(known: dict[str, list[str]]) -> str:
    # JSON's strings and lists are TOML's.
    lines: list[str] = []
    for name, values in known.items():
        lines += [f"[dictionaries.{name}]", f"values = {json.dumps(values, ensure_ascii=False)}"]
    lines.append("[parameters]")
    for name in known:
        lines.append(f'"path.{name}" = {{ dictionary = "{name}", probability = 0.7 }}')
    lines.append('"body.space" = { dictionary = "space_id", probability = 0.7 }')
    return "\n".join(lines) + "\n"
