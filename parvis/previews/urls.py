"""The addresses of previews."""

from django.urls import path

from parvis.content.views.answers import resource
from parvis.previews import views

app_name = "previews"

urlpatterns = [
    path("entries/<uuid:id>/preview", resource(post=views.remove, delete=views.remove), name="preview"),
    path("previews/<uuid:id>/image", resource(get=views.image), name="image"),
]
