"""What can be done with entries, by subject: writing them, and marking them."""

from parvis.content.actions.marks import (
    bookmark,
    follow_thread,
    mute_thread,
    pin,
    react,
    remove_bookmark,
    take_back_reaction,
    unpin,
)
from parvis.content.actions.writing import (
    AttachmentDraft,
    delete_entry,
    edit_entry,
    hide_entry,
    publish,
    reply,
    restore_entry,
    unhide_entry,
)

__all__ = [
    "AttachmentDraft",
    "bookmark",
    "delete_entry",
    "edit_entry",
    "follow_thread",
    "hide_entry",
    "mute_thread",
    "pin",
    "publish",
    "react",
    "remove_bookmark",
    "reply",
    "restore_entry",
    "take_back_reaction",
    "unhide_entry",
    "unpin",
]
