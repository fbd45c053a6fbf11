"""The addresses of topics."""

from django.urls import path

from parvis.content.views.answers import resource
from parvis.topics import views

app_name = "topics"

urlpatterns = [
    path("topics", resource(get=views.index), name="index"),
    path("topics-suggested", resource(get=views.suggestions), name="suggestions"),
    path("topics/<str:name>", resource(get=views.show), name="show"),
    path("topics/<str:name>/beside", resource(get=views.beside), name="beside"),
    path(
        "topics/<str:name>/follow",
        resource(post=views.toggle_follow, put=views.follow, delete=views.unfollow),
        name="follow",
    ),
]
