"""Addresses of suggestions."""

from django.urls import path

from parvis.suggestions import views

app_name = "suggestions"

urlpatterns = [
    path("suggestions/all", views.everything, name="all"),
    path("suggestions/spaces", views.spaces, name="spaces"),
    path("suggestions/near", views.near, name="near"),
    path("suggestions/<str:kind>/<uuid:subject_id>/dismissal", views.dismiss, name="dismiss"),
]
