"""Who wrote something hears that it was shared elsewhere, where they may read it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from parvis.citations.events import CrossPosted
from parvis.citations.models import Citation
from parvis.content.queries import audience_of
from parvis.foundation.events import on
from parvis.notifications import levels
from parvis.notifications.actions import notify
from parvis.notifications.models import KindChoice
from parvis.notifications.reasons import Reason, register

SHARED = "shared"

register(
    Reason(
        name=SHARED,
        symbol="share-2",
        kind=KindChoice.Kind.REACTION,
        rank=55,
        sentence=_("%(who)s shared what you wrote: %(what)s"),
        why=_("You wrote the original."),
    )
)


@on(CrossPosted)
def tell_the_author_of_the_original(event: CrossPosted) -> None:
    """Only where they may read: who shared it, and where, is nobody else's to know."""
    shared = Citation.objects.filter(entry=event.entry_id, is_cross_post=True)
    for citation in shared.select_related("entry__space", "cited"):
        author = audience_of(citation.entry).filter(id=citation.cited.author_id)
        notify(
            recipients=levels.wanting(author, SHARED, space_id=event.space_id),
            subject=f"shared:{citation.cited_id}",
            reason=SHARED,
            actor_id=event.actor_id,
            entry_id=event.entry_id,
        )
