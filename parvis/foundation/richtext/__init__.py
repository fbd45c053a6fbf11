"""What people write, made safe to show: Markdown in, sanitised HTML and plain text out.

Owns the dialect (CommonMark, tables, strikethrough, task lists, bare links, mentions, hashtags, emoji)
and the allowlist of HTML. Knows nothing about people or spaces: callers pass resolvers.
"""

from parvis.foundation.richtext.clean import clean_text
from parvis.foundation.richtext.emoji import EmojiTarget, emoji_for, unknown_codes, without_pictures
from parvis.foundation.richtext.hashtags import hashtag_key, hashtag_name
from parvis.foundation.richtext.mentions import Mention, MentionTarget, mention_source, mentions_in
from parvis.foundation.richtext.plain import excerpt
from parvis.foundation.richtext.render import RENDER_VERSION, Rendered, render

__all__ = [
    "RENDER_VERSION",
    "EmojiTarget",
    "Mention",
    "MentionTarget",
    "Rendered",
    "clean_text",
    "emoji_for",
    "excerpt",
    "hashtag_key",
    "hashtag_name",
    "mention_source",
    "mentions_in",
    "render",
    "unknown_codes",
    "without_pictures",
]
