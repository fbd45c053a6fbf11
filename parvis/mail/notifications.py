"""Register the channel "mail", and the line that says that somebody's mails come back."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from parvis.foundation.addresses import reverse
from parvis.mail.out import channel
from parvis.mail.out.mailboxes import STOPPED
from parvis.notifications.models import Notification
from parvis.notifications.reasons import Reason, register

__all__ = ["channel"]


def _address(_line: Notification) -> str:
    return reverse("mail:settings")


register(
    Reason(
        name=STOPPED,
        symbol="mail",
        rank=15,
        sentence=_("Mails to you come back: none are sent until you say so"),
        why=_("Your address refused several mails."),
        address=_address,
    )
)
