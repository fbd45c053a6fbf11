"""Pages on which people say what they want to hear of: from a line, from a space, and all at one place."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.content.actions import follow_thread, mute_thread
from parvis.notifications import actions, levels, queries
from parvis.notifications.models import KindChoice, SpaceLevel
from parvis.notifications.queries import InboxLine
from parvis.notifications.reasons import find_reason
from parvis.notifications.views import viewer_of
from parvis.people.models import Person
from parvis.spaces.models import Space
from parvis.spaces.queries import find_readable

Kind = KindChoice.Kind


def kind_explanations() -> dict[str, str]:
    """Return what each kind of event means, for the settings page."""
    return {
        Kind.MENTION: _("By name, in a post or a comment."),
        Kind.REPLY: _("You follow what you start, what you take part in, and what you choose to follow."),
        Kind.POST: _("In each space that you joined, unless you choose otherwise for it below."),
        Kind.REACTION: _("On one quiet line for each post: it rings no bell."),
        Kind.SPACE: _("For hosts, and for whoever asks or is invited."),
    }


def level_options(without: str) -> list[tuple[str, str, str]]:
    """Return the levels of a space with what each means; the empty one says what no choice amounts to."""
    Level = SpaceLevel.Level
    usual = Level(without).label
    return [
        (
            "",
            _("As usual: %(level)s") % {"level": str(usual).lower()},
            _("What your settings say for all spaces."),
        ),
        (Level.EVERYTHING, str(Level.EVERYTHING.label), _("Every post and every comment.")),
        (Level.POSTS, str(Level.POSTS.label), _("Each new conversation, mentions and replies to you.")),
        (Level.REPLIES, str(Level.REPLIES.label), _("Only what is said to you, or where you take part.")),
        (Level.NOTHING, str(Level.NOTHING.label), _("Silence, even when somebody mentions you.")),
    ]


@require_http_methods(["GET", "POST"])
def why(request: HttpRequest, notification_id: UUID) -> HttpResponse:
    """Say why somebody got a line, and let them change that at once."""
    viewer = viewer_of(request)
    line = queries.find_line(viewer, notification_id)
    saved = _change(viewer, line, request.POST) if request.method == "POST" else ""
    if saved and not request.htmx:  # type: ignore[attr-defined]
        messages.success(request, saved)
        return redirect("notifications:inbox")
    context = _reasons_of(viewer, line) | {"saved": saved}
    template = "notifications/why.html" if request.htmx else "notifications/why_page.html"  # type: ignore[attr-defined]
    return render(request, template, context)


def _change(viewer: Person, line: InboxLine, wanted: Any) -> str:
    """Carry out what was chosen on a line; return what to say."""
    row = line.notification
    if row.entry is not None and wanted.get("thread") == "muted":
        mute_thread(person=viewer, entry=row.entry)
        return _("You hear no more of this conversation, unless somebody mentions you.")
    if row.entry is not None and wanted.get("thread") == "following":
        follow_thread(person=viewer, entry=row.entry)
        return _("You follow this conversation again.")
    if row.entry is not None and "level" in wanted:
        actions.set_space_level(person=viewer, space=row.entry.space, level=wanted["level"])
        return _("Saved.")
    kind = find_reason(row.reason).kind
    if kind and wanted.get("kind") in {"on", "off"}:
        actions.choose_kind(person=viewer, kind=kind, is_on=wanted["kind"] == "on")
        return _("Saved.")
    return ""


def _reasons_of(viewer: Person, line: InboxLine) -> dict[str, Any]:
    row, reason = line.notification, find_reason(line.notification.reason)
    choices = levels.choices_of(viewer)
    space = row.entry.space if row.entry is not None else None
    return {
        "notification": row,
        "why": reason.why_of(row),
        "kind": reason.kind,
        "kind_label": Kind(reason.kind).label if reason.kind else "",
        "kind_hint": kind_explanations().get(reason.kind, ""),
        "kind_is_on": choices.get(reason.kind, True),
        "follow": queries.follow_level(viewer, row.entry.root_id) if row.entry is not None else None,
        "space": space,
        "level": levels.levels_of(viewer).get(space.id, "") if space is not None else "",
        "level_choices": level_choices(choices),
    }


@require_http_methods(["GET", "POST"])
def space(request: HttpRequest, space_id: UUID) -> HttpResponse:
    """Choose how much to hear of one space."""
    viewer = viewer_of(request)
    found = find_readable(viewer, space_id)
    if request.method == "POST":
        actions.set_space_level(person=viewer, space=found, level=request.POST.get("level", ""))
        if request.htmx:  # type: ignore[attr-defined]
            return _level_form(request, found)
        messages.success(request, _("Saved."))
        if request.POST.get("from") == "settings":
            return redirect("notifications:settings")
        return redirect("spaces:show", found.id)
    context = {
        "space": found,
        "level": levels.levels_of(viewer).get(found.id, ""),
        "level_options": level_options(levels.level_without_choice(levels.choices_of(viewer))),
    }
    return render(request, "notifications/space.html", context)


def _level_form(request: HttpRequest, space: Space) -> HttpResponse:
    viewer = viewer_of(request)
    context = {
        "space": space,
        "level": levels.levels_of(viewer).get(space.id, ""),
        "level_choices": level_choices(levels.choices_of(viewer)),
        "saved": _("Saved."),
    }
    return render(request, "notifications/level_form.html", context)


def level_choices(choices: dict[str, bool]) -> list[tuple[str, str]]:
    """Return the levels of a space to choose from."""
    return [(value, label) for value, label, _hint in level_options(levels.level_without_choice(choices))]
