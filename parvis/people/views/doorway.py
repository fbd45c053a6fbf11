"""The root of the installation: which organization does one want to enter?"""

from __future__ import annotations

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from parvis.foundation.addresses import reverse
from parvis.people.access import public
from parvis.people.actions.invitations import accepts_domain_of
from parvis.people.addresses import entrance_of, path_of
from parvis.people.models import Organization
from parvis.people.queries import organizations_of, the_only_organization
from parvis.people.setup import is_set_up
from parvis.people.views.answers import page, safe_next


@public
@never_cache
def organizations(request: HttpRequest) -> HttpResponse:
    """Lead to the one organization there is, or let a signed-in identity choose among its own.

    Nobody learns here which organizations exist: without sign-in there is only a sign-in page.
    """
    bound: Organization | None = request.organization  # type: ignore[attr-defined]
    if bound is None:
        if not is_set_up():
            return redirect("people:setup")
        only = the_only_organization()
        if only is not None and not request.user.is_authenticated:
            return redirect(_within(only, safe_next(request)))
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), reverse("account_login"))
    mine = organizations_of(request.user.pk)
    if bound is None and len(mine) == 1:
        return redirect(_within(mine[0], safe_next(request)))
    return page(request, "people/organizations.html", _choice(request, bound, mine))


def _choice(request: HttpRequest, bound: Organization | None, mine: list[Organization]) -> dict[str, object]:
    is_stranger = bound is not None and bound not in mine
    may_join = is_stranger and bound is not None and accepts_domain_of(bound, request.user.email)  # type: ignore[union-attr]
    return {
        "mine": [
            {"name": one.name, "logo_url": "", "url": entrance_of(one, request.get_host())} for one in mine
        ],
        "email": request.user.email,  # type: ignore[union-attr]
        "stranger_to": bound if is_stranger else None,
        "may_join": may_join,
    }


def _within(organization: Organization, next_path: str) -> str:
    # A link without prefix, e.g. from the days of a single organization, still leads to its page.
    home = path_of(organization, "web:home")
    return (
        home + next_path.lstrip("/")
        if next_path.startswith("/") and not next_path.startswith("/o/")
        else home
    )
