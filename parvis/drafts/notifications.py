"""Who scheduled a post hears when it could not be published at its hour."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from parvis.content.events import PublicationFailed
from parvis.content.kinds import find_kind
from parvis.content.models import Entry
from parvis.drafts.actions import rescue
from parvis.foundation.addresses import reverse
from parvis.foundation.events import on
from parvis.notifications.actions import notify
from parvis.notifications.models import Notification
from parvis.notifications.reasons import Reason, register

NOT_PUBLISHED = "not_published"


def address(line: Notification) -> str:
    """Return where the text is now: among one's drafts, or on the page where its kind is written."""
    entry = Entry.objects.filter(pk=line.subject.partition(":")[2]).first()
    kind = find_kind(entry.kind) if entry is not None else None
    if entry is not None and kind is not None and kind.edit_page:
        return reverse(kind.edit_page, args=[entry.id])
    return reverse("drafts:list")


register(
    Reason(
        name=NOT_PUBLISHED,
        symbol="clock",
        rank=5,
        sentence=_("What you scheduled could not be published. You find it among your drafts"),
        why=_("You scheduled it, and at its hour you could no longer publish there."),
        address=address,
    )
)


@on(PublicationFailed)
def tell_the_author(event: PublicationFailed) -> None:
    """Nothing is lost: the text is a draft again, and its author knows."""
    rescue(entry_id=event.entry_id)
    notify(
        recipients=[event.person_id],
        subject=f"failed:{event.entry_id}",
        reason=NOT_PUBLISHED,
        actor_id=None,
    )
