"""Who may read what, said naively: the matrix compares every read path with this and nothing else."""

from __future__ import annotations

from parvis.content.models import Entry
from parvis.people.models import Person
from parvis.spaces.models import Membership, Space
from tests.world import World

# The viewers of the matrix, by the name of the cast; None is somebody who has not signed in.
VIEWERS = ("alice", "bob", "chloe", "dan", "max", "sam", "lea", "grace", "ute", "twin_bob")


def may_read_space(world: World, viewer: Person, space: Space) -> bool:
    """Say the rule of spaces word by word, without asking the code under test."""
    bound = world.organization.id
    if Space.objects.filter(pk=space.pk, state="staged").exists():
        return False
    if viewer.organization_id != bound or space.organization_id != bound or viewer.state != "active":
        return False
    if Membership.objects.filter(space_id=space.id, person_id=viewer.id).exists():
        return True
    return space.privacy == "open" and viewer.kind == "member"


def may_read_entry(world: World, viewer: Person, entry: Entry) -> bool:
    """An entry is read by who reads its space, while it is published."""
    state = Entry.objects.filter(pk=entry.pk).values_list("state", flat=True).first()
    return state == "published" and may_read_space(world, viewer, world.space_of(entry))


def may_read_unpublished(world: World, viewer: Person, entry: Entry) -> bool:
    """A draft is its author's alone while they read its space; for these no page shows it but those for drafts."""
    state = Entry.objects.filter(pk=entry.pk).values_list("state", flat=True).first()
    is_theirs = state in ("draft", "scheduled") and entry.author_id == viewer.id
    return is_theirs and may_read_space(world, viewer, world.space_of(entry))


def may_know_space(world: World, viewer: Person, space: Space) -> bool:
    """The name and objective of a closed space may be known by every member of the organization."""
    if may_read_space(world, viewer, space):
        return True
    is_staged = Space.objects.filter(pk=space.pk, state="staged").exists()
    same = (
        viewer.organization_id == space.organization_id == world.organization.id and viewer.state == "active"
    )
    return same and viewer.kind == "member" and space.privacy != "secret" and not is_staged
