"""Forms for asking people in."""

from __future__ import annotations

import re
from email.utils import getaddresses
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from parvis.people.actions import Invitee
from parvis.people.actions.invitations import is_an_address
from parvis.people.forms.fields import without_tricks
from parvis.people.models import Organization, Person

MOST_ADDRESSES = 200
KINDS = [
    (
        Person.Kind.MEMBER,
        _("Members"),
        _("Belong to the organization: they see its directory and its open spaces."),
    ),
    (Person.Kind.GUEST, _("Guests"), _("From outside: they see only the spaces they are invited to.")),
]


class _InvitationForm(forms.Form):
    """Who is asked in, and in which language."""

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = dict(settings.LANGUAGES)
        offered = [(code, names[code]) for code in organization.languages if code in names]
        self.fields["kind"] = forms.ChoiceField(
            label=_("They come as"),
            choices=[kind[:2] for kind in KINDS],
            initial=Person.Kind.MEMBER,
            widget=forms.RadioSelect,
        )
        self.fields["language"] = forms.ChoiceField(
            label=_("Language of the invitation"),
            choices=offered or list(names.items()),
            initial=organization.default_language,
        )


class AddressesForm(_InvitationForm):
    """One or many addresses, typed or pasted from anywhere."""

    addresses = forms.CharField(
        label=_("E-mail addresses"),
        help_text=_(
            "One or many, separated by commas, blanks or lines. “Ada Roy <ada@example.org>” works too."
        ),
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocapitalize": "none"}),
    )
    is_administrator = forms.BooleanField(label=_("They will administer the organization"), required=False)
    field_order = ("addresses", "kind", "is_administrator", "language")

    def clean_addresses(self) -> list[Invitee]:
        """Return who is meant, or say which words are no addresses."""
        found, wrong = read_addresses(self.cleaned_data["addresses"])
        if wrong:
            shown = ", ".join(word[:60] for word in wrong[:5])
            raise forms.ValidationError(
                ngettext_lazy(
                    "This is not an e-mail address: %(words)s",
                    "These are not e-mail addresses: %(words)s",
                    len(wrong),
                )
                % {"words": shown}
            )
        if len(found) > MOST_ADDRESSES:
            raise forms.ValidationError(
                _("At most %(count)s at once; for more, use a list.") % {"count": MOST_ADDRESSES}
            )
        return found


def read_addresses(text: str) -> tuple[list[Invitee], list[str]]:
    """Return the addresses in a pasted text with the names before them, and the words that are none."""
    found: dict[str, Invitee] = {}
    wrong: list[str] = []
    for piece in re.split(r"[\n;,]+", without_tricks(text)):
        piece = piece.strip()
        if "<" in piece:
            name, address = getaddresses([piece])[0]
            _sort(address, name, found, wrong, piece)
        else:
            for word in piece.split():
                _sort(word, "", found, wrong, word)
    return list(found.values()), wrong


def _sort(address: str, name: str, found: dict[str, Invitee], wrong: list[str], shown: str) -> None:
    address = address.strip("<>\"'() ").lower()
    if is_an_address(address):
        found.setdefault(address, Invitee(email=address, full_name=" ".join(name.split())[:120]))
    else:
        wrong.append(shown)


class ListForm(_InvitationForm):
    """A list of people as CSV, chosen as a file or pasted."""

    file = forms.FileField(
        label=_("CSV file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
    )
    text = forms.CharField(
        label=_("Or paste it here"),
        required=False,
        max_length=2_000_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )
    field_order = ("file", "text", "kind", "language")

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two."""
        data = super().clean() or self.cleaned_data
        if not data.get("file") and not (data.get("text") or "").strip():
            raise forms.ValidationError(_("Choose a file, or paste a list."))
        return data


class LinkForm(_InvitationForm):
    """A link that several people may use."""

    days = forms.TypedChoiceField(
        label=_("It works for"),
        coerce=int,
        initial=14,
        choices=[
            (1, _("1 day")),
            (7, _("7 days")),
            (14, _("14 days")),
            (30, _("30 days")),
            (90, _("90 days")),
        ],
    )
    field_order = ("kind", "days", "language")
