"""The addresses of devices."""

from django.urls import path

from parvis.push import views

app_name = "push"

urlpatterns = [
    path("notifications/devices", views.devices, name="devices"),
    path("notifications/devices/key", views.key, name="key"),
    path("notifications/devices/waiting", views.waiting, name="waiting"),
    path("notifications/devices/wording", views.wording, name="wording"),
    path("notifications/devices/<uuid:device_id>/trial", views.trial, name="trial"),
    path("notifications/devices/<uuid:device_id>/removal", views.forget, name="forget"),
]
