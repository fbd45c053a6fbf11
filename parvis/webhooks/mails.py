"""What people are told by mail."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from parvis.foundation.mail import send_mail_later
from parvis.people.addresses import page_address
from parvis.webhooks.models import Webhook


def tell_switched_off(webhook: Webhook) -> None:
    """Tell the registrant that a webhook was switched off."""
    person = webhook.registrant
    organization = person.organization
    language = person.language or organization.default_language
    if not person.email or not person.is_active:
        return
    with translation.override(language):
        address = page_address(organization, "webhooks:show", webhook.id)
        send_mail_later(
            to=person.email,
            subject=_("The webhook “%(name)s” was switched off") % {"name": webhook.name},
            text=_(
                "The address of your webhook “%(name)s” has not answered for days, so it is no longer told of "
                "events. Once it answers again, switch the webhook on here:\n%(address)s"
            )
            % {"name": webhook.name, "address": address},
            language=language,
            organization_name=organization.name,
        )
