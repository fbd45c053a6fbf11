"""Forms of administrators."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from parvis.foundation.errors import Text
from parvis.people.forms.fields import LineField, WordsField, zone_choices
from parvis.people.models import Organization, Unit
from parvis.people.queries import unit_tree, units_below

MEGABYTE = 1024 * 1024
MOST_MEGABYTES = 1024**3
HOST_NAME = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?")
# Anybody can have an address there: such a domain would open the organization to the whole world.
PUBLIC_MAIL_DOMAINS = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "outlook.fr",
        "hotmail.com",
        "hotmail.fr",
        "live.com",
        "live.fr",
        "msn.com",
        "yahoo.com",
        "yahoo.fr",
        "icloud.com",
        "me.com",
        "aol.com",
        "gmx.com",
        "gmx.de",
        "gmx.net",
        "gmx.fr",
        "proton.me",
        "protonmail.com",
        "orange.fr",
        "wanadoo.fr",
        "free.fr",
        "sfr.fr",
        "laposte.net",
        "bbox.fr",
        "mail.com",
        "zoho.com",
        "yandex.com",
    ]
)


class OrganizationForm(forms.Form):
    """What the organization says of itself, and its rules."""

    name = LineField(label=_("Name"), max_length=120)
    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        help_text=_("A square picture, 256 pixels or more."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/avif"}),
    )
    without_logo = forms.BooleanField(label=_("Remove the logo"), required=False)
    languages = forms.MultipleChoiceField(
        label=_("Languages offered"), choices=settings.LANGUAGES, widget=forms.CheckboxSelectMultiple
    )
    default_language = forms.ChoiceField(label=_("Language of the organization"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=_("Time zone"))
    who_creates_spaces = forms.ChoiceField(
        label=_("Who may create spaces"), choices=Organization.Rule.choices, widget=forms.RadioSelect
    )
    who_invites = forms.ChoiceField(
        label=_("Who may invite"), choices=Organization.Rule.choices, widget=forms.RadioSelect
    )
    who_adds_emoji = forms.ChoiceField(
        label=_("Who may add emoji"), choices=Organization.Rule.choices, widget=forms.RadioSelect
    )
    shows_link_previews = forms.BooleanField(
        label=_("Show previews of links"),
        required=False,
        help_text=_(
            "The server looks up title and picture of a page that a text links to; readers' browsers never do."
        ),
    )
    shows_seen_by = forms.BooleanField(
        label=_("Show who has read a message in the chat"),
        required=False,
        help_text=_(
            "In conversations of at most 50 people. Whoever appears offline is left out. Off: nobody learns how far others have read."
        ),
    )
    email_domains = WordsField(
        label=_("E-mail domains"),
        most=20,
        longest=253,
        required=False,
        help_text=_(
            "Whoever has an address there may join alone, after confirming it. Separated by commas, e.g. example.org."
        ),
    )
    host_name = forms.CharField(
        label=_("Own host name"),
        required=False,
        max_length=253,
        help_text=_("e.g. social.example.org, once its DNS entry leads here."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    upload_limit = forms.IntegerField(label=_("Largest file, in megabytes"), min_value=1, max_value=102_400)
    person_storage_limit = forms.IntegerField(
        label=_("Room for the files of one person, in megabytes"),
        required=False,
        min_value=1,
        max_value=MOST_MEGABYTES,
        help_text=_("Empty for no limit of its own."),
    )
    storage_limit = forms.IntegerField(
        label=_("Room for all files, in megabytes"),
        required=False,
        min_value=1,
        max_value=MOST_MEGABYTES,
        help_text=_("Empty for as much as the server has."),
    )
    field_order = (
        "name", "logo", "without_logo", "default_language", "languages", "time_zone", "who_creates_spaces",
        "who_invites", "who_adds_emoji", "shows_link_previews", "shows_seen_by", "email_domains", "upload_limit", "person_storage_limit",
        "storage_limit", "host_name",
    )  # fmt: skip

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        self.organization = organization
        super().__init__(*args, **kwargs | {"initial": _of(organization)})
        self.fields["time_zone"].choices = zone_choices()  # type: ignore[attr-defined]
        self.fields["upload_limit"].max_value = settings.PARVIS.upload_limit_mb  # type: ignore[attr-defined]
        if organization.logo_id is None:
            del self.fields["without_logo"]

    def clean_email_domains(self) -> list[str]:
        """Refuse what is no domain, and those where anybody gets an address."""
        domains = [domain.lower().lstrip("@") for domain in self.cleaned_data["email_domains"]]
        for domain in domains:
            if not HOST_NAME.fullmatch(domain):
                raise forms.ValidationError(_("“%(domain)s” is not a domain name.") % {"domain": domain})
            if domain in PUBLIC_MAIL_DOMAINS:
                raise forms.ValidationError(
                    _("Anybody can get an address at %(domain)s: that would let everybody in.")
                    % {"domain": domain}
                )
        return domains

    def clean_host_name(self) -> str | None:
        """Return a host name that no other organization has."""
        name = self.cleaned_data["host_name"].strip().lower().rstrip(".")
        if not name:
            return None
        if not HOST_NAME.fullmatch(name):
            raise forms.ValidationError(_("This is not a host name."))
        if Organization.objects.filter(host_name=name).exclude(pk=self.organization.pk).exists():
            raise forms.ValidationError(_("This host name cannot be used."))
        return str(name)

    def clean_upload_limit(self) -> int:
        """Stay below what the server accepts."""
        limit = int(self.cleaned_data["upload_limit"])
        if limit > settings.PARVIS.upload_limit_mb:
            raise forms.ValidationError(
                _("This server accepts %(limit)s megabytes at most.")
                % {"limit": settings.PARVIS.upload_limit_mb}
            )
        return limit

    def clean(self) -> dict[str, Any]:
        """The organization's own language is among those offered."""
        data = super().clean() or self.cleaned_data
        if (
            data.get("default_language")
            and data.get("languages")
            and data["default_language"] not in data["languages"]
        ):
            self.add_error("languages", _("The language of the organization must be among those offered."))
        return data

    def changes(self) -> dict[str, Any]:
        """Return the organization's fields that are to change, without the logo."""
        same = {"name", "languages", "default_language", "time_zone", "who_creates_spaces", "who_invites"}
        same |= {"shows_link_previews", "shows_seen_by", "who_adds_emoji"}
        kept = {name: self.cleaned_data[name] for name in same | {"email_domains", "host_name"}}
        limits = ("upload_limit", "person_storage_limit", "storage_limit")
        return kept | {f"{name}_bytes": _in_bytes(self.cleaned_data[name]) for name in limits}


def _in_bytes(megabytes: int | None) -> int | None:
    return None if megabytes is None else megabytes * MEGABYTE


def _in_megabytes(size: int | None) -> int | None:
    return None if size is None else max(1, size // MEGABYTE)


def _of(organization: Organization) -> dict[str, Any]:
    fields = (
        "name",
        "languages",
        "default_language",
        "time_zone",
        "who_creates_spaces",
        "who_invites",
        "who_adds_emoji",
        "shows_link_previews",
        "shows_seen_by",
        "email_domains",
    )
    return {name: getattr(organization, name) for name in fields} | {
        "host_name": organization.host_name or "",
        "upload_limit": _in_megabytes(organization.upload_limit_bytes),
        "person_storage_limit": _in_megabytes(organization.person_storage_limit_bytes),
        "storage_limit": _in_megabytes(organization.storage_limit_bytes),
    }


class RoleForm(forms.Form):
    """What somebody may do for the organization."""

    is_administrator = forms.BooleanField(required=False)
    is_moderator = forms.BooleanField(required=False)


class AccessForm(forms.Form):
    """What becomes of somebody's access."""

    change = forms.ChoiceField(choices=[("suspend", ""), ("remove", ""), ("reinstate", "")])


class UnitField(forms.ChoiceField):
    """One of the organization's units, as a `Unit`; each below the one it belongs to, without those left out."""

    def __init__(self, *, nothing: Text, **kwargs: Any) -> None:
        self.nothing = nothing
        super().__init__(**kwargs)

    def offer(self, *, without: Collection[UUID] = ()) -> None:
        """Fill the choices."""
        units = [unit for unit in unit_tree() if unit.id not in without]
        indented = [(str(unit.id), "\u2003" * unit.depth + unit.name) for unit in units]
        self.choices = [("", self.nothing), *indented]

    def clean(self, value: Any) -> Unit | None:
        """Return the unit, None for nothing chosen."""
        chosen = super().clean(value)
        return Unit.objects.filter(pk=chosen).first() if chosen else None


class UnitForm(forms.Form):
    """A part of the organization: a new one, or one that changes."""

    name = LineField(label=_("Name"), max_length=120)
    parent = UnitField(label=_("Part of"), required=False, nothing=_("The organization itself"))

    def __init__(self, *args: Any, unit: Unit | None = None, **kwargs: Any) -> None:
        if unit is not None:
            kwargs["initial"] = {"name": unit.name, "parent": str(unit.parent_id or "")}
        super().__init__(*args, **kwargs)
        self.fields["parent"].offer(without=units_below(unit.id) if unit is not None else ())  # type: ignore[attr-defined]


class MergeForm(forms.Form):
    """Which unit another one becomes part of."""

    into = UnitField(label=_("Merge into"), nothing=_("Choose a unit"))

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].offer(without=units_below(unit.id))  # type: ignore[attr-defined]
