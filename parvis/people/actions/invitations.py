"""Ask people in, and come in: by an invitation to an address, by an open link, by an e-mail domain."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parvis.foundation.errors import Forbidden, Invalid
from parvis.foundation.events import record
from parvis.foundation.jobs import enqueue
from parvis.people import mails
from parvis.people.actions.membership import add_person, join_organization
from parvis.people.events import InvitationAccepted, InvitationMade, InvitationRenewed, InvitationRevoked
from parvis.people.invitation_keys import new_secret
from parvis.people.models import Identity, Invitation, Organization, Person, Unit
from parvis.people.policy import can

PERSONAL_DAYS = 30
LINK_DAYS = 14


@dataclass(frozen=True, kw_only=True)
class Invitee:
    """Somebody to be asked in, with what is known of them already."""

    email: str
    full_name: str = ""
    job_title: str = ""
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class Invited:
    """What became of one address: invited with a link to copy, or here already."""

    email: str
    invitation: Invitation | None = None
    secret: str = ""

    @property
    def is_here_already(self) -> bool:
        """Tell whether nothing was done since the person takes part."""
        return self.invitation is None


def invite(
    *,
    actor: Person,
    invitees: Iterable[Invitee],
    kind: str = Person.Kind.MEMBER,
    is_administrator: bool = False,
    language: str = "",
) -> list[Invited]:
    """Ask people in by their addresses; whoever is here stays, whoever was asked gets a new link.

    Somebody whose name is given is listed at once as not yet joined. Mails go out where a mail server is set.
    """
    organization = actor.organization
    if not can(actor, "invite", organization):
        raise Forbidden
    if is_administrator and not can(actor, "administer", organization):
        raise Forbidden
    if is_administrator and kind == Person.Kind.GUEST:
        raise Invalid({"kind": [_("A guest cannot administer or moderate.")]})
    wanted = _checked(invitees)
    with transaction.atomic():
        return [
            _invite_one(actor, one, kind=kind, is_administrator=is_administrator, language=language)
            for one in wanted
        ]


def _checked(invitees: Iterable[Invitee]) -> list[Invitee]:
    by_email = {invitee.email.strip().lower(): invitee for invitee in invitees}
    if not by_email:
        raise Invalid({"addresses": [_("Give at least one e-mail address.")]})
    wrong = [email for email in by_email if not is_an_address(email)]
    if wrong:
        shown = ", ".join(email[:80] for email in wrong[:5])
        raise Invalid(
            {"addresses": [_("These are not e-mail addresses: %(addresses)s") % {"addresses": shown}]}
        )
    return list(by_email.values())


def is_an_address(text: str) -> bool:
    """Tell whether a text can be an e-mail address that we can keep."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254


def _invite_one(
    actor: Person, invitee: Invitee, *, kind: str, is_administrator: bool, language: str
) -> Invited:
    email = invitee.email.strip().lower()
    person = Person.objects.filter(email__iexact=email).first()
    if person is not None and person.state in {Person.State.ACTIVE, Person.State.SUSPENDED}:
        return Invited(email=email)
    if person is not None and person.state == Person.State.LEFT and not actor.is_administrator:
        raise Invalid({"addresses": [_("Only an administrator can bring %(name)s back.") % {"name": person}]})
    if person is None and invitee.full_name.strip():
        person = add_person(
            full_name=invitee.full_name.strip(),
            email=email,
            kind=kind,
            job_title=invitee.job_title.strip(),
            unit=_unit_named(invitee.unit),
        )
    _revoke_earlier(email)
    secret, token_hash = new_secret()
    invitation = Invitation.objects.create(
        token_hash=token_hash,
        email=email,
        full_name=invitee.full_name.strip(),
        kind=kind,
        is_administrator=is_administrator,
        person=person,
        invited_by=actor,
        language=language,
        expires_at=timezone.now() + timedelta(days=PERSONAL_DAYS),
    )
    _record_made(actor, invitation)
    _mail(invitation)
    return Invited(email=email, invitation=invitation, secret=secret)


def _record_made(actor: Person, invitation: Invitation) -> None:
    record(
        InvitationMade(
            actor_id=actor.id,
            invitation_id=invitation.id,
            email=invitation.email,
            kind=invitation.kind,
            is_administrator=invitation.is_administrator,
        )
    )


def _unit_named(name: str) -> Unit | None:
    name = name.strip()
    if not name:
        return None
    unit: Unit = Unit.objects.filter(name__iexact=name).first() or Unit.objects.create(name=name)
    return unit


def _revoke_earlier(email: str) -> None:
    earlier = Invitation.objects.filter(email__iexact=email, used_count=0, revoked_at=None)
    earlier.update(revoked_at=timezone.now())


def _mail(invitation: Invitation) -> None:
    if settings.HAS_MAIL_SERVER and invitation.email:
        enqueue(mails.send_invitation, invitation_id=invitation.id)


def make_invitation_link(
    *, actor: Person, kind: str = Person.Kind.MEMBER, days: int = LINK_DAYS, language: str = ""
) -> Invited:
    """Make a link that several people may use until it ends: for a poster, or where no mail can be sent."""
    if not can(actor, "invite", actor.organization):
        raise Forbidden
    secret, token_hash = new_secret()
    with transaction.atomic():
        invitation = Invitation.objects.create(
            token_hash=token_hash,
            kind=kind,
            invited_by=actor,
            language=language,
            expires_at=timezone.now() + timedelta(days=min(max(days, 1), 90)),
        )
        _record_made(actor, invitation)
    return Invited(email="", invitation=invitation, secret=secret)


def renew_invitation(*, actor: Person, invitation: Invitation) -> Invited:
    """Make a new link, which ends the old one, and send it again where there is an address."""
    if not can(actor, "manage_invitation", invitation):
        raise Forbidden
    if invitation.email and invitation.used_count:
        raise Invalid({"": [_("This invitation has been accepted.")]})
    days = PERSONAL_DAYS if invitation.email else LINK_DAYS
    with transaction.atomic():
        secret, invitation.token_hash = new_secret()
        invitation.expires_at = timezone.now() + timedelta(days=days)
        invitation.revoked_at = None
        invitation.save(update_fields=["token_hash", "expires_at", "revoked_at"])
        record(InvitationRenewed(actor_id=actor.id, invitation_id=invitation.id, email=invitation.email))
        _mail(invitation)
    return Invited(email=invitation.email, invitation=invitation, secret=secret)


def revoke_invitation(*, actor: Person, invitation: Invitation) -> None:
    """Close a way in; who came in through it stays."""
    if not can(actor, "manage_invitation", invitation):
        raise Forbidden
    with transaction.atomic():
        if Invitation.objects.filter(pk=invitation.pk, revoked_at=None).update(revoked_at=timezone.now()):
            record(InvitationRevoked(actor_id=actor.id, invitation_id=invitation.id, email=invitation.email))


def ask_for_address_proof(*, organization: Organization, email: str, invitation: Invitation | None) -> None:
    """Mail a link to an address that somebody typed, if it may come in: the answer is the same either way."""
    email = email.strip().lower()
    if invitation is None and not accepts_domain_of(organization, email):
        return
    if invitation is not None and invitation.email and invitation.email != email:
        return
    enqueue(
        mails.send_address_proof,
        email=email,
        invitation_id=invitation.id if invitation is not None else None,
        language=get_language() or settings.LANGUAGE_CODE,
    )


def accepts_domain_of(organization: Organization, email: str) -> bool:
    """Tell whether people of this address's domain may join by themselves; a sub-domain is another domain."""
    domain = email.rpartition("@")[2].lower()
    return bool(domain) and domain in {known.lower() for known in organization.email_domains}


def accept_invitation(
    *, invitation: Invitation, identity: Identity, full_name: str, is_address_proven: bool
) -> Person:
    """Join the bound organization through an invitation, which the row's lock lets nobody use twice."""
    with transaction.atomic():
        locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
        here: Person | None = Person.objects.filter(identity=identity).first()
        if here is not None and here.is_active:
            return here
        if not locked.is_open:
            raise Invalid({"": [_("This invitation is no longer open. Ask for a new one.")]})
        if locked.email and locked.email != identity.email:
            raise Invalid({"": [_("This invitation is for another address.")]})
        is_personal = bool(locked.email)
        _refuse_the_excluded(here, is_personal=is_personal)
        person = join_organization(
            identity=identity,
            full_name=full_name.strip() or locked.full_name,
            kind=locked.kind,
            is_administrator=locked.is_administrator,
            claims=here or _claimable(identity, locked.person, may_claim=is_personal or is_address_proven),
        )
        Invitation.objects.filter(pk=locked.pk).update(used_count=F("used_count") + 1)
        record(
            InvitationAccepted(
                actor_id=person.id, invitation_id=locked.id, email=locked.email, person_id=person.id
            )
        )
    return person


def join_by_domain(*, organization: Organization, identity: Identity, full_name: str) -> Person:
    """Join by oneself, with a confirmed address of one of the organization's domains."""
    if not accepts_domain_of(organization, identity.email):
        raise Forbidden
    with transaction.atomic():
        here: Person | None = Person.objects.filter(identity=identity).first()
        if here is not None and here.is_active:
            return here
        _refuse_the_excluded(here, is_personal=False)
        return join_organization(
            identity=identity, full_name=full_name.strip(), claims=_claimable(identity, None, may_claim=True)
        )


def _refuse_the_excluded(person: Person | None, *, is_personal: bool) -> None:
    # Somebody suspended or removed must not walk in again through an open door.
    if person is None:
        return
    if person.state == Person.State.SUSPENDED:
        raise Invalid({"": [_("Your access is suspended. Ask an administrator of the organization.")]})
    if person.state == Person.State.LEFT and not is_personal:
        raise Invalid({"": [_("You left this organization. Ask for a personal invitation to come back.")]})


def _claimable(identity: Identity, invited: Person | None, *, may_claim: bool) -> Person | None:
    """Return the person whose place the identity takes: one without a login, found by invitation or address."""
    namesake = invited or Person.objects.filter(email__iexact=identity.email).first()
    if namesake is None or (namesake.identity_id is None and may_claim):
        return namesake
    if namesake.identity_id == identity.id:
        return namesake
    raise Invalid({"": [_("This address belongs to somebody here. Ask an administrator to invite it.")]})
