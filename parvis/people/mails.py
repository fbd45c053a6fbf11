"""The mails about getting in. They leave from jobs: no request waits for a mail server, and no secret waits in the queue."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.template.loader import render_to_string
from django.utils import translation

from parvis.foundation.jobs import job
from parvis.foundation.mail import send_mail
from parvis.foundation.tenancy import bound_organization_id, current_organization_id
from parvis.people.addresses import page_address
from parvis.people.invitation_keys import proof_for
from parvis.people.models import Identity, Invitation, Organization


@job
def send_invitation(*, invitation_id: str) -> None:
    """Mail an invitation that is still open, in its language."""
    invitation = Invitation.objects.select_related("organization", "invited_by").get(pk=UUID(invitation_id))
    if not invitation.is_open or not invitation.email:
        return
    organization: Organization = invitation.organization
    context = {
        "organization": organization,
        "invitation": invitation,
        "url": page_address(organization, "people:invitation", proof_for(invitation.email, invitation)),
    }
    language = invitation.language or organization.default_language
    send("people/mails/invitation", to=invitation.email, language=language, context=context)


@job
def send_address_proof(*, email: str, invitation_id: str | None, language: str) -> None:
    """Mail the link that proves that somebody reads this address."""
    organization = Organization.objects.get(pk=current_organization_id())
    invitation = Invitation.objects.get(pk=UUID(invitation_id)) if invitation_id else None
    if invitation is not None and not invitation.is_open:
        return
    context = {
        "organization": organization,
        "email": email,
        "url": page_address(organization, "people:invitation", proof_for(email, invitation)),
    }
    send("people/mails/address_proof", to=email, language=language, context=context)


@job
def send_password_reset(*, identity_id: str, email: str, language: str) -> None:
    """Mail the link that sets a new password; it ends with the next sign-in, change or expiry."""
    identity = Identity.objects.get(pk=UUID(identity_id))
    uid, token = user_pk_to_url_str(identity), default_token_generator.make_token(identity)
    organization = _bound_organization()
    url = page_address(organization, "account_reset_password_from_key", uid, token)
    context = {"organization": organization, "email": email, "url": url}
    send("people/mails/password_reset_key", to=email, language=language, context=context)


@job
def send_confirmation(*, address_id: int, language: str) -> None:
    """Mail the link that confirms a new address."""
    address = EmailAddress.objects.filter(pk=address_id, verified=False).first()
    if address is None:
        return
    organization = _bound_organization()
    url = page_address(organization, "account_confirm_email", EmailConfirmationHMAC.create(address).key)
    context = {"organization": organization, "email": address.email, "url": url}
    send("people/mails/email_confirmation", to=address.email, language=language, context=context)


def _bound_organization() -> Organization | None:
    organization_id = bound_organization_id()
    return Organization.objects.get(pk=organization_id) if organization_id is not None else None


def send(template: str, *, to: str, language: str, context: dict[str, Any]) -> None:
    """Write a mail from `TEMPLATE.txt`, whose first line is its subject, and send it."""
    subject, text = write(template, language=language, context=context)
    organization = context["organization"]
    name = organization.name if organization is not None else ""
    send_mail(to=to, subject=subject, text=text, language=language, organization_name=name)


def write(template: str, *, language: str, context: dict[str, Any]) -> tuple[str, str]:
    """Return subject and text of a mail in a language."""
    with translation.override(language):
        written = render_to_string(f"{template}.txt", context)
    subject, _newline, text = written.strip().partition("\n")
    return " ".join(subject.split()), text.strip() + "\n"
