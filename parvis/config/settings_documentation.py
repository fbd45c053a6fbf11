"""The page that describes every setting, made from their declarations."""

from __future__ import annotations

from parvis.foundation.settings import Settings, declarations, described_default, described_type

HEAD = """# Settings

Environment variables, all optional. A wrong value ends the start in one line that names it. This page is made
by `parvis settings --markdown`; `parvis settings` shows the values in force, without secrets.

| variable | type | default | meaning |
|---|---|---|---|
"""


def markdown() -> str:
    """Return docs/operations/settings.md."""
    rows = []
    for variable, declared in sorted(declarations().items()):
        default = described_default(declared)
        shown = f"`{default}`" if default else ""
        meaning = declared.metadata["meaning"].replace("|", "\\|")
        rows.append(f"| `{variable}` | {described_type(declared)} | {shown} | {meaning} |\n")
    return HEAD + "".join(rows)


def in_force(settings: Settings) -> str:
    """Return the values of this process, secrets hidden."""
    lines = []
    for variable, declared in sorted(declarations().items()):
        value = getattr(settings, declared.name)
        if isinstance(value, tuple):
            value = ",".join(value)
        hidden = declared.metadata["secret"] and value is not None
        lines.append(f"{variable}={'(set, hidden)' if hidden else '' if value is None else value}\n")
    return "".join(lines)
