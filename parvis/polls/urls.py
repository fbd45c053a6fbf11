"""The addresses of polls."""

from django.urls import path

from parvis.content.views.answers import resource
from parvis.polls import views

app_name = "polls"

urlpatterns = [
    path(
        "entries/<uuid:id>/poll/vote",
        resource(post=views.vote, put=views.vote, delete=views.take_back),
        name="vote",
    ),
    path("entries/<uuid:id>/poll/closing", resource(post=views.close), name="closing"),
    path("entries/<uuid:id>/poll/votes", resource(get=views.ballots), name="ballots"),
]
