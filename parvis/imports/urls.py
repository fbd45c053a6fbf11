"""Addresses of imports."""

from django.urls import path

from parvis.imports import views

app_name = "imports"

urlpatterns = [
    path("imports", views.listing, name="index"),
    path("imports/<int:number>", views.show, name="show"),
    path("imports/<int:number>/undoing", views.undo, name="undo"),
]
