"""What can be done with entries, by subject: writing them, publishing them later, and marking them."""

from parvis.content.actions.marks import (
    bookmark,
    follow_thread,
    mute_thread,
    pin,
    react,
    reaction_named,
    remove_bookmark,
    take_back_reaction,
    unpin,
)
from parvis.content.actions.parts import hide_part, part_changed, show_part
from parvis.content.actions.publication import (
    discard_draft,
    publish_draft,
    publish_due,
    save_draft,
    schedule,
    unschedule,
)
from parvis.content.actions.texts import AttachmentDraft, drafts_of_files
from parvis.content.actions.urgent import call_urgently
from parvis.content.actions.writing import (
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
    "call_urgently",
    "delete_entry",
    "discard_draft",
    "drafts_of_files",
    "edit_entry",
    "follow_thread",
    "hide_entry",
    "hide_part",
    "mute_thread",
    "part_changed",
    "pin",
    "publish",
    "publish_draft",
    "publish_due",
    "react",
    "reaction_named",
    "remove_bookmark",
    "reply",
    "restore_entry",
    "save_draft",
    "schedule",
    "show_part",
    "take_back_reaction",
    "unhide_entry",
    "unpin",
    "unschedule",
]
