"""CommonMark without raw HTML, with tables, strikethrough, task lists, and what a conversation needs."""

import re
import unicodedata

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from parvis.foundation.richtext.emoji import SHORTCODE, EmojiTarget, emoji_for
from parvis.foundation.richtext.links import BARE_LINK, bare_href, is_allowed_href, trimmed_url
from parvis.foundation.richtext.mentions import MENTION, mention_of

SCHEME = re.compile(r"(?<![a-z0-9])https?$", re.IGNORECASE)
URL_REST = re.compile(r"://[^\s<>\"`\\]{1,2000}")
LONGEST_HASHTAG = 64
FOLD = re.compile(r"\[!(?:quote|signature)\] ")


# An address that needs no encoding; encoding costs fifty times this check.
PLAIN_URL = re.compile(r"https?://[a-z0-9.\-]+(?::\d{1,5})?(?:[/?#][\w\-.~/?#@!$&()*+,;=:%]*)?", re.ASCII)
# markdown-it stops at every punctuation mark; at these our rules have something to do.
TERMINATORS = re.compile(r"[\n!#&*:<@\[\\\]_`~]")


class Dialect(MarkdownIt):
    def normalizeLink(self, url: str) -> str:
        is_plain = PLAIN_URL.fullmatch(url) and "%" not in url
        return url if is_plain else super().normalizeLink(url)

    def validateLink(self, url: str) -> bool:
        """A link that is not allowed stays the text that was typed."""
        return is_allowed_href(url)


def mention(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith("@[", state.pos) or not (match := MENTION.match(state.src, state.pos)):
        return False
    if match.end() > state.posMax:
        return False
    if not silent:
        token = state.push("mention", "", 0)
        token.meta["mention"] = mention_of(match)
        token.meta["in_link"] = state.linkLevel > 0
    state.pos = match.end()
    return True


def _is_tag_character(character: str) -> bool:
    return character == "_" or unicodedata.category(character)[0] in "LMN"


def hashtag_at(source: str, start: int, end: int) -> str | None:
    """Return the hashtag's name after ``#``: letters, marks, digits, ``_``, inner hyphens; at least one letter."""
    position, limit = start, min(end, start + LONGEST_HASHTAG + 1)
    while position < limit:
        is_inner_hyphen = (
            source[position] == "-" and start < position < end - 1 and _is_tag_character(source[position + 1])
        )
        if not _is_tag_character(source[position]) and not is_inner_hyphen:
            break
        position += 1
    name = source[start:position]
    is_word = len(name) <= LONGEST_HASHTAG and any(character.isalpha() for character in name)
    return name if is_word else None


def hashtag(state: StateInline, silent: bool) -> bool:
    if state.linkLevel > 0:
        return False
    before = state.src[state.pos - 1] if state.pos else " "
    if before in "#&/" or _is_tag_character(before):
        return False
    name = hashtag_at(state.src, state.pos + 1, state.posMax)
    if name is None:
        return False
    if not silent:
        token = state.push("hashtag", "", 0)
        token.content = name
    state.pos += len(name) + 1
    return True


def emoji(state: StateInline, silent: bool) -> bool:
    if not (match := SHORTCODE.match(state.src, state.pos, state.posMax)):
        return False
    code = match[1]
    if (target := state.env.get("emoji", _no_emoji)(code.lower())) is not None:
        return _picture(state, match, target, silent=silent)
    character = emoji_for(code)
    # 10:100:00 is a time or a ratio, not a hundred points.
    if character is None or (code.isdigit() and state.pos and state.src[state.pos - 1].isalnum()):
        return False
    if not silent:
        state.append_pending(character)
    state.pos = match.end()
    return True


def _no_emoji(code: str) -> EmojiTarget | None:
    return None


def _picture(state: StateInline, match: re.Match[str], target: EmojiTarget, *, silent: bool) -> bool:
    if not silent:
        token = state.push("emoji_picture", "", 0)
        token.content = match[0]
        token.meta["target"] = target
    state.pos = match.end()
    return True


def bare_url(state: StateInline, silent: bool) -> bool:
    """``https://…`` without brackets; before emphasis, so that ``*`` and ``_`` in an address stay."""
    if not state.src.startswith("://", state.pos) or state.linkLevel > 0:
        return False
    scheme = SCHEME.search(state.src, max(0, state.pos - 6), state.pos)
    if scheme is None or not (match := URL_REST.match(state.src, state.pos, state.posMax)):
        return False
    url = trimmed_url(scheme[0] + match[0])
    href = state.md.normalizeLink(url)
    if len(url) <= len(scheme[0]) + 3 or not is_allowed_href(href):
        return False
    if not silent:
        # The scheme was already taken as text; it belongs to the link.
        state.pending = state.pending[: -len(scheme[0])]
        _push_link(state, href, url)
    state.pos += len(url) - len(scheme[0])
    return True


def conversation(state: StateInline, silent: bool) -> bool:
    """One rule for our four: markdown-it calls every rule at every mark."""
    match state.src[state.pos]:
        case ":":
            return bare_url(state, silent) or emoji(state, silent)
        case "@":
            return mention(state, silent)
        case "#":
            return hashtag(state, silent)
        case _:
            return False


def _push_link(state: StateInline, href: str, label: str) -> None:
    state.push("link_open", "a", 1).attrs = {"href": href}
    state.push("text", "", 0).content = label
    state.push("link_close", "a", -1)


def bare_words(state: StateCore) -> None:
    """``www.example.org`` and ``someone@example.org`` in text that is not in a link."""
    for block in state.tokens:
        if block.type == "inline" and ("www." in block.content or "@" in block.content):
            block.children = _with_bare_links(block.children or [], state.md)


def _with_bare_links(tokens: list[Token], md: MarkdownIt) -> list[Token]:
    result: list[Token] = []
    depth = 0
    for token in tokens:
        depth += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type == "text" and depth == 0:
            result.extend(_split(token, md))
        else:
            result.append(token)
    return result


def _split(token: Token, md: MarkdownIt) -> list[Token]:
    parts: list[Token] = []
    done = 0
    for match in BARE_LINK.finditer(token.content):
        address = trimmed_url(match[0])
        href = md.normalizeLink(bare_href(address))
        if not is_allowed_href(href):
            continue
        parts.append(Token("text", "", 0, content=token.content[done : match.start()]))
        parts.append(Token("link_open", "a", 1, attrs={"href": href}))
        parts.append(Token("text", "", 0, content=address))
        parts.append(Token("link_close", "a", -1))
        done = match.start() + len(address)
    return [*parts, Token("text", "", 0, content=token.content[done:])] if parts else [token]


def task_boxes(state: StateCore) -> None:
    """Wrap a task's line in its label, so that the box has a name in every language."""
    for item, paragraph, line in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        is_task = item.type == "list_item_open" and "checked" in item.meta
        if is_task and paragraph.type == "paragraph_open" and line.type == "inline":
            box = Token("task_box_open", "", 0, meta=item.meta)
            line.children = [box, *(line.children or []), Token("task_box_close", "", 0)]


def folds(state: StateCore) -> None:
    """A quotation that begins with ``[!quote] summary`` or ``[!signature] summary`` is shown folded.

    Mail is imported so: what an answer repeats is there for who wants it.
    """
    opened: list[int] = []
    for position, token in enumerate(state.tokens):
        if token.type == "blockquote_open":
            opened.append(position)
        elif token.type == "blockquote_close":
            _fold(state.tokens[opened.pop() : position + 1])


def _fold(tokens: list[Token]) -> None:
    if len(tokens) < 5 or tokens[2].type != "inline" or not (match := FOLD.match(tokens[2].content)):
        return
    first = (tokens[2].children or [Token("text", "", 0)])[0]
    if tokens[1].type != "paragraph_open" or not first.content.startswith(match[0]):
        return
    first.content = first.content.removeprefix(match[0])
    tokens[0].tag = tokens[-1].tag = "details"
    tokens[1].tag = tokens[3].tag = "summary"


def build() -> Dialect:
    md = Dialect("commonmark", {"html": False, "breaks": True, "tasklists": True, "xhtmlOut": False})
    md.enable(["table", "strikethrough"])
    md.disable(["html_block", "html_inline"])
    md.inline.terminator_re = TERMINATORS
    md.inline.ruler.push("conversation", conversation)
    md.core.ruler.push("bare_words", bare_words)
    md.core.ruler.push("task_boxes", task_boxes)
    md.core.ruler.push("folds", folds)
    return md
