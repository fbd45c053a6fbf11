"""The addresses of entries and files. A new verb is a new resource."""

from django.urls import path

from parvis.content.views import files, marks, mentions, reading, writing
from parvis.content.views.answers import resource

app_name = "content"

urlpatterns = [
    path("entries", resource(get=writing.new_post, post=writing.publish), name="publish"),
    path("entries/preview", resource(post=writing.preview), name="preview"),
    path("entries/mentions", resource(get=mentions.suggestions), name="mention_suggestions"),
    path("entries/<uuid:id>", resource(get=reading.thread), name="thread"),
    path("entries/<uuid:id>/card", resource(get=reading.card), name="card"),
    path("entries/<uuid:id>/comments", resource(get=reading.comments), name="comments"),
    path("entries/<uuid:id>/conversation", resource(get=reading.conversation), name="conversation"),
    path("entries/<uuid:id>/replies", resource(get=writing.reply_form, post=writing.reply), name="replies"),
    path("entries/<uuid:id>/text", resource(get=writing.edit_form, post=writing.edit), name="text"),
    path("entries/<uuid:id>/history", resource(get=reading.history), name="history"),
    path(
        "entries/<uuid:id>/deletion", resource(post=writing.delete, delete=writing.restore), name="deletion"
    ),
    path(
        "entries/<uuid:id>/reactions",
        resource(get=reading.who_reacted, post=marks.toggle_reaction),
        name="reactions",
    ),
    path(
        "entries/<uuid:id>/reactions/<str:emoji>",
        resource(put=marks.put_reaction, delete=marks.delete_reaction),
        name="reaction",
    ),
    path(
        "entries/<uuid:id>/bookmark",
        resource(post=marks.toggle_bookmark, put=marks.put_bookmark, delete=marks.delete_bookmark),
        name="bookmark",
    ),
    path(
        "entries/<uuid:id>/pin",
        resource(post=marks.put_pin, put=marks.put_pin, delete=marks.delete_pin),
        name="pin",
    ),
    path(
        "entries/<uuid:id>/follow",
        resource(post=marks.put_follow, put=marks.put_follow, delete=marks.delete_follow),
        name="follow",
    ),
    path("files", resource(post=files.upload), name="upload"),
    path("files/<uuid:id>", resource(get=files.download), name="file"),
]
