"""Search's address."""

from django.urls import path

from parvis.search import views

app_name = "search"

urlpatterns = [path("search", views.results, name="results")]
