"""Organizations, identities, persons and how one becomes a member."""

from __future__ import annotations

import unicodedata
from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis.foundation.addresses import reverse
from parvis.foundation.prepared import prepared
from parvis.foundation.tenancy import TenantManager, TenantModel, new_id

LANGUAGES = [("en", "English"), ("fr", "Français")]

slug_is_valid = RegexValidator(
    r"^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$",
    _("Use lower-case letters, digits and hyphens, e.g. “my-company”."),
)


def sort_key(name: str) -> str:
    """Return a key that sorts names as French and English readers expect, accents and case aside.

    The embedded PostgreSQL has no ICU, so the collation is made here and stored.
    """
    plain = unicodedata.normalize("NFKD", name)
    return "".join(char for char in plain if not unicodedata.combining(char)).casefold()


class Organization(models.Model):
    """A tenant: one company, association or chamber on this installation. Above row-level security."""

    class Rule(models.TextChoices):
        """Who may do something organization-wide."""

        MEMBERS = "members", _("All members")
        ADMINISTRATORS = "administrators", _("Administrators only")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.CharField(max_length=63, unique=True, validators=[slug_is_valid])
    name = models.CharField(max_length=120)
    # Served without the /o/SLUG/ prefix when the request's host is this one.
    host_name = models.CharField(max_length=253, unique=True, null=True, blank=True)
    logo = models.ForeignKey(
        "foundation.StoredFile", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    default_language = models.CharField(max_length=8, choices=LANGUAGES, default="en")
    languages = ArrayField(models.CharField(max_length=8, choices=LANGUAGES), default=list)
    time_zone = models.CharField(max_length=64, default="Europe/Paris")
    who_creates_spaces = models.CharField(max_length=16, choices=Rule.choices, default=Rule.MEMBERS)
    who_invites = models.CharField(max_length=16, choices=Rule.choices, default=Rule.ADMINISTRATORS)
    who_adds_emoji = models.CharField(
        max_length=16, choices=Rule.choices, default=Rule.ADMINISTRATORS, db_default=Rule.ADMINISTRATORS
    )
    # What links lead to is looked up by this server; an organization may not want its server to ask around.
    shows_link_previews = models.BooleanField(default=True, db_default=True)
    # In conversations of few people, who has read how far; many would rather not be watched.
    shows_seen_by = models.BooleanField(default=False, db_default=False)
    # People whose confirmed address is of one of these domains may join by themselves.
    email_domains = ArrayField(models.CharField(max_length=253), default=list, blank=True)
    upload_limit_bytes = models.BigIntegerField(default=512 * 1024 * 1024)
    storage_limit_bytes = models.BigIntegerField(null=True, blank=True)
    person_storage_limit_bytes = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return self.name

    @property
    def logo_url(self) -> str:
        """The path of the logo, empty without one."""
        return reverse("people:logo", args=[self.logo_id]) if self.logo_id else ""


class IdentityManager(BaseUserManager["Identity"]):
    """Creates logins; addresses are kept in lower case, since mail in practice ignores it."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Identity:
        """Create a login; without a password only a reset or an invitation opens it."""
        identity = self.model(email=email.strip().lower(), **fields)
        identity.set_password(password)
        identity.save(using=self._db)
        return identity

    def get(self, *args: Any, **kwargs: Any) -> Identity:
        """Find one; by its key as a page asks for who is signed in, by a statement that is made once."""
        if args or kwargs.keys() != {"pk"}:
            return super().get(*args, **kwargs)
        found = _identity(kwargs["pk"])
        if not found:
            raise Identity.DoesNotExist
        return found[0]

    def get_by_natural_key(self, username: str | None) -> Identity:
        """Find by address, whatever its case."""
        return self.get(email=(username or "").strip().lower())


class Identity(AbstractBaseUser):
    """A login: an address and a password. One identity may be a person in several organizations."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[IdentityManager] = IdentityManager()

    def __str__(self) -> str:
        return self.email


@prepared
def _identity(id: UUID) -> models.QuerySet[Identity]:
    return Identity.objects.filter(pk=id)


class Unit(TenantModel):
    """A part of the organization: a plant, a department, a team."""

    name = models.CharField(max_length=120)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("organization", Lower("name"), name="people_unit_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Person(TenantModel):
    """Somebody within one organization: a member, or a guest who sees only what they were invited to."""

    class Kind(models.TextChoices):
        """Members belong to the organization; guests come from outside."""

        MEMBER = "member", _("Member")
        GUEST = "guest", _("Guest")

    class State(models.TextChoices):
        """Where somebody stands; only the active can sign in."""

        STAGED = "staged", _("Being imported")
        UNCLAIMED = "unclaimed", _("Not yet joined")
        ACTIVE = "active", pgettext_lazy("a person", "Active")
        SUSPENDED = "suspended", _("Suspended")
        LEFT = "left", _("Left")

    class Theme(models.TextChoices):
        """The colours somebody prefers."""

        SYSTEM = "system", _("Like my device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    identity = models.ForeignKey(Identity, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.MEMBER)
    state = models.CharField(max_length=12, choices=State.choices, default=State.ACTIVE)
    is_administrator = models.BooleanField(default=False)
    is_moderator = models.BooleanField(default=False)
    full_name = models.CharField(_("name"), max_length=120)
    sort_name = models.CharField(max_length=160, editable=False)
    email = models.EmailField(_("e-mail address"), blank=True)
    job_title = models.CharField(_("job title"), max_length=120, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.SET_NULL, null=True, blank=True, related_name="people")
    manager = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="reports"
    )
    location = models.CharField(_("location"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    bio = models.TextField(_("about me"), max_length=4000, blank=True)
    skills = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    language = models.CharField(_("language"), max_length=8, choices=LANGUAGES, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    picture = models.ForeignKey(
        "foundation.StoredFile", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    theme = models.CharField(_("appearance"), max_length=8, choices=Theme.choices, default=Theme.SYSTEM)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    left_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        # An identity finds its own persons before any organization is bound (the chooser after sign-in).
        tenant_alternative = "identity_id = NULLIF(current_setting('app.identity_id', true), '')::uuid"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "identity"],
                condition=models.Q(identity__isnull=False),
                name="people_person_identity",
            ),
            models.UniqueConstraint(
                "organization", Lower("email"), condition=~models.Q(email=""), name="people_person_email"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "sort_name", "id"], name="people_person_by_name"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def url(self) -> str:
        """The path of the profile, below the bound prefix."""
        return reverse("people:profile", args=[self.id])

    @property
    def picture_url(self) -> str:
        """The path of the picture, empty without one; a new picture has a new path, so that it can be cached."""
        return reverse("people:picture", args=[self.id, self.picture_id]) if self.picture_id else ""

    @property
    def unit_name(self) -> str:
        """The name of the unit, empty without one."""
        return self.unit.name if self.unit is not None else ""

    @property
    def is_active(self) -> bool:
        """Tell whether this person takes part today."""
        return self.state == self.State.ACTIVE

    @property
    def is_guest(self) -> bool:
        """Tell whether this person comes from outside."""
        return self.kind == self.Kind.GUEST


class PersonFollow(TenantModel):
    """Somebody wants to see what somebody else writes."""

    follower = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="follows")
    followed = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="followers")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["follower", "followed"], name="people_follow_once"),
            models.CheckConstraint(
                condition=~models.Q(follower=models.F("followed")), name="people_follow_not_oneself"
            ),
        ]


class Invitation(TenantModel):
    """A way in: to one address, or an open link that several may use until it ends."""

    # Only the SHA-256 of the secret is kept: a leaked database opens no door.
    token_hash = models.CharField(max_length=64, unique=True)
    email = models.EmailField(blank=True)
    full_name = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=8, choices=Person.Kind.choices, default=Person.Kind.MEMBER)
    is_administrator = models.BooleanField(default=False)
    # An imported person whom this invitation lets take their place.
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, blank=True, related_name="invitations"
    )
    invited_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    language = models.CharField(max_length=8, choices=LANGUAGES, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    used_count = models.PositiveIntegerField(default=0)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        # Looked up by its secret before any organization is bound.
        tenant_alternative = "current_setting('app.system', true) = 'on'"
        indexes: ClassVar = [
            models.Index(fields=["organization", "-created_at"], name="people_invitation_newest")
        ]

    objects: ClassVar[TenantManager[Any]] = TenantManager()

    @property
    def is_open(self) -> bool:
        """Tell whether the door still opens: not revoked, not expired, and unused if made for one address."""
        used_up = bool(self.email) and self.used_count > 0
        return self.revoked_at is None and self.expires_at > timezone.now() and not used_up
