"""The addresses of webhooks."""

from django.urls import path

from parvis.webhooks import views

app_name = "webhooks"

urlpatterns = [
    path("webhooks", views.of_organization, name="index"),
    path("spaces/<uuid:space_id>/webhooks", views.of_space, name="of_space"),
    path("webhooks/<uuid:webhook_id>", views.show, name="show"),
    path("webhooks/<uuid:webhook_id>/secret", views.rotate, name="secret"),
    path("webhooks/<uuid:webhook_id>/ping", views.ping, name="ping"),
    path("webhooks/<uuid:webhook_id>/removal", views.remove, name="removal"),
    path(
        "webhooks/<uuid:webhook_id>/deliveries/<uuid:delivery_id>/redelivery",
        views.deliver_again,
        name="redelivery",
    ),
]
