"""What leaves with an organization."""

from parvis.foundation.export import exported, left_out

exported("chat.SpaceChat")
exported("chat.Room", without=("pair", "member_count"))
exported("chat.RoomMembership")
exported("chat.Status")
exported("chat.Message", without=("body_html", "body_text", "render_version", "reply_count", "last_reply_at"))
exported("chat.MessageReaction")
exported("chat.MessageAttachment")
exported("chat.MessageRevision")
exported("chat.MessageEntry")
exported("chat.MessagePreview")
exported("chat.ReportedMessage")
left_out("chat.MessageMention", because="found again in the texts")
