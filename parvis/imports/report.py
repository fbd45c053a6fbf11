"""A run, or a rehearsal, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.foundation.ui.formats import number as grouped
from parvis.imports.left_out import explained
from parvis.imports.models import ImportRun
from parvis.imports.rehearsal import PlannedSpace, Rehearsal
from parvis.imports.source import LeftOut


def counted(kind: str, number: int) -> str:
    """Return a number of things of one kind, in words."""
    sentences = {
        "people": ngettext("%(count)s person", "%(count)s people", number),
        "matched": ngettext(
            "%(count)s person who is here already", "%(count)s people who are here already", number
        ),
        "spaces": ngettext("%(count)s space", "%(count)s spaces", number),
        "posts": ngettext("%(count)s post", "%(count)s posts", number),
        "comments": ngettext("%(count)s comment", "%(count)s comments", number),
        "reactions": ngettext("%(count)s reaction", "%(count)s reactions", number),
        "files": ngettext("%(count)s file", "%(count)s files", number),
        "rooms": ngettext("%(count)s conversation", "%(count)s conversations", number),
        "messages": ngettext("%(count)s chat message", "%(count)s chat messages", number),
        "edits": ngettext("%(count)s edited text", "%(count)s edited texts", number),
        "entries": ngettext("%(count)s post or comment", "%(count)s posts and comments", number),
        "said": ngettext("%(count)s message", "%(count)s messages", number),
    }
    return sentences[kind] % {"count": grouped(number)}


ORDER = (
    "people",
    "matched",
    "spaces",
    "rooms",
    "entries",
    "posts",
    "comments",
    "messages",
    "said",
    "reactions",
    "files",
    "edits",
)


def what_came(counts: Mapping[str, int]) -> list[str]:
    """Return what is new, kind by kind."""
    return [counted(kind, counts[kind]) for kind in ORDER if counts.get(kind)]


def what_would_come(plan: Mapping[str, Any], source: str) -> list[str]:
    """Return what would be new; while wall or chat is still to be chosen, what was said is a message in either."""
    counts = dict(plan.get("counts", {}))
    if goes_where_chosen(source):
        counts["said"] = sum(counts.pop(kind, 0) for kind in ("posts", "comments", "messages"))
    return what_came(counts)


def goes_where_chosen(source: str) -> bool:
    """Whether what comes from there suits the wall and the chat."""
    return source in {ImportRun.Source.SLACK, ImportRun.Source.MATTERMOST}


def what_came_in_a_sentence(counts: Mapping[str, int]) -> str:
    """Return what is new on one line."""
    return ", ".join(what_came(counts)) or _("nothing new")


def what_went_wrong(run: ImportRun) -> str:
    """Say why a run failed; empty when it did not."""
    if run.state != ImportRun.State.FAILED:
        return ""
    return run.fault or _("It was stopped before its end.")


def already_here(counts: Mapping[str, int]) -> str:
    """Say what an earlier import has brought; empty when nothing."""
    known = counts.get("known", 0)
    if not known:
        return ""
    return ngettext(
        "%(count)s message is here already: left as it is.",
        "%(count)s messages are here already: left as they are.",
        known,
    ) % {"count": grouped(known)}


def left_out_lines(left_out: Iterable[LeftOut]) -> list[str]:
    """Return what stays behind, and why."""
    return [_left_out_line(item) for item in left_out]


def _left_out_line(item: LeftOut) -> str:
    explanation = explained(item)
    examples = f" ({', '.join(item.examples)})" if item.examples else ""
    return _("%(what)s: %(count)s%(examples)s. %(why)s") % {
        "what": explanation.what,
        "count": grouped(item.count),
        "examples": examples,
        "why": explanation.why,
    }


def left_out_rows(left_out: Iterable[LeftOut]) -> list[dict[str, Any]]:
    """Return what stays behind as rows of a table: what, how many, examples, why."""
    return [
        {
            "what": explained(item).what,
            "count": item.count,
            "examples": ", ".join(item.examples),
            "why": explained(item).why,
        }
        for item in left_out
    ]


def left_out_of(run: ImportRun) -> list[LeftOut]:
    """Return what a run left out."""
    return left_out_from(run.left_out)


def left_out_from(rows: Iterable[Mapping[str, Any]]) -> list[LeftOut]:
    """Return what was left out, as it was kept."""
    return [LeftOut(what=row["what"], count=row["count"], examples=tuple(row["examples"])) for row in rows]


def planned_spaces(plan: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the spaces that would come or grow, as rows of a table."""
    privacy = _privacy_words()
    here = _("%(name)s (is here already)")
    return [
        {
            **space,
            "name": space["name"] if space["is_new"] else here % {"name": space["name"]},
            "privacy": privacy[space["privacy"]],
        }
        for space in plan.get("spaces", [])
    ]


def _privacy_words() -> dict[str, str]:
    return {"open": _("open"), "closed": _("closed"), "secret": _("secret")}


def kept_line(kept: Mapping[str, int]) -> str:
    """Say what an undoing kept; empty when nothing."""
    kinds = what_came(kept)
    if not kinds:
        return ""
    return _("Kept, because members have added to them since: %(what)s.") % {"what": ", ".join(kinds)}


def plan_lines(rehearsal: Rehearsal) -> Iterable[str]:
    """Return what an import would bring and leave out."""
    yield _("Would come: %(what)s.") % {"what": what_came_in_a_sentence(rehearsal.counts)}
    if line := already_here(rehearsal.counts):
        yield line
    for space in rehearsal.spaces.values():
        if space.is_new or space.entries:
            yield "  " + _space_line(space)
    left_out = rehearsal.source.left_out.report()
    if left_out:
        yield _("Would be left out:")
        yield from (f"  {line}" for line in left_out_lines(left_out))


def _space_line(space: PlannedSpace) -> str:
    sentence = (
        _("%(name)s (%(privacy)s, chat): %(members)s, %(messages)s")
        if space.is_chat
        else _("%(name)s (%(privacy)s): %(members)s, %(messages)s")
    )
    return sentence % {
        "name": space.name,
        "privacy": _privacy_words()[space.privacy],
        "members": ngettext("%(count)s member", "%(count)s members", space.members)
        % {"count": grouped(space.members)},
        "messages": ngettext("%(count)s message", "%(count)s messages", space.entries)
        % {"count": grouped(space.entries)},
    }
