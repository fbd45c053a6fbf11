"""The addresses of mail's pages."""

from __future__ import annotations

from django.urls import path

from parvis.mail.incoming import views as incoming
from parvis.mail.out import administration, settings, stops

app_name = "mail"

urlpatterns = [
    # Mails that leave
    path("mail/stop/<str:token>", stops.stop, name="stop"),
    path("mail/settings", settings.index, name="settings"),
    path("mail/settings/digest", settings.choose_digest, name="choose_digest"),
    path("mail/settings/conversations/<uuid:id>", settings.hear_again, name="hear_again"),
    path("mail/settings/resumption", settings.resume, name="resume"),
    path("mail/digest", settings.preview, name="digest"),
    path("mail/digest/letter", settings.preview_letter, name="digest_letter"),
    path("mail/administration", administration.index, name="administration"),
    path("mail/administration/digest", administration.choose_default, name="choose_default"),
    path("mail/administration/test", administration.test, name="test"),
    path("mail/administration/people/<uuid:person_id>", administration.resume, name="resume_person"),
    # Mails that come in
    path("mail/spaces/<uuid:space_id>", incoming.space, name="space"),
    path("mail/settings/addresses", incoming.revoke, name="revoke_addresses"),
    path("mail/administration/incoming", incoming.administration, name="incoming"),
    path("mail/avoided", incoming.avoided, name="avoided"),
]
