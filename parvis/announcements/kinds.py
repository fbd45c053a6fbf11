"""The kind of entry that announcements are."""

from django.utils.translation import gettext_lazy as _

from parvis.announcements.policy import may_announce_in
from parvis.content.kinds import Kind, register

ANNOUNCEMENT = register(
    Kind(
        name="announcement",
        label=_("Announcement"),
        needs_title=True,
        may_start=may_announce_in,
        hosts_see_drafts=True,
        edit_page="announcements:edit",
        is_labelled=True,
        tells_by_itself=True,
    )
)
