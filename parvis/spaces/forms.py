"""The shape of a space's forms; who may is the policy's matter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis.people.models import Person
from parvis.spaces.models import Space

PRIVACY_CHOICES = [
    (Space.Privacy.OPEN, _("Open: everybody in the organization sees it, reads it and joins it")),
    (Space.Privacy.CLOSED, _("Closed: its name and objective are listed; its content is for its members")),
    (Space.Privacy.SECRET, _("Secret: only its members know that it exists")),
]


class SpaceForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a space says of itself. `kind` decides whether an objective is asked for."""

    # Declared: a field made from the model would ask for people when this module is read.
    sponsor = forms.ModelChoiceField(
        queryset=Person._base_manager.none(),
        label=_("Sponsor"),
        help_text=_("Who wants this to succeed and can decide?"),
    )

    class Meta:
        model = Space
        fields = [
            "name",
            "description",
            "privacy",
            "posting",
            "objective",
            "problem",
            "measure",
            "ends_on",
        ]
        labels = {
            "name": _("Name"),
            "description": _("What is it about?"),
            "privacy": _("Who sees and joins it?"),
            "posting": _("Who starts conversations?"),
            "objective": _("Objective"),
            "problem": _("Problem"),
            "measure": _("Measure"),
            "ends_on": _("Planned end"),
        }
        help_texts = {
            "objective": _("What will be true when this space has succeeded? One sentence."),
            "problem": _("Which problem does it answer, and for whom?"),
            "measure": _("The figure that will tell whether it worked."),
            "ends_on": _("On that day the space reports what it brought, and closes or goes on."),
            "posting": _("Every member may comment in any case."),
        }
        widgets = {
            "description": forms.Textarea(attrs={"rows": 3}),
            "problem": forms.Textarea(attrs={"rows": 3}),
            "privacy": forms.RadioSelect(),
            "posting": forms.RadioSelect(),
            "ends_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        if kind == Space.Kind.NETWORK:
            for name in ("objective", "problem", "sponsor", "measure", "ends_on"):
                del self.fields[name]
        else:
            for name in ("objective", "problem", "sponsor", "measure", "ends_on"):
                self.fields[name].required = True
            sponsors = Person.objects.filter(state=Person.State.ACTIVE, kind=Person.Kind.MEMBER)
            self.fields["sponsor"].queryset = sponsors.order_by("sort_name")  # type: ignore[attr-defined]
        self.fields["privacy"].choices = PRIVACY_CHOICES  # type: ignore[attr-defined]

    def _get_validation_exclusions(self) -> set[str]:
        # The kind is decided by the page, not by a field: the action checks what it demands.
        return super()._get_validation_exclusions() | {"kind", "organization"}  # type: ignore[misc,no-any-return]

    def _post_clean(self) -> None:
        """Check shape only: the row is written by an action, which knows the rules."""


class JoinRequestForm(forms.Form):
    """A word to the hosts."""

    message = forms.CharField(
        label=_("A word to the hosts"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
