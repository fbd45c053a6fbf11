"""What leaves with an organization."""

from parvis.foundation.export import exported, left_out

exported(
    "content.Entry",
    without=("body_html", "body_text", "render_version", "reply_count", "reaction_count", "parts"),
)
exported("content.Reaction")
exported("content.Attachment")
exported("content.Bookmark")
exported("content.ThreadFollow")
exported("content.Revision")
left_out("content.Mention", because="found again in the texts")
exported("content.Hashtag", without=("key",))
