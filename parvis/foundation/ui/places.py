"""Where the shell leads: pages of rooms above, known here by the names of their URLs only."""

from parvis.foundation.addresses import url_or_none

PLACES: dict[str, tuple[str, ...]] = {
    "home": ("web:home",),
    "inbox": ("web:inbox", "notifications:inbox"),
    "unread": ("notifications:badge",),
    "chat": ("chat:home",),
    "write_to": ("chat:start",),
    "unread_chats": ("chat:badge",),
    "bookmarks": ("web:bookmarks",),
    "drafts": ("drafts:list",),
    "directory": ("people:directory",),
    "news": ("articles:news",),
    "announcements": ("announcements:mine",),
    "topics": ("topics:index",),
    "search": ("search:results",),
    "suggestions": ("search:suggestions",),
    "spaces": ("spaces:discover",),
    "create_space": ("spaces:create",),
    "compose": ("content:publish",),
    "settings": ("people:settings",),
    "administration": ("people:administration",),
    "imports": ("imports:index",),
    "moderation": ("moderation:queue",),
    "organizations": ("people:organizations",),
    "set_language": ("set_language",),
    "sign_out": ("account_logout",),
}


def place(name: str) -> str:
    """The path of a place, or "" where that room is not built: layouts leave out what does not exist."""
    return next(filter(None, map(url_or_none, PLACES[name])), "")
