"""A thread as a tree: who answered whom, in the server's order, to a depth that can still be read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from parvis.content.faces import Shown, face_of, permissions
from parvis.content.queries import EntryCard
from parvis.people.models import Person

# Below this, answers stand in line and say whom they answer: a phone has no more room, a reader no more patience.
DEEPEST = 3


def branches_of(viewer: Person, root_id: UUID, cards: Sequence[EntryCard]) -> list[Shown]:
    """Return the comments below a root, each with what answers it.

    One whose parent is not among the cards (hidden, or on an earlier page) hangs from the root, so that
    nothing legible is lost. Tombstones that hold nothing are left out.
    """
    by_id = {card.entry.id: card for card in cards}
    children: dict[UUID, list[EntryCard]] = defaultdict(list)
    for card in cards:
        parent_id = card.entry.reply_to_id
        is_known = parent_id in by_id and parent_id != card.entry.id
        children[parent_id if is_known and parent_id is not None else root_id].append(card)
    return _built(viewer, root_id, _walked(root_id, children), by_id)


def _walked(root_id: UUID, children: dict[UUID, list[EntryCard]]) -> list[tuple[EntryCard, UUID]]:
    """Return each comment, parents first, and what it hangs from. No recursion: a thread may be thousands deep."""
    walked: list[tuple[EntryCard, UUID]] = []
    waiting = [(card, root_id, 0) for card in reversed(children[root_id])]
    while waiting:
        card, hangs_from, depth = waiting.pop()
        walked.append((card, hangs_from))
        below = card.entry.id if depth < DEEPEST else hangs_from
        waiting.extend((child, below, min(depth + 1, DEEPEST)) for child in reversed(children[card.entry.id]))
    return walked


def _built(
    viewer: Person, root_id: UUID, walked: list[tuple[EntryCard, UUID]], by_id: dict[UUID, EntryCard]
) -> list[Shown]:
    below: dict[UUID, list[Shown]] = defaultdict(list)
    # Leaves first, so that each finds its replies ready.
    for card, hangs_from in reversed(walked):
        replies = below[card.entry.id][::-1]
        if card.entry.is_deleted and not replies:
            continue
        answered_id = card.entry.reply_to_id
        answered = by_id.get(answered_id) if answered_id and answered_id != hangs_from else None
        face = face_of(viewer, card, reply_to=answered.entry if answered else None)
        below[hangs_from].append(Shown(face, permissions(viewer, card, place="thread"), replies))
    return below[root_id][::-1]


def in_line(viewer: Person, comments: Sequence[EntryCard], answered: Sequence[EntryCard] = ()) -> list[Shown]:
    """Return comments one after the other, as a conversation goes, each with whom it answers.

    What they answer may be told in `answered`, which is not shown itself; nor are tombstones.
    """
    by_id = {card.entry.id: card.entry for card in (*answered, *comments)}
    return [
        Shown(
            face_of(viewer, card, reply_to=by_id.get(card.entry.reply_to_id or card.entry.id)),
            permissions(viewer, card, place="thread"),
        )
        for card in comments
        if not card.entry.is_deleted
    ]


def branch_in(branches: Sequence[Shown], entry_id: UUID) -> tuple[Shown, int] | None:
    """Return one comment of a tree with all that hangs below it, and its depth."""
    waiting = [(branch, 0) for branch in branches]
    while waiting:
        branch, depth = waiting.pop()
        if branch.entry.id == entry_id:
            return branch, depth
        waiting.extend((reply, depth + 1) for reply in branch.replies)
    return None
