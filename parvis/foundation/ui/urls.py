"""The living styleguide: every component, and screens composed of them."""

from django.urls import path

from parvis.foundation.ui import styleguide

app_name = "styleguide"

urlpatterns = [
    path("styleguide", styleguide.components, name="components"),
    path("styleguide/screens/<slug:name>", styleguide.screen, name="screen"),
    path("styleguide/echo", styleguide.echo, name="echo"),
]
