"""The words that scripts say. The layout prints them as JSON; `t("key", {name: value})` reads them.

`{name}` stands for a value; "one" and "other" are chosen by `t(key, {count})`.
"""

from django.utils.translation import get_language
from django.utils.translation import gettext as _


def client_strings() -> dict[str, str]:
    """Every string of the behaviours, in the viewer's language."""
    return {
        "language": get_language() or "en",
        "close": _("Close"),
        "cancel": _("Cancel"),
        "undo": _("Undo"),
        "code_copy": _("Copy the code"),
        "code_copied": _("Code copied"),
        "copied": _("Link copied"),
        "copy_failed": _("The link could not be copied"),
        "offline": _("You are offline. What you write is kept here and sent when you are back."),
        "online": _("You are back online"),
        "error": _("Something went wrong. Nothing that you typed is lost: please try again."),
        "too_many": _("Too many attempts. Please wait a moment, then try again."),
        "loading": _("Loading…"),
        "draft_restored": _("Your draft was restored"),
        "draft_conflict": _("You changed this draft in another window, too."),
        "draft_other": _("Show that text"),
        "draft_mine": _("Show mine again"),
        "schedule": _("Schedule"),
        "unsaved": _("You have text that is not saved. Leave this page?"),
        "upload_remove": _("Remove {name}"),
        "upload_pause": _("Pause {name}"),
        "upload_resume": _("Go on with {name}"),
        "upload_paused": _("paused"),
        "upload_waiting": _("waiting for the connection…"),
        "upload_finishing": _("almost there…"),
        "upload_continued": _("{name} goes on where it stopped"),
        "upload_interrupted": _("{name} was interrupted. Choose the same file again to go on."),
        "upload_done": _("{name} is attached"),
        "upload_failed": _("{name} could not be sent: {reason}"),
        "upload_network": _("the connection was lost"),
        "upload_alternative": _("Describe this image for people who cannot see it"),
        "upload_decorative": _("Decorative"),
        "upload_captions": _("Add captions to {name} (.vtt)"),
        "upload_captioned": _("Captions: {name}"),
        "describe_one": _(
            "{count} image has no description. People who cannot see it will not know what it shows."
        ),
        "describe_other": _(
            "{count} images have no description. People who cannot see them will not know what they show."
        ),
        "describe_anyway": _("Press again to send as it is."),
        "image_original": _("Open the original"),
        "mention_none": _("Nobody by that name can see this"),
        "mention_count": _("{count} suggestions. Use the arrow keys to choose."),
        "emoji_none": _("No emoji by that name"),
        "emoji_recent": _("Used lately"),
        "emoji_ours": _("Our own"),
        "preview_empty": _("Nothing to preview yet"),
        "new_one": _("{count} new post"),
        "new_other": _("{count} new posts"),
        "new_some": _("New posts"),
        "outbox_waiting": _("Waiting for the connection: “{text}”"),
        "outbox_sending": _("Sending: “{text}”"),
        "outbox_sent": _("Sent: “{text}”"),
        "outbox_failed": _("Not sent: “{text}” {reason}"),
        "outbox_editing": _("Being edited: “{text}”"),
        "outbox_edit": _("Edit"),
        "outbox_save": _("Save and send"),
        "outbox_cancel": _("Cancel"),
        "outbox_title": _("Title"),
        "outbox_text": _("Text"),
        "outbox_retry": _("Try again"),
        "outbox_discard": _("Discard"),
        "image_open": _("Open the image"),
        "image_previous": _("Previous image"),
        "image_next": _("Next image"),
        "just_now": _("just now"),
        "link_text": _("text"),
        "link_url": _("address"),
        "confirm": _("Confirm"),
    }
