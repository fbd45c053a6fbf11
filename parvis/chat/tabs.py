"""The tab of a space's pages that leads to its chat."""

from django.utils.translation import gettext as _

from parvis.chat.queries import has_chat
from parvis.foundation.addresses import reverse
from parvis.people.models import Person
from parvis.spaces.faces import SpaceTab, add_tab
from parvis.spaces.models import Space


@add_tab
def chat_tab(viewer: Person, space: Space) -> SpaceTab | None:
    """Lead whoever reads the space to its rooms, where chat is on."""
    if not has_chat(space):
        return None
    return SpaceTab(key="chat", label=_("Chat"), url=reverse("chat:of_space", args=[space.id]))
