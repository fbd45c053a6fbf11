"""Forms of the way in: set-up, invitations, joining."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from parvis.people.forms.fields import LineField, password_field, zone_choices
from parvis.people.models import Identity, slug_is_valid


class _WithNewPassword(forms.Form):
    """Checks a new password against the address and the name beside it."""

    def clean(self) -> dict[str, Any]:
        """Refuse a password that is easy to guess."""
        data = super().clean() or self.cleaned_data
        password = data.get("password")
        if password:
            try:
                validate_password(
                    password, Identity(email=data.get("email", "") or self.initial.get("email", ""))
                )
            except ValidationError as problem:
                self.add_error("password", problem)
        return data


class SetupForm(_WithNewPassword):
    """The organization and its first administrator."""

    name = LineField(
        label=_("Name of the organization"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    slug = forms.CharField(
        label=_("Short name"),
        help_text=_("Part of its address. Left empty, it is made from the name."),
        max_length=63,
        required=False,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    language = forms.ChoiceField(label=_("Its language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=_("Its time zone"))
    full_name = LineField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = password_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = zone_choices()  # type: ignore[attr-defined]
        self.fields["language"].initial = get_language()
        self.fields["time_zone"].initial = "Europe/Paris"

    def clean_email(self) -> str:
        """Keep addresses in lower case."""
        return str(self.cleaned_data["email"]).lower()

    def clean(self) -> dict[str, Any]:
        """Make the short name where none was given."""
        data = super().clean()
        slug = data.get("slug") or slugify(data.get("name", ""))[:63].strip("-") or "organization"
        try:
            slug_is_valid(slug)
        except ValidationError as problem:
            self.add_error("slug", problem)
        data["slug"] = slug
        return data


class AddressForm(forms.Form):
    """An address to which a link is sent."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_email(self) -> str:
        """Keep addresses in lower case."""
        return str(self.cleaned_data["email"]).lower()


class JoinForm(_WithNewPassword):
    """A new login, for an address that is known already."""

    full_name = LineField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = password_field(_("Choose a password"))


class JoinWithAddressForm(JoinForm):
    """A new login through an open link, where no mail can be sent."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    field_order = ("full_name", "email", "password")

    def clean_email(self) -> str:
        """Keep addresses in lower case."""
        return str(self.cleaned_data["email"]).lower()
