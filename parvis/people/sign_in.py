"""How people sign in: the places where django-allauth asks for our rules."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from parvis.foundation.addresses import reverse
from parvis.foundation.errors import Throttled
from parvis.foundation.jobs import enqueue
from parvis.foundation.mail import send_mail_later
from parvis.foundation.tenancy import organization_scope
from parvis.people import mails, sign_in_trail, throttling
from parvis.people.models import Identity, Person
from parvis.people.queries import organization_ids_of

# What allauth tells people after an action; what is not here goes without saying.
MESSAGES = {
    "email_confirmation_sent": _("We sent a mail to %(email)s. Open the link in it to confirm the address."),
    "email_confirmed": _("The address %(email)s is confirmed."),
    "email_confirmation_failed": _(
        "The address %(email)s cannot be confirmed: somebody else uses it already."
    ),
    "email_deleted": _("The change to %(email)s is cancelled."),
    "password_changed": _("Your password is changed."),
    "password_set": _("Your password is set."),
    "sessions_logged_out": _("Signed out everywhere else."),
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Our answers to allauth's questions."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("This address and this password do not go together."),
        "too_many_login_attempts": _("Too many attempts. Wait a few minutes, or reset your password."),
        "rate_limited": _("That was a lot at once. Please wait a moment."),
        "incorrect_password": _("This is not your password."),
        "enter_current_password": _("This is not your current password."),
        "email_taken": _("This address cannot be used here."),
        "invalid_password_reset": _("This link has been used already, or is too old. Ask for a new one."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up without an invitation or a domain: see `views/joining.py`."""
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Only this very host: allauth would follow any, since the list of hosts is checked by our server."""
        host = self.request.get_host()
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={host}, require_https=self.request.is_secure()
        )

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt by network too: allauth counts by process, and knows no more than an IPv6 /64."""
        try:
            throttling.from_network(request, "sign-in", throttling.SIGN_IN)
            super().pre_authenticate(request, **credentials)
        except (Throttled, ValidationError):
            sign_in_trail.stopped(request, str(credentials.get("email", "")))
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Leave a trace of the attempt."""
        sign_in_trail.failed(request, str(credentials.get("email", "")))

    def login(self, request: HttpRequest, user: Identity) -> None:
        """Open the session, and leave a trace."""
        super().login(request, user)
        sign_in_trail.signed_in(request, user)

    def logout(self, request: HttpRequest) -> None:
        """End the session, and leave a trace."""
        identity = request.user
        super().logout(request)
        if isinstance(identity, Identity):
            sign_in_trail.signed_out(request, identity)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return who asks: the server has already believed trusted proxies, and nobody else's headers."""
        return str(request.META.get("REMOTE_ADDR") or "0.0.0.0")  # noqa: S104 - a word for unknown

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return home, or the choice of organizations where none is meant."""
        return reverse("people:organizations" if _organization(request) is None else "web:home")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Return the sign-in page of the same organization."""
        return reverse("account_login")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return the page that one came from."""
        return reverse("people:settings" if _organization(request) is not None else "people:organizations")

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        """Return home, or sign-in."""
        if self.request.user.is_authenticated:
            return self.get_login_redirect_url(self.request)
        return reverse("account_login")

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Confirm an address, and show it in every organization of its identity."""
        is_confirmed = bool(super().confirm_email(request, email_address))
        if is_confirmed:
            show_new_address(email_address.user)
        return is_confirmed

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write one of our mails and leave it to a job, so that the answer's time tells nothing."""
        name = template_prefix.rpartition("/")[2]
        language = get_language() or "en"
        organization = _organization(self.request)
        facts = {**context, "email": email, "organization": organization}
        subject, text = mails.write(f"people/mails/{name}", language=language, context=facts)
        name = organization.name if organization is not None else ""
        send_mail_later(to=email, subject=subject, text=text, language=language, organization_name=name)

    def send_password_reset_mail(self, user: Identity, email: str, context: dict[str, Any]) -> None:
        """Let a job make the link: no secret waits in the queue."""
        enqueue(mails.send_password_reset, identity_id=user.pk, email=email, language=get_language() or "en")

    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation: Any, signup: bool) -> None:
        """Let a job make the link."""
        address_id = emailconfirmation.email_address.pk
        enqueue(mails.send_confirmation, address_id=address_id, language=get_language() or "en")

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say it in our words."""
        name = (message_template or "").rpartition("/")[2].removesuffix(".txt")
        text = message or (MESSAGES[name] % (message_context or {}) if name in MESSAGES else "")
        if text:
            messages.add_message(request, level, text, extra_tags=extra_tags)


def _organization(request: HttpRequest) -> Any:
    return getattr(request, "organization", None)


def show_new_address(identity: Identity) -> None:
    """Write an identity's confirmed address on its persons, except where somebody else holds it."""
    identity.refresh_from_db()
    for organization_id in organization_ids_of(identity.pk):
        try:
            with organization_scope(organization_id):
                Person.objects.filter(identity=identity).update(email=identity.email)
        except IntegrityError:
            continue
