"""The pages that web itself owns."""

from django.urls import path

from parvis.web.views import home, installed, person

app_name = "web"

urlpatterns = [
    path("", home.mine, name="home"),
    path("all", home.everything, name="everything"),
    path("bookmarks", home.bookmarks, name="bookmarks"),
    path("inbox", home.inbox, name="inbox"),
    path("manifest.webmanifest", installed.manifest, name="manifest"),
    path("offline", installed.offline, name="offline"),
    path("share", installed.share, name="share"),
    path("suggestions", home.suggestions, name="suggestions"),
    path("people/<uuid:id>/entries", person.written_by, name="written_by"),
    path("people/<uuid:id>/spaces", person.in_common, name="in_common"),
]
