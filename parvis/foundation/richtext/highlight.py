"""Colours for code: words of a few kinds, as classes. Bounded, whatever somebody pastes.

Only these languages: each has a lexer of few, plain expressions. A long text, a long line or a slow one stays
plain: colours are a comfort, not worth a wait.
"""

from __future__ import annotations

import time
from functools import cache
from html import escape

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Generic, Keyword, Name, Number, Operator, String, _TokenType

MOST_CHARACTERS = 10_000
LONGEST_LINE = 500
MOST_SECONDS = 0.1

LANGUAGES = {
    name: lexer
    for lexer, names in {
        "bash": "bash sh shell zsh", "c": "c h", "cpp": "cpp c++ cc", "csharp": "csharp c# cs", "css": "css",
        "diff": "diff patch", "go": "go golang", "html": "html", "ini": "ini conf cfg", "java": "java",
        "javascript": "javascript js jsx", "json": "json", "kotlin": "kotlin kt", "php": "php", "powershell": "powershell ps1",
        "python": "python py python3", "ruby": "ruby rb", "rust": "rust rs", "sql": "sql postgresql postgres",
        "toml": "toml", "typescript": "typescript ts tsx", "xml": "xml", "yaml": "yaml yml",
    }.items()
    for name in names.split()
}  # fmt: skip

# The first that holds the token's type; the letters are classes of styles/components/prose.css.
KINDS: list[tuple[_TokenType, str]] = [
    (Comment, "c"),
    (String, "s"),
    (Number, "n"),
    (Keyword, "k"),
    (Name.Function, "f"),
    (Name.Class, "f"),
    (Name.Tag, "k"),
    (Name.Attribute, "a"),
    (Name.Builtin, "a"),
    (Name.Decorator, "a"),
    (Operator.Word, "k"),
    (Generic.Inserted, "i"),
    (Generic.Deleted, "d"),
    (Generic.Heading, "k"),
    (Generic.Subheading, "k"),
]


def language_of(info: str) -> str:
    """Return the language that a fence names, "" for one that we do not know."""
    return LANGUAGES.get(info.strip().split(" ", 1)[0].lower()[:20], "")


def highlighted(code: str, language: str) -> str | None:
    """Return escaped HTML with classes; None when the code had better stay plain."""
    if len(code) > MOST_CHARACTERS or max(map(len, code.split("\n"))) > LONGEST_LINE:
        return None
    parts: list[str] = []
    tokens = _lexer(language).get_tokens(code)
    # Of this thread's own work: a busy machine takes no colours away.
    deadline = time.thread_time() + MOST_SECONDS
    for kind, text in tokens:
        if time.thread_time() > deadline:
            return None
        name = _class(kind)
        shown = escape(text, quote=False)
        parts.append(f'<span class="hl-{name}">{shown}</span>' if name and text.strip() else shown)
    return "".join(parts)


@cache
def _lexer(language: str) -> Lexer:
    # Exactly what was written: no line added, none taken away.
    return get_lexer_by_name(language, stripnl=False, ensurenl=False)


@cache
def _class(kind: _TokenType) -> str:
    return next((name for parent, name in KINDS if kind in parent), "")
