"""The addresses of articles."""

from django.urls import path

from parvis.articles import views
from parvis.content.views.answers import resource

app_name = "articles"

urlpatterns = [
    path("news", resource(get=views.news), name="news"),
    path("news/editors", resource(get=views.editors, post=views.editors), name="editors"),
    path("spaces/<uuid:space_id>/news", resource(get=views.of_space), name="of_space"),
    path("articles/new", resource(get=views.write, post=views.write), name="write"),
    path("articles/<uuid:id>", resource(get=views.show), name="show"),
    path("articles/<uuid:id>/edit", resource(get=views.edit, post=views.edit), name="edit"),
    path("articles/<uuid:id>/related", resource(get=views.related), name="related"),
    path("articles/<uuid:id>/publication", resource(post=views.publication), name="publication"),
    path("articles/<uuid:id>/draft", resource(post=views.unscheduling), name="unscheduling"),
    path("articles/<uuid:id>/discarding", resource(post=views.discarding), name="discarding"),
]
