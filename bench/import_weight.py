"""Which packages a start loads and what each adds to the memory of the process: `bin/bench memory --imports`."""

from __future__ import annotations

import builtins
import os
from collections import Counter
from typing import Any

PAGE = os.sysconf("SC_PAGE_SIZE")
SHOWN = 40


def weigh() -> None:
    """Load what the server loads; print the packages by what they themselves added."""
    own: Counter[str] = Counter()
    stack: list[int] = []
    original = builtins.__import__

    def weighed(
        name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0
    ) -> Any:
        before = _resident()
        stack.append(0)
        try:
            return original(name, globals, locals, fromlist, level)
        finally:
            grown = _resident() - before
            nested = stack.pop()
            own[_package(name, globals, level)] += grown - nested
            if stack:
                stack[-1] += grown

    began = _resident()
    builtins.__import__ = weighed
    try:
        _load()
    finally:
        builtins.__import__ = original
    print(f"{(_resident() - began) / 1e6:8.1f} MB  all, on top of {began / 1e6:.1f} MB")
    for name, grown in own.most_common(SHOWN):
        print(f"{grown / 1e6:8.1f} MB  {name}")


def _package(name: str, globals: Any, level: int) -> str:
    full = name if not level else f"{(globals or {}).get('__package__') or ''}.{name}"
    return ".".join(full.split(".")[:2])


def _load() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.config.settings")
    from parvis.config.commands.subcommand import set_up
    from parvis.foundation.settings import read

    settings = read()
    set_up(settings)
    from parvis.config.asgi import build

    build(settings)
    from django.urls import get_resolver

    list(get_resolver().url_patterns)
    get_resolver().reverse_dict  # noqa: B018 - it loads all views


def _resident() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * PAGE


if __name__ == "__main__":
    weigh()
