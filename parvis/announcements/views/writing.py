"""Write an announcement: its text, whom it is for, what it asks; see whom it reaches before it is published."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from parvis.announcements import actions, queries
from parvis.announcements.actions import Wording
from parvis.announcements.actions.writing import check_before_publishing
from parvis.announcements.audience import (
    Audience,
    Group,
    Reach,
    audience_of,
    groups_of,
    reach_of,
    spaces_to_announce_in,
)
from parvis.announcements.forms import AnnouncementForm, default_end, groups_typed, rows_typed, wording_of
from parvis.announcements.ladder import RHYTHMS, rhythm_in_words
from parvis.announcements.models import NAME, Announcement
from parvis.announcements.policy import may_announce_in
from parvis.content import actions as content
from parvis.content.attachments import composer_face
from parvis.content.faces import permalink, space_face
from parvis.content.later import local_time
from parvis.content.models import Entry
from parvis.content.policy import can
from parvis.content.queries import find_unpublished
from parvis.content.views.answers import shown_root, viewer_of
from parvis.content.views.writing import uploads_typed
from parvis.foundation import throttle
from parvis.foundation.addresses import reverse
from parvis.foundation.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from parvis.foundation.ids import parse_id
from parvis.foundation.tenancy import new_id
from parvis.people.models import Person
from parvis.people.queries import common_skills, locations, unit_tree
from parvis.spaces.models import Space
from parvis.spaces.queries import find_readable
from parvis.worktime.models import REASON_LENGTH
from parvis.worktime.urgency import allowance_of

NO_GROUP = ("", "", "", "", "")
TYPED = (
    "title", "body", "audience", "question_en", "question_fr", "deadline", "ends_on", "reminders",
    "escalation", "publish_at", "urgent_reason",
)  # fmt: skip
CHECKED = ("asks", "asks_again", "goes_on")


def write(request: HttpRequest) -> HttpResponse:
    """Write a new announcement, and keep, schedule or publish it."""
    viewer = viewer_of(request)
    space = _space(request, viewer)
    if request.method != "POST":
        return _page(request, _new(space))
    throttle.check("write", viewer.organization_id, viewer.id, rate=throttle.POST)
    return _answer(request, space, None)


def _space(request: HttpRequest, viewer: Person) -> Space:
    """Return where it is to be announced: what was asked for, else the first space where one may."""
    asked = request.POST.get("space") or request.GET.get("space", "")
    if asked:
        space = find_readable(viewer, parse_id(asked))
        if may_announce_in(viewer, space):
            return space
        raise Forbidden
    space_or_none = next(iter(spaces_to_announce_in(viewer)), None)
    if space_or_none is None:
        raise Forbidden
    return space_or_none


def edit(request: HttpRequest, id: UUID) -> HttpResponse:
    """Change an announcement, one that waits or one that stands."""
    viewer = viewer_of(request)
    entry = (
        Entry.objects.visible_to(viewer).filter(pk=id, kind=NAME).select_related("space", "author").first()
    )
    entry = entry or _unpublished(viewer, id)
    if not can(viewer, "edit", entry):
        raise Forbidden
    if request.method != "POST":
        return _page(request, _as_kept(entry))
    return _answer(request, entry.space, entry)


def audience(request: HttpRequest) -> HttpResponse:
    """Say whom it would reach: the fragment below the choice of the audience."""
    viewer = viewer_of(request)
    space = _space(request, viewer)
    try:
        found: Reach | None = _reach(request, viewer, space)
        refusal = ""
    except Invalid as error:
        found, refusal = None, str(error)
    return render(
        request,
        "announcements/reach.html",
        {
            "reach": found,
            "refusal": refusal,
            "space": space_face(space),
            "values": {"goes_on": "goes_on" in request.POST},
            **_urgency_shown(viewer, request.POST.get("urgent_reason", ""), parse_id(request.POST.get("id"))),
        },
    )


def _reach(request: HttpRequest, author: Person, space: Space) -> Reach:
    return _reach_of(author, space, request.POST.get("audience") != "groups", groups_typed(request.POST))


def _reach_of(author: Person, space: Space, is_for_the_space: bool, groups: list[Group]) -> Reach:
    meant = Audience(space=space, author_id=author.id, is_for_the_space=is_for_the_space, groups=groups)
    return reach_of(author, meant)


def _answer(request: HttpRequest, space: Space, entry: Entry | None) -> HttpResponse:
    """Save and do what the pressed button says, or give back what was typed."""
    wish = request.POST.get("do", "keep")
    if wish in ("check", "group"):
        return _again(request, space, entry, None)
    form = AnnouncementForm(request.POST)
    try:
        wording = wording_of(form)
        if wish in ("publish", "schedule"):
            _check_reach(request, space, wording)
        saved = _save(request, space, entry, form, wording)
        return redirect(_decide(request, saved, form, wish))
    except (Invalid, Conflict) as error:
        return _again(request, space, entry, error)


def _check_reach(request: HttpRequest, space: Space, wording: Wording) -> None:
    viewer = viewer_of(request)
    check_before_publishing(author=viewer, space=space, wording=wording)
    reach = _reach_of(viewer, space, wording.is_for_the_space, list(wording.groups))
    if reach.missed and "goes_on" not in request.POST:
        raise Invalid({"audience": [_("Not everybody whom you mean can read it there: see below.")]})


def _save(
    request: HttpRequest, space: Space, entry: Entry | None, form: AnnouncementForm, wording: Wording
) -> Entry:
    viewer, data = viewer_of(request), form.cleaned_data
    if entry is None:
        return actions.begin_announcement(author=viewer, space=space, wording=wording, id=data["id"])
    return actions.edit_announcement(
        editor=viewer,
        entry=entry,
        wording=wording,
        expected_version=data["version"] or 0,
        asks_again=data["asks_again"],
    )


def _decide(request: HttpRequest, entry: Entry, form: AnnouncementForm, wish: str) -> str:
    viewer = viewer_of(request)
    if not entry.is_unpublished:
        return permalink(entry)
    if wish == "publish":
        actions.publish_announcement(actor=viewer, entry=entry)
        return reverse("announcements:progress", args=[entry.id])
    if wish == "schedule":
        if form.cleaned_data["publish_at"] is None:
            raise Invalid({"publish_at": [_("Say when it is to be published.")]})
        actions.schedule_announcement(actor=viewer, entry=entry, at=form.cleaned_data["publish_at"])
        messages.success(request, _("Scheduled: it will be published by itself."))
    else:
        messages.success(request, _("Draft kept."))
    return reverse("announcements:show", args=[entry.id])


def show(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show an announcement that waits as it will read; one that is published has its permalink."""
    viewer = viewer_of(request)
    published = Entry.objects.legible_to(viewer).filter(pk=id).first()
    if published is not None:
        return redirect(permalink(published))
    entry = _unpublished(viewer, id)
    announcement = Announcement.objects.select_related("entry__space").get(entry=entry)
    context = {
        "root": shown_root(viewer, entry, place="thread"),
        "entry": entry,
        "space": space_face(entry.space),
        "reach": reach_of(viewer, audience_of(announcement)),
        "refusal": "",
        "may_publish": can(viewer, "publish", entry),
        "may_discard": can(viewer, "discard", entry),
    }
    return render(request, "announcements/waiting_draft.html", context)


def publication(request: HttpRequest, id: UUID) -> HttpResponse:
    """Publish what waits, now."""
    entry = _unpublished(viewer_of(request), id)
    try:
        actions.publish_announcement(actor=viewer_of(request), entry=entry)
    except Invalid as error:
        messages.error(request, str(error))
        return redirect("announcements:edit", id)
    return redirect("announcements:progress", id)


def unscheduling(request: HttpRequest, id: UUID) -> HttpResponse:
    """Make a scheduled announcement a draft again."""
    content.unschedule(actor=viewer_of(request), entry=_unpublished(viewer_of(request), id))
    return redirect("announcements:show", id)


def discarding(request: HttpRequest, id: UUID) -> HttpResponse:
    """Throw a draft away."""
    content.discard_draft(actor=viewer_of(request), entry=_unpublished(viewer_of(request), id))
    messages.success(request, _("The draft is gone."))
    return redirect("announcements:sent")


def _unpublished(viewer: Person, id: UUID) -> Entry:
    entry = find_unpublished(viewer, id)
    if entry.kind != NAME:
        raise NotFound
    return entry


# The page


def _new(space: Space) -> dict[str, Any]:
    return {
        "id": str(new_id()),
        "space": space,
        "audience": "space",
        "groups": [NO_GROUP],
        "asks": True,
        "reminders": "2,5",
        "escalation": Announcement.Escalation.HOSTS,
        "ends_on": default_end(),
    }


def _as_kept(entry: Entry) -> dict[str, Any]:
    announcement = Announcement.objects.get(entry=entry)
    groups = [
        (str(group.unit_id or ""), group.location, group.job_title, group.skill, group.kind)
        for group in groups_of(announcement)
    ]
    files = entry.attachments.select_related("file").order_by("position")
    return {
        "entry": entry,
        "announcement": announcement,
        "space": entry.space,
        "id": str(entry.id),
        "version": entry.version,
        "title": entry.title,
        "body": entry.body,
        "audience": "space" if announcement.is_for_the_space else "groups",
        "groups": groups or [NO_GROUP],
        "asks": announcement.asks,
        "question_en": announcement.question_en,
        "question_fr": announcement.question_fr,
        "deadline": local_time(announcement.deadline),
        "ends_on": localdate(announcement.ends_at).isoformat(),
        "reminders": ",".join(map(str, announcement.reminder_days)),
        "escalation": announcement.escalation,
        "urgent_reason": announcement.urgent_reason,
        "publish_at": local_time(entry.publish_at),
        "attachments": [composer_face(one) for one in files],
    }


def _again(
    request: HttpRequest, space: Space, entry: Entry | None, error: DomainError | None
) -> HttpResponse:
    """Give back all that was typed, with what is wrong about it, or another row for a group."""
    new: dict[str, Any] = {"id": request.POST.get("id", ""), "space": space}
    kept = _as_kept(entry) if entry is not None else new
    typed: dict[str, Any] = {name: request.POST.get(name, "") for name in TYPED}
    typed |= {name: name in request.POST for name in CHECKED}
    more = [NO_GROUP] if request.POST.get("do") == "group" else []
    typed["groups"] = [*(rows_typed(request.POST) or [NO_GROUP]), *more]
    typed["attachments"] = uploads_typed(request, kept.get("attachments", []))
    errors = error.errors if isinstance(error, Invalid) else {}
    if isinstance(error, Conflict) and error.current is not None:
        # What is there now counts as read: saving again says that this text is the right one.
        typed |= {"version": error.current.version, "theirs": error.current.body}
        text = _("Somebody changed this announcement while you were writing: compare, then save again.")
        errors = {"body": [text]}
    return _page(request, {**kept, **typed}, errors=errors, status=error.status if error else 200)


def _page(
    request: HttpRequest,
    values: dict[str, Any],
    *,
    errors: dict[str, list[Any]] | None = None,
    status: int = 200,
) -> HttpResponse:
    viewer, space, entry = viewer_of(request), values["space"], values.get("entry")
    asked = f"?space={space.id}"
    context = {
        "values": values,
        "errors": errors or {},
        "entry": entry,
        "space": space_face(space),
        "spaces": [(one.id, one.name) for one in spaces_to_announce_in(viewer)],
        "is_published": entry is not None and not entry.is_unpublished,
        "action": reverse("announcements:edit", args=[entry.id]) if entry else reverse("announcements:write"),
        "mention_url": reverse("content:mention_suggestions") + asked,
        "preview_url": reverse("content:preview") + asked,
        "again": _asked_again(values),
        **_choices(viewer),
        **_reach_shown(viewer, values),
    }
    return render(request, "announcements/write.html", context, status=status)


def _choices(viewer: Person) -> dict[str, Any]:
    return {
        "units": unit_tree(),
        "places": locations(viewer),
        "skills": common_skills(viewer),
        "rhythms": [(",".join(map(str, days)), rhythm_in_words(days)) for days in RHYTHMS],
        "escalations": Announcement.Escalation.choices,
        "kinds": [("", _("Members and guests")), ("member", _("Members")), ("guest", _("Guests"))],
    }


def _reach_shown(viewer: Person, values: dict[str, Any]) -> dict[str, Any]:
    entry = values.get("entry")
    author = entry.author if entry is not None else viewer
    groups = [
        Group(unit_id=parse_id(unit), location=location, job_title=job, skill=skill, kind=kind)
        for unit, location, job, skill, kind in values["groups"]
    ]
    return {
        "reach": _reach_of(author, values["space"], values["audience"] != "groups", groups),
        "refusal": "",
        **_urgency_shown(viewer, values.get("urgent_reason", ""), entry.id if entry is not None else None),
    }


def _urgency_shown(viewer: Person, typed: str, entry_id: UUID | None) -> dict[str, Any]:
    """What is published has called whom it called."""
    published = Entry.objects.filter(state=Entry.State.PUBLISHED)
    if entry_id is not None and published.filter(pk=entry_id).exists():
        return {}
    return {
        "allowance": allowance_of(viewer),
        "longest": REASON_LENGTH,
        "urgent_reason": typed,
        "whom_it_calls": _("Whoever gets it is called at once."),
    }


def _asked_again(values: dict[str, Any]) -> int:
    """Return how many would have to acknowledge once more."""
    announcement = values.get("announcement")
    if announcement is None or announcement.asked_at is None or not announcement.asks:
        return 0
    return queries.progress_of(announcement).acknowledged
