"""See, add and look after the organization's emoji; what the chooser needs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parvis.emoji import actions, policy, queries
from parvis.emoji.forms import EmojiForm
from parvis.emoji.models import CustomEmoji
from parvis.foundation import throttle
from parvis.foundation.errors import Forbidden, Invalid, NotFound
from parvis.foundation.files.responses import file_response
from parvis.people.models import Person
from parvis.people.views.answers import page, refusals_in, say, viewer_of

USES = throttle.Rate(300, 600)


@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Show the organization's emoji; add one."""
    viewer = viewer_of(request)
    may_add = policy.can(viewer, "add", viewer.organization)
    form = EmojiForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        if not may_add:
            raise Forbidden
        throttle.check("write", viewer.organization_id, viewer.id, rate=throttle.POST)
        if (added := _added(viewer, form)) is not None:
            say(request, _("%(code)s can be used now.") % {"code": added.code})
            return redirect("emoji:index")
    context: dict[str, Any] = {
        "offered": queries.offered_emoji().select_related("added_by"),
        "withdrawn": queries.withdrawn_emoji().select_related("added_by") if may_add else [],
        "most": queries.MOST_EMOJI,
        "may_add": may_add,
        # A guest uses them, and learns of nobody by them.
        "names_people": not viewer.is_guest,
        "may_remove": policy.can(viewer, "remove", viewer.organization),
        "is_administrator": viewer.is_administrator,
    }
    return page(request, "emoji/list.html", context, form=form)


def _added(viewer: Person, form: EmojiForm) -> CustomEmoji | None:
    if not form.is_valid():
        return None
    with refusals_in(form):
        return actions.add_emoji(
            actor=viewer, name=form.cleaned_data["name"], source=form.cleaned_data["picture"]
        )
    return None


@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """Answer with what the chooser needs; remember what was used, or a skin tone."""
    viewer = viewer_of(request)
    if request.method == "POST":
        throttle.check("emoji", viewer.organization_id, viewer.id, rate=USES)
        _remember(viewer, request)
        return HttpResponse(status=204)
    habit = queries.habit_of(viewer)
    return JsonResponse(
        {
            "tone": habit.skin_tone,
            "recent": habit.recent,
            "custom": [
                {"name": one.name, "url": one.picture_url, "still": one.still_url}
                for one in queries.offered_emoji()
            ],
        }
    )


def _remember(viewer: Person, request: HttpRequest) -> None:
    if used := request.POST.get("used", "")[:64]:
        actions.remember_used(person=viewer, emoji=used)
    if (tone := request.POST.get("tone", "")) and tone.isascii() and tone.isdecimal():
        actions.choose_skin_tone(person=viewer, tone=int(tone[:3]))


@require_GET
def picture(request: HttpRequest, id: UUID) -> HttpResponse:
    """Answer with the picture, to everybody of the organization: texts that they read hold it."""
    return file_response(request, queries.find_emoji(id).picture, inline=True)


@require_GET
def still(request: HttpRequest, id: UUID) -> HttpResponse:
    """Answer with what stands for a moving picture where motion is not wanted."""
    emoji = queries.find_emoji(id)
    return file_response(request, emoji.still or emoji.picture, inline=True)


@require_POST
def rename(request: HttpRequest, id: UUID) -> HttpResponse:
    """Call an emoji otherwise."""
    emoji = _managed(request, id)
    try:
        renamed = actions.rename_emoji(
            actor=viewer_of(request), emoji=emoji, name=request.POST.get("name", "")[:80]
        )
    except Invalid as error:
        messages.error(request, str(error))
    else:
        say(request, _("It is called %(code)s now.") % {"code": renamed.code})
    return redirect("emoji:index")


@require_POST
def withdraw(request: HttpRequest, id: UUID) -> HttpResponse:
    """Offer an emoji no more."""
    emoji = _managed(request, id)
    actions.withdraw_emoji(actor=viewer_of(request), emoji=emoji)
    say(request, _("%(code)s is no longer offered. It stays where it was used.") % {"code": emoji.code})
    return redirect("emoji:index")


@require_POST
def offer(request: HttpRequest, id: UUID) -> HttpResponse:
    """Offer a withdrawn emoji again."""
    emoji = _managed(request, id)
    try:
        actions.offer_again(actor=viewer_of(request), emoji=emoji)
    except Invalid as error:
        messages.error(request, str(error))
    return redirect("emoji:index")


@require_POST
def remove(request: HttpRequest, id: UUID) -> HttpResponse:
    """Take a picture away everywhere."""
    emoji = _managed(request, id)
    actions.remove_emoji(actor=viewer_of(request), emoji=emoji)
    say(request, _("%(code)s is gone, also from what was written.") % {"code": emoji.code})
    return redirect("emoji:index")


def _managed(request: HttpRequest, id: UUID) -> CustomEmoji:
    viewer = viewer_of(request)
    if not policy.can(viewer, "add", viewer.organization):
        raise NotFound
    return queries.find_emoji(id)
