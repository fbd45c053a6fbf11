"""Sweepers: what no event told is indexed, and words are counted again."""

from __future__ import annotations

from parvis.foundation.jobs.periodic import every
from parvis.search.actions import refresh_all, refresh_missing
from parvis.search.files import forget_unused, read_later, unread_attachments
from parvis.search.index import count_again, index_missing, kept_stores


@every(minutes=10)
def index_what_is_missing() -> None:
    """Index what is published and not in the index: after an upgrade, or what a lost job left."""
    index_missing()
    refresh_missing()
    for upkeep in kept_stores():
        upkeep.index_missing()


@every(minutes=10)
def read_what_is_unread() -> None:
    """Ask for files to be read that came without an event, e.g. with an import."""
    read_later(unread_attachments().values_list("entry_id", flat=True)[:500])


@every(days=1)
def count_words() -> None:
    """Count the words again; those that nothing says any more are forgotten."""
    refresh_all()
    forget_unused()
    count_again()
    for upkeep in kept_stores():
        count_again(upkeep.store)
