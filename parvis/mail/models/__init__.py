"""What is kept of mails that left, and of those that came in."""

from parvis.mail.models.received import GivenAddress, ReceivedMail
from parvis.mail.models.sent import DigestChoice, DigestTurn, Mailbox, QuietSubject, SentMail

__all__ = [
    "DigestChoice",
    "DigestTurn",
    "GivenAddress",
    "Mailbox",
    "QuietSubject",
    "ReceivedMail",
    "SentMail",
]
