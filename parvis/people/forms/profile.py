"""Forms about oneself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from parvis.people.forms.fields import LineField, WordsField, without_tricks, zone_choices
from parvis.people.models import Organization, Person, Unit
from parvis.people.queries import person_named, unit_tree

PICTURE_LIMIT_BYTES = 15 * 1024 * 1024


class ProfileForm(forms.Form):
    """What a profile says."""

    picture = forms.FileField(
        label=_("Picture"),
        required=False,
        help_text=_("A photo of you; it is cut to a square around its middle."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/avif,image/gif"}),
    )
    without_picture = forms.BooleanField(label=_("Remove the picture"), required=False)
    full_name = LineField(
        label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    job_title = LineField(
        label=_("Job title"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    manager = LineField(
        label=_("Manager"), max_length=260, required=False, help_text=_("A name, or an e-mail address.")
    )
    location = LineField(
        label=_("Location"), max_length=120, required=False, help_text=_("Where you usually work, e.g. Lyon.")
    )
    phone = LineField(
        label=_("Phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    bio = forms.CharField(
        label=_("About me"),
        max_length=4000,
        required=False,
        help_text=_("What you work on, what you can be asked about."),
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": 4000}),
    )
    skills = WordsField(
        label=_("Skills"),
        most=30,
        longest=60,
        required=False,
        help_text=_("Separated by commas: people are found by them."),
    )

    def __init__(self, *args: Any, viewer: Person, person: Person, **kwargs: Any) -> None:
        self.viewer, self.person = viewer, person
        super().__init__(*args, **kwargs | {"initial": _of(person)})
        indented = [(str(unit.id), "\u2003" * unit.depth + unit.name) for unit in unit_tree()]
        self.fields["unit"].choices = [("", _("None")), *indented]  # type: ignore[attr-defined]
        self.fields["manager"].widget.attrs |= {"list": "manager-suggestions", "autocomplete": "off"}
        if person.picture_id is None:
            del self.fields["without_picture"]

    def clean_picture(self) -> Any:
        """Bound the upload."""
        picture = self.cleaned_data.get("picture")
        if picture and picture.size > PICTURE_LIMIT_BYTES:
            raise forms.ValidationError(_("This picture is too large: 15 MB at most."))
        return picture

    def clean_bio(self) -> str:
        """Keep line breaks, nothing that turns the text around."""
        return without_tricks(self.cleaned_data["bio"]).replace("\r\n", "\n").replace("\x00", "").strip()

    def clean_unit(self) -> Unit | None:
        """Return the unit."""
        chosen = self.cleaned_data["unit"]
        return Unit.objects.get(pk=chosen) if chosen else None

    def clean_manager(self) -> Person | None:
        """Find who is meant by a name or an address."""
        text = self.cleaned_data["manager"]
        if not text or (self.person.manager is not None and text == shown_name(self.person.manager)):
            return self.person.manager if text else None
        found = person_named(self.viewer, text)
        if not found:
            raise forms.ValidationError(_("Nobody in the directory has this name or address."))
        if len(found) > 1:
            raise forms.ValidationError(_("Several people have this name: give the e-mail address."))
        return found[0]

    def changes(self) -> dict[str, Any]:
        """Return the fields of the profile that are to change, without the picture."""
        kept = {"full_name", "job_title", "unit", "manager", "location", "phone", "bio", "skills"}
        return {name: value for name, value in self.cleaned_data.items() if name in kept}


def shown_name(person: Person) -> str:
    """Return a name that means one person: with the address where there is one."""
    return f"{person.full_name} ({person.email})" if person.email else person.full_name


def _of(person: Person) -> dict[str, Any]:
    return {
        "full_name": person.full_name,
        "job_title": person.job_title,
        "unit": str(person.unit_id or ""),
        "manager": shown_name(person.manager) if person.manager is not None else "",
        "location": person.location,
        "phone": person.phone,
        "bio": person.bio,
        "skills": person.skills,
    }


class PreferencesForm(forms.Form):
    """Language, time zone and colours."""

    language = forms.ChoiceField(label=_("Language"))
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)
    theme = forms.ChoiceField(label=_("Appearance"), choices=Person.Theme.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, person: Person, organization: Organization, **kwargs: Any) -> None:
        initial = {"language": person.language, "time_zone": person.time_zone, "theme": person.theme}
        super().__init__(*args, **kwargs | {"initial": initial})
        names = dict(settings.LANGUAGES)
        offered = [(code, _native(code)) for code in organization.languages if code in names] or [
            (code, _native(code)) for code in names
        ]
        if not person.language:
            self.initial["language"] = organization.default_language
        self.fields["language"].choices = offered  # type: ignore[attr-defined]
        like = _("That of the organization: %(zone)s") % {"zone": organization.time_zone.replace("_", " ")}
        self.fields["time_zone"].choices = zone_choices(empty_label=like)  # type: ignore[attr-defined]


def _native(code: str) -> str:
    return {"en": "English", "fr": "Français"}.get(code, code)


class LeaveForm(forms.Form):
    """Leaving is confirmed by typing the organization's name."""

    name = LineField(
        label=_("Name of the organization"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        self.organization = organization
        super().__init__(*args, **kwargs)

    def clean_name(self) -> str:
        """Compare without minding case."""
        name = str(self.cleaned_data["name"])
        if name.casefold() != " ".join(self.organization.name.split()).casefold():
            raise forms.ValidationError(_("Type the name exactly as it is shown."))
        return name
