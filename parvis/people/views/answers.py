"""What the views about people have in common: refusals beside the field they mean, messages, ways back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from parvis.foundation.errors import DomainError, Invalid
from parvis.people.models import Person


@contextmanager
def refusals_in(form: forms.Form) -> Iterator[None]:
    """Put what an action refuses beside the fields that it means: nothing typed is lost."""
    try:
        yield
    except Invalid as refusal:
        for field, texts in refusal.errors.items():
            for text in texts:
                form.add_error(field if field in form.fields else None, str(text))
    except DomainError as refusal:
        if refusal.status == 404:
            raise
        form.add_error(None, str(refusal.message))


def page(
    request: HttpRequest, template: str, context: dict[str, Any], *, form: forms.Form | None = None
) -> HttpResponse:
    """Answer with a page; a form that was refused says so in the status too."""
    status = 422 if form is not None and form.is_bound and form.errors else 200
    return render(request, template, context | ({"form": form} if form is not None else {}), status=status)


def say(request: HttpRequest, text: str) -> None:
    """Show a message on the next page."""
    messages.success(request, text)


def viewer_of(request: HttpRequest) -> Person:
    """Return who asks; the middleware lets nobody else come to a private view."""
    viewer: Person = request.viewer  # type: ignore[attr-defined]
    return viewer


def safe_next(request: HttpRequest) -> str:
    """Return the path to go on to, if it is one of this host; empty otherwise."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_safe else ""
