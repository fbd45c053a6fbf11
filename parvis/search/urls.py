"""Search's addresses."""

from django.urls import path

from parvis.search import views

app_name = "search"

urlpatterns = [
    path("search", views.results, name="results"),
    path("search/suggestions", views.suggestions, name="suggestions"),
    path("search/saved", views.save, name="save"),
    path("search/saved/<uuid:id>/removal", views.forget, name="forget"),
]
