"""The tab of a space's pages that leads to its news."""

from django.utils.translation import gettext as _

from parvis.foundation.addresses import reverse
from parvis.people.models import Person
from parvis.spaces.faces import SpaceTab, add_tab
from parvis.spaces.models import Space


@add_tab
def news_tab(viewer: Person, space: Space) -> SpaceTab | None:
    """Lead whoever reads the space to its news."""
    return SpaceTab(key="news", label=_("News"), url=reverse("articles:of_space", args=[space.id]))
