"""Addresses of imports."""

from django.urls import path

from parvis.imports import views

app_name = "imports"

urlpatterns = [
    path("imports", views.listing, name="index"),
    path("imports/new", views.start, name="start"),
    path("imports/<int:number>", views.show, name="show"),
    path("imports/<int:number>/reading", views.bring_in, name="bring_in"),
    path("imports/<int:number>/publication", views.publish, name="publish"),
    path("imports/<int:number>/stop", views.stop, name="stop"),
    path("imports/<int:number>/discarding", views.discard_archive, name="discard"),
    path("imports/<int:number>/undoing", views.undo, name="undo"),
]
