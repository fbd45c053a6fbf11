"""What leaves with an organization."""

from parvis.foundation.export import exported, left_out

exported("emoji.CustomEmoji")
left_out("emoji.EmojiHabit", because="a convenience of the chooser, made again by using it")
