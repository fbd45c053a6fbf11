"""The page where somebody makes and revokes their tokens."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from parvis.api.models import ApiToken
from parvis.api.tokens import create_token, revoke_token, tokens_of
from parvis.foundation.errors import NotFound
from parvis.syndication.queries import addresses_of


class TokenForm(forms.Form):
    """What a token is for and what it may do."""

    name = forms.CharField(label=gettext_lazy("What is it for?"), max_length=80)
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What may it do?"),
        choices=ApiToken.Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=["read"],
    )


@never_cache
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """List one's tokens; a new one is shown once."""
    viewer = request.viewer  # type: ignore[attr-defined]
    form = TokenForm(request.POST or None)
    context: dict[str, Any] = {"secret": ""}
    if request.method == "POST" and form.is_valid():
        _token, context["secret"] = create_token(person=viewer, **form.cleaned_data)
        form = TokenForm()
    context |= {"form": form, "tokens": tokens_of(viewer), "feeds": addresses_of(viewer)}
    return render(request, "api/tokens.html", context, status=422 if form.errors else 200)


@require_POST
def revoke(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """Close a token for good."""
    viewer = request.viewer  # type: ignore[attr-defined]
    token = tokens_of(viewer).filter(pk=token_id).first()
    if token is None:
        raise NotFound
    revoke_token(person=viewer, token=token)
    messages.success(request, _("The token no longer opens anything."))
    return redirect("tokens")
