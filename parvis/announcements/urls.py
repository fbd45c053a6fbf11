"""The addresses of announcements."""

from django.urls import path

from parvis.announcements.views import acknowledging, following, granting, writing
from parvis.content.views.answers import resource

app_name = "announcements"

urlpatterns = [
    path("announcements", resource(get=acknowledging.mine), name="mine"),
    path("announcements/waiting", resource(get=acknowledging.waiting), name="waiting"),
    path("announcements/sent", resource(get=following.sent), name="sent"),
    path("announcements/new", resource(get=writing.write, post=writing.write), name="write"),
    path("announcements/audience", resource(post=writing.audience), name="audience"),
    path(
        "announcements/announcers",
        resource(get=granting.announcers, post=granting.announcers),
        name="announcers",
    ),
    path("announcements/<uuid:id>", resource(get=writing.show), name="show"),
    path("announcements/<uuid:id>/edit", resource(get=writing.edit, post=writing.edit), name="edit"),
    path("announcements/<uuid:id>/publication", resource(post=writing.publication), name="publication"),
    path("announcements/<uuid:id>/draft", resource(post=writing.unscheduling), name="unscheduling"),
    path("announcements/<uuid:id>/discarding", resource(post=writing.discarding), name="discarding"),
    path("announcements/<uuid:id>/progress", resource(get=following.progress), name="progress"),
    path("announcements/<uuid:id>/names.csv", resource(get=following.names_file), name="names_file"),
    path("announcements/<uuid:id>/evidence", resource(post=following.make_evidence), name="make_evidence"),
    path(
        "announcements/<uuid:id>/evidence/<uuid:evidence_id>",
        resource(get=following.evidence),
        name="evidence",
    ),
    path("entries/<uuid:id>/announcement", resource(get=acknowledging.part), name="part"),
    path(
        "entries/<uuid:id>/acknowledgement",
        resource(post=acknowledging.acknowledge, put=acknowledging.acknowledge),
        name="acknowledgement",
    ),
]
