"""The addresses of feeds."""

from django.urls import path

from parvis.content.views.answers import resource
from parvis.people.access import self_protected
from parvis.syndication import views

app_name = "syndication"

urlpatterns = [
    path("feeds/new", resource(get=views.make, post=views.make), name="make"),
    path("feeds/here.<str:format>", resource(get=views.by_session), name="here"),
    path("feeds/addresses/<uuid:id>/revocation", resource(post=views.revoke), name="revoke"),
    path("feeds/<str:secret>.<str:format>", self_protected(resource(get=views.by_secret)), name="feed"),
]
