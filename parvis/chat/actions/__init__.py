"""What can be done in chat, by subject: rooms and their people, messages, and one's own place in a room."""

from parvis.chat.actions.messages import (
    MessageDraft,
    delete_message,
    edit_message,
    pin_message,
    post_message,
    react,
    take_back_reaction,
    unpin_message,
)
from parvis.chat.actions.moderation import hide_message, report_message, unhide_message
from parvis.chat.actions.places import change_place, join_room, mark_read, mark_unread, set_status
from parvis.chat.actions.previews import (
    drop_preview,
    find_said,
    remove_preview,
    show_linked_entry,
    show_preview,
)
from parvis.chat.actions.rooms import (
    add_people,
    change_room,
    create_group,
    create_space_room,
    leave_room,
    open_direct,
    remove_person,
    switch_chat,
)
from parvis.chat.actions.wall import make_entry

__all__ = [
    "MessageDraft",
    "add_people",
    "change_place",
    "change_room",
    "create_group",
    "create_space_room",
    "delete_message",
    "drop_preview",
    "edit_message",
    "find_said",
    "hide_message",
    "join_room",
    "leave_room",
    "make_entry",
    "mark_read",
    "mark_unread",
    "open_direct",
    "pin_message",
    "post_message",
    "react",
    "remove_person",
    "remove_preview",
    "report_message",
    "set_status",
    "show_linked_entry",
    "show_preview",
    "switch_chat",
    "take_back_reaction",
    "unhide_message",
    "unpin_message",
]
