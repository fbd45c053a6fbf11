"""The shape of what an article's page sends."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _

from parvis.articles.actions import Manuscript
from parvis.content.actions import AttachmentDraft
from parvis.content.forms import TextForm
from parvis.foundation.errors import Invalid
from parvis.people.models import Person
from parvis.people.queries import person_named

HOUR = "%Y-%m-%dT%H:%M"


class ArticleForm(TextForm):
    """An article as its page sends it."""

    space = forms.UUIDField(required=False)
    version = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    standfirst = forms.CharField(required=False)
    tags = forms.CharField(required=False, max_length=1000)
    coauthors = forms.CharField(required=False, max_length=1000)
    cover_id = forms.UUIDField(required=False)
    cover_alternative = forms.CharField(required=False, max_length=500)
    drop_cover = forms.BooleanField(required=False)
    publish_at = forms.DateTimeField(required=False, input_formats=[HOUR, HOUR + ":%S"])


def manuscript_of(form: ArticleForm, viewer: Person, *, new_cover: Any = None) -> Manuscript:
    """Return what was written; `new_cover` is the id of a picture that came with the form."""
    data = form.cleaned_data
    cover_id = new_cover or (None if data["drop_cover"] else data["cover_id"])
    cover = AttachmentDraft(cover_id, alternative_text=data["cover_alternative"]) if cover_id else None
    return Manuscript(
        title=data["title"],
        body=data["body"],
        standfirst=data["standfirst"],
        tags=[tag.strip() for tag in re.split(r"[,;\n]", data["tags"]) if tag.strip()],
        cover=cover,
        attachments=form.attachments,
        coauthors=_people(viewer, data["coauthors"]),
    )


def _people(viewer: Person, typed: str) -> list[Person]:
    found = []
    for name in filter(None, (part.strip() for part in re.split(r"[,;\n]", typed))):
        people = person_named(viewer, name)
        if len(people) != 1:
            text = _("Who is %(name)s? Write a whole name, or an e-mail address.")
            raise Invalid({"coauthors": [text % {"name": name}]})
        found.append(people[0])
    return found


def typed_hour(request: HttpRequest) -> str:
    """Return the hour as it was typed, to give it back."""
    return request.POST.get("publish_at", "")
