"""Coming in: through an invitation's link, or with an address of one of the organization's domains."""

from __future__ import annotations

from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from parvis.foundation import throttle
from parvis.foundation.addresses import reverse
from parvis.foundation.errors import Invalid, NotFound
from parvis.people import throttling
from parvis.people.access import public
from parvis.people.actions import accept_invitation, ask_for_address_proof, join_by_domain
from parvis.people.actions.invitations import accepts_domain_of
from parvis.people.forms.entering import AddressForm, JoinForm, JoinWithAddressForm
from parvis.people.invitation_keys import Key, read_key
from parvis.people.models import Identity, Organization, Person
from parvis.people.views.answers import page, refusals_in, say


@public
@never_cache
def by_domain(request: HttpRequest) -> HttpResponse:
    """Ask for an address and mail it a link, if it may come in; the answer is the same either way."""
    organization = _organization(request)
    if not organization.email_domains or not settings.HAS_MAIL_SERVER:
        return page(request, "people/join_closed.html", {})
    me = request.user
    if me.is_authenticated and accepts_domain_of(organization, me.email) and _is_confirmed(me):
        return _join_as_oneself(request, organization, Key(None, me.email), me)
    return _ask_for_address(request, organization, Key(None, None))


@public
@never_cache
@sensitive_post_parameters()
def by_key(request: HttpRequest, key: str) -> HttpResponse:
    """Show who invites, and let the holder of the link in."""
    organization = _organization(request)
    throttling.from_network(request, "invitation-key", throttling.TRY_A_KEY)
    found = read_key(key)
    if found is None or _is_closed(found):
        return _answer_closed(request)
    if request.user.is_authenticated:
        return _join_as_oneself(request, organization, found, request.user)
    if found.proven_email is None and settings.HAS_MAIL_SERVER:
        return _ask_for_address(request, organization, found)
    return _join_with_new_login(request, organization, found)


def _answer_closed(request: HttpRequest) -> HttpResponse:
    if request.viewer is not None:  # type: ignore[attr-defined]
        return redirect("web:home")
    return render(request, "people/invitation_closed.html", status=404)


def _organization(request: HttpRequest) -> Organization:
    organization: Organization | None = request.organization  # type: ignore[attr-defined]
    if organization is None:
        raise NotFound
    return organization


def _is_closed(key: Key) -> bool:
    return key.invitation is not None and not key.invitation.is_open


def _ask_for_address(request: HttpRequest, organization: Organization, key: Key) -> HttpResponse:
    invited = key.invitation.email if key.invitation is not None else ""
    form = AddressForm(request.POST or None, initial={"email": invited})
    if request.method == "POST" and form.is_valid():
        throttling.from_network(request, "address-proof", throttling.ASK_FOR_A_MAIL)
        email = form.cleaned_data["email"]
        throttle.check("address-proof", organization.id, email, rate=throttling.MAIL_TO_ONE_ADDRESS)
        ask_for_address_proof(organization=organization, email=email, invitation=key.invitation)
        return page(request, "people/address_proof_sent.html", {"email": email})
    return page(request, "people/join_address.html", {"invitation": key.invitation}, form=form)


def _join_as_oneself(
    request: HttpRequest, organization: Organization, key: Key, identity: Identity
) -> HttpResponse:
    """Somebody signed in joins with the login they have, if the link is for that address."""
    wanted = (key.invitation.email if key.invitation is not None else "") or key.proven_email or ""
    is_mine = not wanted or wanted == identity.email
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and is_mine and form.is_valid():
        with refusals_in(form):
            _join(organization, key, identity, full_name="")
            say(request, _("Welcome to %(organization)s.") % {"organization": organization.name})
            return redirect("web:home")
    if request.viewer is not None:  # type: ignore[attr-defined]
        return redirect("web:home")
    context = {"invitation": key.invitation, "is_mine": is_mine, "email": identity.email, "wanted": wanted}
    return page(request, "people/join_as_oneself.html", context, form=form)


def _join_with_new_login(request: HttpRequest, organization: Organization, key: Key) -> HttpResponse:
    known = key.proven_email or (key.invitation.email if key.invitation is not None else "")
    if known and _has_login(known):
        # The address has a login already: whoever holds it signs in, and comes back to this link.
        context = {"invitation": key.invitation, "email": known, "sign_in_url": _sign_in_url(request)}
        return page(request, "people/join_sign_in.html", context)
    initial = {"email": known, "full_name": _known_name(key, known)}
    form = (JoinForm if known else JoinWithAddressForm)(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        throttling.from_network(request, "join", throttling.JOIN)
        with refusals_in(form):
            identity = _new_login(organization, key, known, form)
            get_adapter().login(request, identity)
            return redirect("web:home")
    context = {"invitation": key.invitation, "email": known, "sign_in_url": _sign_in_url(request)}
    return page(request, "people/join.html", context, form=form)


def _new_login(organization: Organization, key: Key, known: str, form: forms.Form) -> Identity:
    email = known or form.cleaned_data["email"]
    if _has_login(email):
        raise Invalid(
            {"email": [_("This address has a login already: sign in first, then open the link again.")]}
        )
    with transaction.atomic():
        identity = Identity.objects.filter(email=email).first() or Identity(email=email)
        identity.set_password(form.cleaned_data["password"])
        identity.save()
        EmailAddress.objects.update_or_create(
            user=identity, email=email, defaults={"verified": key.proven_email == email, "primary": True}
        )
        _join(organization, key, identity, full_name=form.cleaned_data["full_name"])
    return identity


def _join(organization: Organization, key: Key, identity: Identity, *, full_name: str) -> Person:
    name = full_name or _known_name(key, identity.email) or identity.email.partition("@")[0]
    is_proven = key.proven_email == identity.email or _is_confirmed(identity)
    if key.invitation is None:
        return join_by_domain(organization=organization, identity=identity, full_name=name)
    return accept_invitation(
        invitation=key.invitation, identity=identity, full_name=name, is_address_proven=is_proven
    )


def _known_name(key: Key, email: str) -> str:
    if key.invitation is not None and key.invitation.full_name:
        return str(key.invitation.full_name)
    person = Person.objects.filter(email__iexact=email, identity=None).first() if email else None
    return person.full_name if person is not None else ""


def _has_login(email: str) -> bool:
    identity = Identity.objects.filter(email=email).first()
    return identity is not None and identity.has_usable_password()


def _is_confirmed(identity: Identity) -> bool:
    return bool(EmailAddress.objects.filter(user=identity, email=identity.email, verified=True).exists())


def _sign_in_url(request: HttpRequest) -> str:
    return f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}"
