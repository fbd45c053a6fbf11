"""The pages that web itself owns."""

from django.urls import path

from parvis.web.views import home

app_name = "web"

urlpatterns = [
    path("", home.mine, name="home"),
    path("all", home.everything, name="everything"),
    path("bookmarks", home.bookmarks, name="bookmarks"),
    path("inbox", home.inbox, name="inbox"),
    path("suggestions", home.suggestions, name="suggestions"),
]
