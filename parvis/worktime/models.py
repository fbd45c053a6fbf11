"""Policies, whom they apply to, own hours, leave, and what could not wait."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.foundation.tenancy import TenantModel
from parvis.people.models import Person, Unit
from parvis.worktime.hours import Week, week_from

REASON_LENGTH = 300


class WorkingTimePolicy(TenantModel):
    """When people may be reached: of the organization, of a unit and all below it, or of a contract."""

    class Level(models.TextChoices):
        """For whom a policy is; the later one is the more specific."""

        ORGANIZATION = "organization", _("The organization")
        UNIT = "unit", _("A unit")
        CONTRACT = "contract", _("A contract")

    class OwnHours(models.TextChoices):
        """Whether people choose hours of their own."""

        NO = "no", _("Nobody: these hours apply")
        WITHIN = "within", _("Everybody, within these hours")
        FREE = "free", _("Everybody, as they like")

    class Urgent(models.TextChoices):
        """Who may reach others outside their hours."""

        NOBODY = "nobody", _("Nobody")
        MANAGERS = "managers", _("People who lead others")
        EVERYBODY = "everybody", _("All members")

    level = models.CharField(max_length=12, choices=Level.choices)
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    # Of a contract: what it is called.
    name = models.CharField(max_length=80, blank=True)
    # For each day from Monday on: lists of two minutes of that day; the end may lie in the next one.
    week = models.JSONField(default=list)
    country = models.CharField(max_length=2, blank=True)
    region = models.CharField(max_length=32, blank=True)
    own_hours = models.CharField(max_length=8, choices=OwnHours.choices, default=OwnHours.WITHIN)
    urgent = models.CharField(max_length=12, choices=Urgent.choices, default=Urgent.NOBODY)
    urgent_quota = models.PositiveSmallIntegerField(default=3)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=models.Q(level="organization"),
                name="worktime_policy_one_of_all",
            ),
            models.UniqueConstraint(
                fields=["unit"], condition=models.Q(unit__isnull=False), name="worktime_policy_one_of_unit"
            ),
            models.UniqueConstraint(
                "organization", Lower("name"), condition=~models.Q(name=""), name="worktime_policy_name"
            ),
            models.CheckConstraint(
                condition=models.Q(level="unit", unit__isnull=False) | ~models.Q(level="unit"),
                name="worktime_policy_unit",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """Return what it is called: the contract, the unit, or the whole."""
        return self.name or (self.unit.name if self.unit is not None else str(_("The organization")))

    @property
    def hours(self) -> Week:
        """Return the week."""
        return week_from(self.week)


class Contract(TenantModel):
    """Somebody has a contract: its policy counts more than that of the unit."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    policy = models.ForeignKey(WorkingTimePolicy, on_delete=models.CASCADE, related_name="contracts")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person"], name="worktime_contract_once"),
        ]


class OwnHours(TenantModel):
    """The week that somebody chose."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    week = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person"], name="worktime_own_hours_once"),
        ]

    @property
    def hours(self) -> Week:
        """Return the week."""
        return week_from(self.week)


class Leave(TenantModel):
    """Days on which somebody is not there. Why is nobody's business, and not kept."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    first_day = models.DateField()
    last_day = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(first_day__lte=models.F("last_day")), name="worktime_leave_order"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["person", "last_day"], name="worktime_leave_by_person")]


class UrgentCall(TenantModel):
    """Something reaches people outside their hours: its author said why. It counts towards a monthly quota."""

    sender = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    # An entry or a message: what it is, others know.
    about_id = models.UUIDField()
    # What it stands under in the inbox of those who get it.
    subject = models.CharField(max_length=80, blank=True, db_default="")
    reason = models.CharField(max_length=REASON_LENGTH)
    marked_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "about_id"], name="worktime_urgent_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["sender", "-marked_at"], name="worktime_urgent_by_sender")]


class Representative(TenantModel):
    """Somebody who speaks for the staff, named by an administrator: reads the report."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    named_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    named_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person"], name="worktime_representative_once"),
        ]


class HeldTally(TenantModel):
    """How often something was held back until somebody's day began: by unit and month, never by person."""

    month = models.DateField()
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "month", "unit"], nulls_distinct=False, name="worktime_held_once"
            ),
        ]


class GroupFigures(TenantModel):
    """What a month that is over brought to a group of five or more. It never changes: two looks tell no more than one."""

    month = models.DateField()
    group = models.CharField(max_length=200)
    people = models.PositiveIntegerField()
    written_outside = models.PositiveIntegerField(default=0)
    urgent_calls = models.PositiveIntegerField(default=0)
    held_back = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "month", "group"], name="worktime_figures_once"),
            models.CheckConstraint(condition=models.Q(people__gte=5), name="worktime_figures_five"),
        ]
