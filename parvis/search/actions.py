"""Keep names in the index; save searches."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from parvis.foundation.errors import Invalid
from parvis.people.models import Person
from parvis.search.index import (
    count_again,
    forget_names,
    index_all,
    index_named,
    indexed_names,
    kept_stores,
)
from parvis.search.models import SavedSearch
from parvis.search.sources import indexes

MOST_SAVED = 50
NAMES_AT_ONCE = 500


def refresh(kind: str, ids: Iterable[UUID]) -> None:
    """Index what some things are called now; what can no longer be found is forgotten."""
    wanted = list(ids)
    index = indexes()[kind]
    for start in range(0, len(wanted), NAMES_AT_ONCE):
        some = wanted[start : start + NAMES_AT_ONCE]
        things = list(index.named(some))
        index_named(kind, things)
        forget_names(set(some) - {thing.id for thing in things})


def refresh_missing() -> None:
    """Index the names that no event told of, and forget those that are gone."""
    for kind, index in indexes().items():
        refresh(kind, indexed_names(kind) ^ set(index.ids()))


def refresh_all() -> None:
    """Index all names anew."""
    for kind, index in indexes().items():
        refresh(kind, indexed_names(kind) | set(index.ids()))


def index_organization() -> None:
    """Index everything that the bound organization has, e.g. after it was filled at once."""
    index_all()
    refresh_all()
    count_again()
    for upkeep in kept_stores():
        upkeep.index_all()
        count_again(upkeep.store)


def save_search(*, person: Person, name: str, address: str) -> SavedSearch:
    """Keep a search under a name; the same name again keeps the new one."""
    name = " ".join(name.replace("\x00", "").split())
    if not name or len(name) > 80:
        raise Invalid({"name": [_("Give it a name of at most 80 characters.")]})
    with transaction.atomic():
        _lock(person)
        mine = SavedSearch.objects.filter(person=person)
        if mine.exclude(name=name).count() >= MOST_SAVED:
            raise Invalid(
                {"name": [_("You have %(count)s saved searches: remove one first.") % {"count": MOST_SAVED}]}
            )
        saved: SavedSearch = mine.update_or_create(
            name=name, defaults={"address": address, "person": person}
        )[0]
    return saved


def remove_saved_search(*, person: Person, id: UUID) -> None:
    """Forget one of one's saved searches."""
    SavedSearch.objects.filter(person=person, id=id).delete()


def _lock(person: Person) -> None:
    """Two windows save one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [str(person.id)])
