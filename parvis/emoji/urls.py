"""The addresses of emoji."""

from django.urls import path

from parvis.emoji import views

app_name = "emoji"

urlpatterns = [
    path("emoji", views.index, name="index"),
    path("emoji/mine", views.mine, name="mine"),
    path("emoji/<uuid:id>/picture", views.picture, name="picture"),
    path("emoji/<uuid:id>/still", views.still, name="still"),
    path("emoji/<uuid:id>/name", views.rename, name="name"),
    path("emoji/<uuid:id>/withdrawal", views.withdraw, name="withdrawal"),
    path("emoji/<uuid:id>/offer", views.offer, name="offer"),
    path("emoji/<uuid:id>/removal", views.remove, name="removal"),
]
