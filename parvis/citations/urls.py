"""The addresses of citations."""

from django.urls import path

from parvis.citations import views
from parvis.content.views.answers import resource

app_name = "citations"

urlpatterns = [
    path("entries/<uuid:id>/citations", resource(get=views.of_entry), name="of_entry"),
    path("entries/<uuid:id>/share", resource(get=views.cross_post, post=views.cross_post), name="cross_post"),
]
