"""Chat or wall: where what was said in a channel goes. Conversations of chosen people always go to chat."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from parvis.imports.source import SourceSpace

ALL, NONE = "all", "none"


@dataclass(frozen=True)
class Choice:
    """The channels, by id or name, whose messages go to chat; of the others they go to the wall."""

    channels: frozenset[str] = frozenset()
    everything: bool = False

    @classmethod
    def of(cls, channels: Collection[str]) -> Choice:
        """Return the choice of these channels; `all` is all of them, `none` none."""
        words = {word.strip().lstrip("#~").casefold() for word in channels} - {"", NONE}
        return cls(frozenset(words - {ALL}), everything=ALL in words)

    def is_chat(self, space: SourceSpace) -> bool:
        """Tell whether a channel that is new here goes to chat."""
        return self.everything or bool(self._names(space) & self.channels)

    def unknown(self, spaces: Iterable[SourceSpace]) -> list[str]:
        """Return what was chosen and is no channel of the archive."""
        known: set[str] = set()
        for space in spaces:
            known |= self._names(space)
        return sorted(self.channels - known)

    @staticmethod
    def _names(space: SourceSpace) -> set[str]:
        # The short name of an id such as `team/town-square` will do too.
        return {space.id.casefold(), space.name.casefold(), space.id.rpartition("/")[2].casefold()}
