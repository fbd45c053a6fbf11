"""Tokens → HTML. Everything that varies by caller comes from the resolvers."""

from collections.abc import Callable, Collection, MutableMapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from parvis.foundation.richtext.emoji import picture_of
from parvis.foundation.richtext.highlight import highlighted, language_of
from parvis.foundation.richtext.links import is_own, is_own_file
from parvis.foundation.richtext.mentions import Mention, MentionTarget
from parvis.foundation.richtext.plain import inline_text

Env = MutableMapping[str, Any]
# A post has a title above it and stands on a page with a heading: its own begin at the third level.
HEADING_SHIFT = 2
# Characters of code in colours in one text.
MOST_COLOURED = 30_000


@dataclass
class Resolvers:
    mention: Callable[[Mention], MentionTarget | None]
    link: Callable[[str], str | None]
    hashtag: Callable[[str], str | None]
    own_hosts: Collection[str]
    open_links: list[bool] = field(default_factory=list)  # is each open link really written?

    @property
    def is_in_link(self) -> bool:
        return any(self.open_links)


def anchor(href: str, *, own_hosts: Collection[str], css_class: str = "") -> str:
    """Other sites open beside ours, learn nothing of where the reader came from, and gain no rank."""
    away = "" if is_own(href, own_hosts) else ' target="_blank" rel="noopener noreferrer nofollow ugc"'
    name = f' class="{css_class}"' if css_class else ""
    return f'<a{name} href="{escape(href)}"{away}>'


class Html(RendererHTML):
    def link_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        resolvers: Resolvers = env["resolvers"]
        href = resolvers.link(str(tokens[idx].attrs["href"]))
        is_written = href is not None and not resolvers.is_in_link
        resolvers.open_links.append(is_written)
        return anchor(href, own_hosts=resolvers.own_hosts) if href is not None and is_written else ""

    def link_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        return "</a>" if env["resolvers"].open_links.pop() else ""

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        """Ours is shown; a foreign one would tell its host who reads, so it is a link."""
        token, resolvers = tokens[idx], env["resolvers"]
        source = resolvers.link(str(token.attrs["src"]))
        alt = inline_text(token.children or [])
        if source is not None and is_own_file(source):
            return f'<img src="{escape(source)}" alt="{escape(alt)}" loading="lazy" decoding="async">'
        label = escape(alt or source or "", quote=False)
        if source is None or resolvers.is_in_link:
            return label
        return f"{anchor(source, own_hosts=resolvers.own_hosts)}{label}</a>"

    def mention(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        resolvers: Resolvers = env["resolvers"]
        mention: Mention = tokens[idx].meta["mention"]
        target = resolvers.mention(mention)
        if target is None:
            return escape(mention.name, quote=False)
        name = escape(target.name, quote=False)
        if resolvers.is_in_link:
            return name
        href = escape(target.href)
        return f'<a class="mention" href="{href}" data-mention="{mention.kind}:{mention.id}">@{name}</a>'

    def hashtag(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        resolvers: Resolvers = env["resolvers"]
        label = escape(f"#{tokens[idx].content}", quote=False)
        href = resolvers.hashtag(tokens[idx].content)
        if href is None or resolvers.is_in_link:
            return f'<span class="hashtag">{label}</span>'
        return f"{anchor(href, own_hosts=resolvers.own_hosts, css_class='hashtag')}{label}</a>"

    def emoji_picture(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        token = tokens[idx]
        return picture_of(token.content.strip(":"), token.meta["target"])

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        """Code in colours where the language is known, up to a bound for the whole text."""
        code, language = tokens[idx].content, language_of(tokens[idx].info)
        left = env.setdefault("colours_left", MOST_COLOURED)
        coloured = highlighted(code, language) if language and len(code) <= left else None
        if coloured is None:
            return super().fence(tokens, idx, options, env)
        env["colours_left"] = left - len(code)
        return f'<pre><code class="language-{language}">{coloured}</code></pre>\n'

    def task_box_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        checked = " checked" if tokens[idx].meta["checked"] else ""
        return f'<label><input type="checkbox" disabled{checked}> '

    def task_box_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        return "</label>"

    def list_item_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        return self.renderToken(tokens, idx, options, env)

    def heading_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        return f"<{self._heading(tokens[idx])}>"

    def heading_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        return f"</{self._heading(tokens[idx])}>\n"

    def _heading(self, token: Token) -> str:
        return f"h{min(int(token.tag[1:]) + HEADING_SHIFT, 6)}"

    def table_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        """A wide table scrolls in its frame, also by keyboard."""
        return '<div class="table-frame" tabindex="0"><table>\n'

    def table_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        return "</table></div>\n"

    def th_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        return self._cell(tokens[idx])

    td_open = th_open

    def _cell(self, token: Token) -> str:
        """A class for the alignment: the content security policy forbids style attributes."""
        alignment = str(token.attrs.get("style", "")).removeprefix("text-align:")
        return f'<{token.tag} class="align-{alignment}">' if alignment else f"<{token.tag}>"
