"""Reads about entries, by subject: streams (the feed), one thread, and the cards that show them."""

from parvis.content.queries.cards import EntryCard, ReactionCount, cards_for
from parvis.content.queries.mentions import mentionable_in
from parvis.content.queries.streams import (
    FeedFilter,
    Page,
    bookmarked,
    everything_stream,
    mine_stream,
    pinned_in,
    space_stream,
    topic_stream,
    written_by,
)
from parvis.content.queries.threads import (
    THREAD_PAGE,
    audience_of,
    file_visible_to,
    find_legible,
    find_unpublished,
    find_visible,
    history_of,
    reactions_to,
    thread_members,
    thread_of,
    unpublished,
)

__all__ = [
    "THREAD_PAGE",
    "EntryCard",
    "FeedFilter",
    "Page",
    "ReactionCount",
    "audience_of",
    "bookmarked",
    "cards_for",
    "everything_stream",
    "file_visible_to",
    "find_legible",
    "find_unpublished",
    "find_visible",
    "history_of",
    "mentionable_in",
    "mine_stream",
    "pinned_in",
    "reactions_to",
    "space_stream",
    "thread_members",
    "thread_of",
    "topic_stream",
    "unpublished",
    "written_by",
]
