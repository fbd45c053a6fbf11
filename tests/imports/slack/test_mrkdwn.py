"""Slack's markup reads the same as Markdown."""

from __future__ import annotations

import time

import pytest

from parvis.imports.markdown import References
from parvis.imports.slack.links import Directory
from parvis.imports.slack.mrkdwn import to_markdown
from parvis.imports.source import Reference, RefersTo

DIRECTORY = Directory(
    people={"U1": "Alice"}, spaces={"C1": "general", "G1": "board"}, secret=frozenset({"G1"}), here="C1"
)


def written(text: str) -> str:
    references = References()
    body = to_markdown(text, DIRECTORY, references)
    for number, reference in enumerate(references.collected()):
        body = body.replace(f"\ue000{number}\ue001", f"⟦{reference.kind}:{reference.id}:{reference.label}⟧")
    return body


@pytest.mark.parametrize(
    ("slack", "markdown"),
    [
        ("*bold* and _italic_ and ~struck~", "**bold** and *italic* and ~~struck~~"),
        ("_*both*_", "***both***"),
        ("2*3*4 snake_case_name a~b~c", "2\\*3\\*4 snake_case_name a~b~c"),
        ("* a lone star", "\\* a lone star"),
        ("`x_y *z*` and &lt;b&gt; &amp;amp;", "`x_y *z*` and \\<b> \\&amp;"),
        ("```\nif a &lt; b:\n    *c*\n```", "```\nif a < b:\n    *c*\n```"),
        ("see ```one``` here", "see \n\n```\none\n```\n\n here"),
        ("<https://a.org/x_y*z>", "<https://a.org/x_y*z>"),
        ("<https://a.org|the *site*>", "[the \\*site\\*](https://a.org)"),
        ("<https://a.org/?a=1&amp;b=2>", "<https://a.org/?a=1&b=2>"),
        ("<mailto:a@b.org|a@b.org>", "[a@b.org](mailto:a@b.org)"),
        ("<javascript:alert(1)|click>", "click (javascript:alert(1))"),
        ("<@U1> <@U1|al>", "⟦person:U1:Alice⟧ ⟦person:U1:Alice⟧"),
        ("<@U9|zoe> <@U9>", "@zoe @U9"),
        ("<#C1|general>", "⟦space:C1:general⟧"),
        ("<#C9|gone>", "#gone"),
        ("<!here> <!subteam^S1|@team> <!date^1^{date}|Monday>", "@here @team Monday"),
        (":+1: :wave::skin-tone-3: :our-logo: 10:30:45", "👍 👋🏼 :our-logo: 10:30:45"),
        ("&gt; quoted\nanswer", "> quoted\n\nanswer"),
        ("a\n&gt;&gt;&gt; b\nc", "a\n\n> b\n> c"),
        ("• one\n• two\nthen", "- one\n- two\n\nthen"),
        ("# no heading\n1. first\n- dash", "\\# no heading\n1\\. first\n\\- dash"),
        ("[x](http://evil)", "\\[x\\](http://evil)"),
        ("<https://w.slack.com/archives/C1>", "⟦space:C1:general⟧"),
    ],
)
def test_markup(slack: str, markdown: str) -> None:
    assert written(slack) == markdown


def test_a_permalink_leads_to_the_message_it_named() -> None:
    references = References()
    to_markdown(
        "<https://w.slack.com/archives/C1/p1516677693000181?thread_ts=1.2|this>", DIRECTORY, references
    )
    [reference] = references.collected()
    assert reference.kind is RefersTo.ENTRY
    assert reference.id == "C1/1516677693.000181"
    assert isinstance(reference, Reference)


def test_the_name_of_a_private_channel_is_told_nowhere_else() -> None:
    assert written("see <#G1|board>") == "see #🔒"


def test_download_tokens_are_not_kept() -> None:
    assert "xoxe" not in written("<https://files.slack.com/f.png?t=xoxe-1-2-3|f>")


def test_private_characters_cannot_forge_a_reference() -> None:
    assert written("\ue0000\ue001 \ue0120\ue011") == "0 0"


@pytest.mark.parametrize(
    "unit", ["*a ", "_a_", "<", "```", "`", ":a", "&gt;", "~*_", "<@U1", "• ", "\n&gt;&gt;&gt; "]
)
def test_hostile_text_costs_little(unit: str) -> None:
    text = unit * (40_000 // len(unit))
    started = time.perf_counter()
    written(text)
    assert time.perf_counter() - started < 1.5
