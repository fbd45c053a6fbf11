"""One pass from Markdown to what is stored beside it."""

import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from uuid import UUID

from markdown_it.token import Token

from parvis.foundation.richtext import budget, dialect, plain, sanitizer
from parvis.foundation.richtext.clean import printable
from parvis.foundation.richtext.emoji import EmojiTarget
from parvis.foundation.richtext.html import Html, Resolvers
from parvis.foundation.richtext.mentions import Mention, MentionTarget

# Raise it when the same source gives other HTML: what is stored with a lower one is rendered again.
RENDER_VERSION = 4

DIALECT = dialect.build()
HTML = Html(DIALECT)


@dataclass(frozen=True)
class Rendered:
    html: str
    text: str
    mentions: list[Mention] = field(default_factory=list)
    hashtags: list[str] = field(default_factory=list)
    # The same as they were written, the first time.
    hashtags_as_written: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    @property
    def mentioned_people(self) -> list[UUID]:
        return [mention.id for mention in self.mentions if mention.kind == "person"]


def render(
    markdown: str,
    *,
    resolve_mention: Callable[[Mention], MentionTarget | None] = lambda mention: None,
    resolve_link: Callable[[str], str | None] = lambda href: href,
    resolve_hashtag: Callable[[str], str | None] = lambda name: None,
    resolve_emoji: Callable[[str], EmojiTarget | None] = lambda code: None,
    own_hosts: Collection[str] = (),
) -> Rendered:
    """Render a text; never raises, whatever the text.

    A resolver that answers None leaves plain text. ``mentions``, ``hashtags`` (folded) and ``links`` list
    what the text says, each once, in order, also what did not resolve.
    """
    source = printable(markdown)
    if budget.is_exceeded(source):
        return Rendered(html=sanitizer.clean(plain.as_html(source)), text=source)
    resolvers = Resolvers(resolve_mention, resolve_link, resolve_hashtag, own_hosts)
    tokens = DIALECT.parse(source, {"emoji": resolve_emoji})
    html = sanitizer.clean(HTML.render(tokens, DIALECT.options, {"resolvers": resolvers}))
    found = _Found()
    found.look_at(tokens)
    return Rendered(
        html,
        plain.text_of(tokens),
        mentions=list(found.mentions),
        hashtags=list(found.hashtags),
        hashtags_as_written=list(found.hashtags.values()),
        links=list(found.links),
    )


@dataclass
class _Found:
    """Dictionaries as ordered sets."""

    mentions: dict[Mention, None] = field(default_factory=dict)
    hashtags: dict[str, str] = field(default_factory=dict)
    links: dict[str, None] = field(default_factory=dict)

    def look_at(self, tokens: list[Token]) -> None:
        for token in tokens:
            if token.type == "mention":
                self.mentions[token.meta["mention"]] = None
            elif token.type == "hashtag":
                self.hashtags.setdefault(folded(token.content), token.content)
            elif token.type == "link_open":
                self.links[str(token.attrs["href"])] = None
            elif token.type == "inline":
                self.look_at(token.children or [])


def folded(hashtag: str) -> str:
    """The form under which a hashtag is found: #Été, #ÉTÉ and a decomposed #été are one."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", hashtag).casefold())
