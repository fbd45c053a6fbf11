"""What an organization takes with it when it leaves: each tenant table is exported, or says why not.

Each app declares its tables in its `exports.py`; `tests/architecture/test_exports.py` lets nobody forget one.

    exported("people.Person", without=("sort_name",))
    left_out("content.Mention", because="found again in the texts")
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.module_loading import autodiscover_modules


@dataclass(frozen=True)
class Declaration:
    """What happens to one table at an export: its rows without some columns, or nothing and the reason."""

    model: str
    without: frozenset[str] = frozenset()
    left_out_because: str = ""


_declarations: dict[str, Declaration] = {}


def exported(model: str, *, without: Collection[str] = ()) -> None:
    """Declare that a table's rows are exported, without columns that are secret or computed from others."""
    _declare(Declaration(model, frozenset(without)))


def left_out(model: str, *, because: str) -> None:
    """Declare that a table is not exported; the reason is shown in the export's own description."""
    _declare(Declaration(model, left_out_because=because))


def declarations() -> dict[str, Declaration]:
    """Return what every app declared, by model label."""
    autodiscover_modules("exports")
    return dict(sorted(_declarations.items()))


def _declare(declaration: Declaration) -> None:
    if _declarations.get(declaration.model, declaration) != declaration:
        raise ValueError(f"{declaration.model} is declared twice")
    _declarations[declaration.model] = declaration
