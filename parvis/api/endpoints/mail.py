"""Mails to me: the digest's rhythm, what no mail tells of, whether they arrive."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status

from parvis.api.responses import DONE, PROBLEMS, viewer_of
from parvis.api.schemas.mail import DigestIn, MailOut, MailsAvoidedOut
from parvis.foundation.errors import NotFound
from parvis.mail.avoided import mails_avoided
from parvis.mail.out import choosing, mailboxes, stopping
from parvis.mail.out.digests import rhythm_of
from parvis.people.models import Person

router = Router(tags=["mail"])


@router.get("/mail", response={200: MailOut, **PROBLEMS}, summary="Mails to me")
def show(request: HttpRequest) -> Any:
    """How often a digest comes, which lines of the inbox no mail tells of, and whether mails arrive."""
    return _row(viewer_of(request))


@router.put("/mail/digest", response={200: MailOut, **PROBLEMS}, summary="Choose the digest's rhythm")
def choose_digest(request: HttpRequest, payload: DigestIn) -> Any:
    """Let a digest come every working day, once a week or never; it counts at once."""
    viewer = viewer_of(request)
    choosing.choose_own_rhythm(viewer, payload.rhythm)
    return _row(viewer)


@router.delete("/mail/quiet/{uuid:quiet_id}", response=DONE, summary="Mail me again about a line")
def hear_again(request: HttpRequest, quiet_id: UUID) -> Any:
    """Let mails tell of something again that one turned off in a mail."""
    choosing.hear_again(viewer_of(request), quiet_id)
    return Status(204, None)


@router.post("/mail/resumption", response={200: MailOut, **PROBLEMS}, summary="My address works again")
def resume(request: HttpRequest) -> Any:
    """Send mails again to an address that refused several."""
    viewer = viewer_of(request)
    mailboxes.resume(actor=viewer, person=viewer)
    return _row(viewer)


@router.get("/mail/avoided", response={200: MailsAvoidedOut, **PROBLEMS}, summary="Mails avoided")
def avoided(request: HttpRequest) -> Any:
    """How many mails the conversations of the last 30 days spared, between two figures; for members."""
    if viewer_of(request).is_guest:
        raise NotFound
    counted = mails_avoided()
    return {
        "since": counted.since,
        "least": counted.least,
        "most": counted.most,
        "to_the_answered": counted.to_the_answered,
        "to_everybody": counted.to_everybody,
        "sent": counted.sent,
        "received": counted.received,
    }


def _row(viewer: Person) -> dict[str, Any]:
    rhythm, is_own = rhythm_of(viewer)
    trouble = mailboxes.trouble_of(viewer)
    return {
        "address": viewer.email,
        "digest": {"rhythm": rhythm, "is_own_choice": is_own, "due_at": choosing.next_digest_at(viewer)},
        "quiet": stopping.quiet_rows(viewer),
        "stopped_at": trouble.stopped_at if trouble else None,
        "problem": trouble.problem if trouble else "",
    }
