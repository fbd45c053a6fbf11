"""The addresses of drafts, and of posts that wait for their hour."""

from django.urls import path

from parvis.content.views.answers import resource
from parvis.drafts import views

app_name = "drafts"

urlpatterns = [
    path("drafts", resource(get=views.index), name="list"),
    path(
        "drafts/<str:place>",
        resource(get=views.show, post=views.keep, put=views.keep, delete=views.discard),
        name="draft",
    ),
    path(
        "scheduled/<uuid:id>",
        resource(get=views.scheduled, post=views.save_scheduled, delete=views.cancel),
        name="scheduled",
    ),
    path("scheduled/<uuid:id>/publication", resource(post=views.publish_now), name="publication"),
]
