"""Spaces, memberships, and the ways into a space."""

from __future__ import annotations

from typing import ClassVar, TypeGuard

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.foundation.tenancy import TenantManager, TenantModel, current_organization_id
from parvis.people.models import Person


def _takes_part_here(viewer: Person | None) -> TypeGuard[Person]:
    """Tell whether the viewer is active, and in the bound organization rather than in another one."""
    return viewer is not None and viewer.is_active and viewer.organization_id == current_organization_id()


class SpaceQuerySet(models.QuerySet["Space"]):
    """Named questions about spaces. `readable_by` is the one place that knows who can read a space."""

    def readable_by(self, viewer: Person | None) -> SpaceQuerySet:
        """Return the spaces whose content the viewer may read."""
        if not _takes_part_here(viewer):
            return self.none()
        joined = models.Exists(Membership.objects.filter(space=models.OuterRef("pk"), person=viewer))
        readable = (
            models.Q(joined) if viewer.is_guest else models.Q(joined) | models.Q(privacy=Space.Privacy.OPEN)
        )
        return self.filter(readable).exclude(state=Space.State.STAGED)

    def listed_for(self, viewer: Person | None) -> SpaceQuerySet:
        """Return the spaces whose name and objective the viewer may know: the readable and the closed ones."""
        if not _takes_part_here(viewer) or viewer.is_guest:
            return self.readable_by(viewer)
        joined = models.Exists(Membership.objects.filter(space=models.OuterRef("pk"), person=viewer))
        return self.filter(models.Q(joined) | ~models.Q(privacy=Space.Privacy.SECRET)).exclude(
            state=Space.State.STAGED
        )

    def joined_by(self, viewer: Person) -> SpaceQuerySet:
        """Return the spaces that the viewer is a member of."""
        return self.readable_by(viewer).filter(memberships__person=viewer)


class SpaceManager(TenantManager["Space"]):
    """The spaces of the bound organization, with their named questions."""

    def get_queryset(self) -> SpaceQuerySet:
        """Return the bound organization's spaces."""
        return SpaceQuerySet(self.model, using=self._db).filter(organization_id=current_organization_id())

    def readable_by(self, viewer: Person | None) -> SpaceQuerySet:
        """Return the spaces whose content the viewer may read."""
        return self.get_queryset().readable_by(viewer)

    def listed_for(self, viewer: Person | None) -> SpaceQuerySet:
        """Return the spaces that the viewer may know of."""
        return self.get_queryset().listed_for(viewer)

    def joined_by(self, viewer: Person) -> SpaceQuerySet:
        """Return the spaces that the viewer is a member of."""
        return self.get_queryset().joined_by(viewer)


class Space(TenantModel):
    """A place to talk and work: a network of people, or a collaborative space with an objective."""

    class Kind(models.TextChoices):
        """The two kinds, never confused."""

        NETWORK = "network", _("Network")
        COLLABORATIVE = "collaborative", _("Collaborative space")

    class Privacy(models.TextChoices):
        """Who sees, joins and reads."""

        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")
        SECRET = "secret", _("Secret")

    class Posting(models.TextChoices):
        """Who starts conversations; every member may reply."""

        MEMBERS = "members", _("All members of the space")
        HOSTS = "hosts", _("Hosts only")

    class State(models.TextChoices):
        """An archived space can be read and no longer written to."""

        STAGED = "staged", _("Being imported")
        ACTIVE = "active", _("Active")
        ARCHIVED = "archived", _("Archived")

    kind = models.CharField(max_length=16, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=80)
    description = models.TextField(_("description"), max_length=4000, blank=True)
    privacy = models.CharField(max_length=8, choices=Privacy.choices, default=Privacy.OPEN)
    posting = models.CharField(max_length=8, choices=Posting.choices, default=Posting.MEMBERS)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    # The space of the whole organization: every member is in it and none can leave.
    is_everyone = models.BooleanField(default=False, editable=False)
    # What a collaborative space states, so that one can tell whether it succeeded.
    objective = models.CharField(_("objective"), max_length=300, blank=True)
    problem = models.TextField(_("problem"), max_length=2000, blank=True)
    sponsor = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="sponsored"
    )
    measure = models.CharField(_("measure"), max_length=300, blank=True)
    ends_on = models.DateField(_("end"), null=True, blank=True)
    created_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    member_count = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar[SpaceManager] = SpaceManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization"], condition=models.Q(is_everyone=True), name="spaces_one_everyone"
            ),
            # Kinds are never confused: only a collaborative space has an objective, and it must have one.
            models.CheckConstraint(
                condition=models.Q(kind="network", objective="")
                | (models.Q(kind="collaborative") & ~models.Q(objective="")),
                name="spaces_objective_by_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_collaborative(self) -> bool:
        """Tell whether this space states an objective."""
        return self.kind == self.Kind.COLLABORATIVE

    @property
    def is_active(self) -> bool:
        """Tell whether one can still write here."""
        return self.state == self.State.ACTIVE


class Membership(TenantModel):
    """Somebody takes part in a space."""

    class Role(models.TextChoices):
        """Hosts manage the space and its members."""

        MEMBER = "member", _("Member")
        HOST = "host", _("Host")

    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.MEMBER)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["space", "person"], name="spaces_membership_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["person", "space"], name="spaces_membership_of_person")]


class JoinRequest(TenantModel):
    """Somebody asks to join a closed space; a host answers."""

    class State(models.TextChoices):
        """What became of it."""

        PENDING = "pending", _("Waiting for an answer")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="join_requests")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="join_requests")
    message = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    decided_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["space", "person"],
                condition=models.Q(state="pending"),
                name="spaces_one_pending_request",
            ),
        ]


class SpaceInvitation(TenantModel):
    """A host asks somebody of the organization to join; that alone shows them a secret space's name."""

    class State(models.TextChoices):
        """What became of it."""

        PENDING = "pending", _("Waiting for an answer")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="invitations")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="space_invitations")
    invited_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["space", "person"],
                condition=models.Q(state="pending"),
                name="spaces_one_pending_invitation",
            ),
        ]
