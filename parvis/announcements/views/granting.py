"""Who may announce to the whole organization."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from parvis.announcements import actions
from parvis.announcements.policy import may_grant
from parvis.announcements.queries import announcers as granted
from parvis.content.views.answers import viewer_of
from parvis.foundation.errors import Forbidden
from parvis.people.queries import directory, find_in_directory

FOUND_PEOPLE = 12


def announcers(request: HttpRequest) -> HttpResponse:
    """Let administrators grant it, and take it back."""
    viewer = viewer_of(request)
    if not may_grant(viewer):
        raise Forbidden
    if request.method == "POST":
        person = find_in_directory(viewer, request.POST.get("person"))
        change = actions.revoke if request.POST.get("do") == "revoke" else actions.grant
        change(actor=viewer, person=person)
        return redirect("announcements:announcers")
    search, rows = request.GET.get("q", "").strip()[:80], granted()
    known = [row.person_id for row in rows]
    found = directory(viewer, search=search).exclude(pk__in=known)[:FOUND_PEOPLE] if search else []
    context = {"announcers": rows, "found": found, "search": search}
    return render(request, "announcements/announcers.html", context)
