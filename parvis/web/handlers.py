"""Links said in the chat are shown as those of posts are: `previews` asks, `chat` shows."""

from __future__ import annotations

from uuid import UUID

from parvis.chat import actions
from parvis.chat.events import LinkSaid
from parvis.chat.models import Message
from parvis.content.links import own_entry_id
from parvis.content.models import Entry
from parvis.foundation.events import on
from parvis.foundation.jobs import enqueue, long_job
from parvis.foundation.tenancy import organization_scope
from parvis.people.models import Organization
from parvis.previews.actions import ask_page
from parvis.previews.links import is_own_host, shown_link


@on(LinkSaid, immediately=True)
def preview_link_in_chat(event: LinkSaid) -> None:
    """Let the first link of a message be looked at, later."""
    enqueue(look_at_link, message_id=event.message_id)


@long_job
def look_at_link(organization_id: str, message_id: str) -> None:
    """Show what a message leads to, where the organization shows such things. Asked outside a transaction."""
    with organization_scope(UUID(organization_id)):
        message = actions.find_said(UUID(message_id))
        link = _outside_link(message) if message is not None else ""
    if message is None or not link:
        return
    page = ask_page(organization_id=UUID(organization_id), url=link, asked_by_id=message.author_id)
    if page is None:
        return
    with organization_scope(UUID(organization_id)):
        message = actions.find_said(UUID(message_id))
        # It may have been edited while that server thought about its answer.
        if message is not None and shown_link(message.body) == link:
            actions.show_preview(
                message=message,
                url=link,
                title=page.title,
                description=page.description,
                site_name=page.site_name,
                image=page.image,
            )


def _outside_link(message: Message) -> str:
    """Return the link of somebody else's page to ask; an entry of one's own is shown at once."""
    organization: Organization = message.author.organization
    link = shown_link(message.body) if organization.shows_link_previews else ""
    actions.drop_preview(message=message, but=link)
    if not link:
        return ""
    if (named := own_entry_id(link, organization)) is not None:
        entry = Entry.objects.visible_to(message.author).filter(pk=named).first()
        if entry is not None:
            actions.show_linked_entry(message=message, entry=entry)
    return "" if is_own_host(link, organization) else link
