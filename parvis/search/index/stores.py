"""Where passages stand: those of entries and names, and those of apps that have many texts of a sort of their own.

A store of its own keeps apart what would spoil the other's figures: how rare a word is, and in which months there is
enough to weigh. The rules are the same: the same terms, the same weights, typos and parts of words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Store:
    """Three tables, in the shapes of `search.models.PassageRow`, `WordRow` and `VolumeRow`."""

    passages: str
    words: str
    volumes: str

    def sql(self, statement: str) -> str:
        """Return a statement about the tables of entries, put to the tables of this store."""
        named = statement.replace("search_passage", self.passages).replace("search_word", self.words)
        return named.replace("search_volume", self.volumes)


ENTRIES = Store("search_passage", "search_word", "search_volume")


@dataclass(frozen=True, kw_only=True)
class Upkeep:
    """How an app keeps its store true: what is missing, everything anew, both of the bound organization."""

    store: Store
    index_missing: Callable[[], int]
    index_all: Callable[[], int]


_kept: list[Upkeep] = []


def keep_up(upkeep: Upkeep) -> None:
    """Let the sweepers look after a store, too."""
    _kept.append(upkeep)


def kept_stores() -> list[Upkeep]:
    """Return the stores of apps."""
    return list(_kept)
