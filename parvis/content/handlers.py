"""What was written with an emoji of the organization follows what becomes of it."""

from __future__ import annotations

from parvis.content.actions.marks import rename_reactions_to
from parvis.content.actions.upkeep import render_again_with, render_stale_texts
from parvis.content.models import Reaction
from parvis.emoji.events import EmojiAdded, EmojiEvent, EmojiOfferedAgain, EmojiRemoved, EmojiRenamed
from parvis.foundation.events import on


@on(EmojiAdded, EmojiOfferedAgain, EmojiRemoved)
def draw_anew(event: EmojiEvent) -> None:
    """Show a new emoji where its name was written before it was there, and the name of one that is gone."""
    if render_again_with(f":{event.name}:"):
        render_stale_texts()


@on(EmojiRenamed)
def rename_reactions(event: EmojiRenamed) -> None:
    """Let reactions of the former name be the same as those of the new one."""
    rename_reactions_to(Reaction, "entry", former_name=event.former_name, name=event.name)
