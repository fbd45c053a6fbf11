"""The polite answer to a mail that did nothing: at most one per sender, cause and day; to machines and forgers none."""

from __future__ import annotations

import re

from django.utils import translation
from django.utils.translation import gettext as _

from parvis.foundation import throttle
from parvis.foundation.mail import mail_is_configured, send_mail_later
from parvis.mail.incoming.doing import Refused
from parvis.mail.incoming.letters import Letter
from parvis.mail.models import ReceivedMail
from parvis.people.addresses import page_address
from parvis.people.models import Person

Cause = ReceivedMail.Cause
ONE_A_DAY = throttle.Rate(1, 86_400)
# Whom would one tell? A machine, ourselves, or somebody whose name was taken.
SILENT = {Cause.AUTOMATIC, Cause.LOOP, Cause.FORGED, Cause.MALFORMED}
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{3,250}>")


def answer_politely(received: ReceivedMail, letter: Letter, refusal: Refused) -> None:
    """Say once that a mail did nothing, and what to do; nothing of what it was about."""
    if refusal.cause in SILENT or len(letter.senders) != 1 or not mail_is_configured():
        return
    sender = letter.senders[0]
    if throttle.allow("mail-answer", sender, refusal.cause, rate=ONE_A_DAY) > 0:
        return
    organization = received.person.organization
    language = _language_of(received.person, sender)
    with translation.override(language):
        send_mail_later(
            to=sender,
            subject=_("Your mail to %(organization)s did nothing") % {"organization": organization.name},
            text="\n\n".join(_text(received, refusal)),
            language=language,
            organization_name=organization.name,
            headers={"Auto-Submitted": "auto-replied", **_threading(letter)},
        )


def _language_of(person: Person, sender: str) -> str:
    """Of whoever wrote, where they are known here; else the organization's."""
    known = Person.objects.filter(email__iexact=sender).values_list("language", flat=True).first()
    return known or person.organization.default_language


def _threading(letter: Letter) -> dict[str, str]:
    found = _MESSAGE_ID.fullmatch(letter.message_id)
    return {"In-Reply-To": found[0], "References": found[0]} if found else {}


def _text(received: ReceivedMail, refusal: Refused) -> list[str]:
    home = page_address(received.person.organization, "web:home")
    return [
        _("Hello,"),
        _reason(refusal),
        _("Nothing was written or changed. You can do it on the page."),
        _("Open %(organization)s") % {"organization": received.person.organization.name} + f"\n{home}",
        _("This answer comes once a day at most; nobody reads replies to it."),
    ]


def _reason(refusal: Refused) -> str:
    reasons = {
        Cause.SENDER: _(
            "The address that you wrote to works only for the person to whom it was given, from the e-mail address "
            "that is known here. Write from that address."
        ),
        Cause.STALE: _(
            "The address that you wrote to is too old. Answer a more recent mail, or take the address of the space "
            "from its page again."
        ),
        Cause.RATE: _("That was a lot of mail in a short time. Please wait a while."),
        Cause.GONE: _("This is no longer possible."),
        Cause.EMPTY: _(
            "Nothing was found in your mail beside what it quotes. Write your answer above the quoted text."
        ),
        Cause.ENCRYPTED: _("Your mail is encrypted, and cannot be read here. Send it without encryption."),
        Cause.LARGE: _("Your mail is too large. Send fewer or smaller files."),
    }
    if refusal.said:
        return _("Your mail could not be taken in: %(reason)s") % {"reason": refusal.said}
    return reasons.get(refusal.cause, _("Your mail could not be taken in."))
