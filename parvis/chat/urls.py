"""The addresses of chat."""

from django.urls import path

from parvis.chat import views
from parvis.content.views.answers import resource

app_name = "chat"

urlpatterns = [
    path("chat", resource(get=views.home), name="home"),
    path("chat/new", resource(get=views.start, post=views.start), name="start"),
    path("chat/badge", resource(get=views.badge), name="badge"),
    path("chat/<uuid:room_id>", resource(get=views.room), name="room"),
    path("chat/<uuid:room_id>/messages", resource(post=views.send), name="send"),
    path("chat/<uuid:room_id>/arrivals", resource(get=views.arrivals), name="arrivals"),
    path("chat/<uuid:room_id>/mentions", resource(get=views.mentions), name="mentions"),
    path("spaces/<uuid:space_id>/chat", resource(get=views.of_space, post=views.switch), name="of_space"),
]
