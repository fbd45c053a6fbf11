"""Who writes articles where. Reading is content's rule."""

from __future__ import annotations

from parvis.articles.models import NewsEditor
from parvis.people.models import Person
from parvis.spaces import policy as spaces_policy
from parvis.spaces.models import Space


def may_write_in(viewer: Person, space: Space) -> bool:
    """Whoever posts in a space writes articles there; the organization's news are its editors'."""
    if not space.is_everyone:
        return spaces_policy.can(viewer, "post", space)
    return space.is_active and spaces_policy.is_member(viewer, space) and writes_news(viewer)


def writes_news(viewer: Person) -> bool:
    """Tell whether somebody writes the organization's news: an administrator, or a named editor."""
    return viewer.is_administrator or NewsEditor.objects.filter(person=viewer).exists()


def may_name_editors(viewer: Person) -> bool:
    """Administrators name the editors."""
    return viewer.is_active and viewer.is_administrator
