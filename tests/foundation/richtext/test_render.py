from uuid import UUID

import pytest

from parvis.foundation.richtext import Mention, MentionTarget, mention_source, mentions_in, render

ALICE = UUID("01890000-0000-7000-8000-00000000000a")


def to_profile(mention: Mention) -> MentionTarget | None:
    return MentionTarget(f"/people/{mention.id}", "Alice Dubois") if mention.id == ALICE else None


def test_common_markup_is_rendered() -> None:
    html = render("**fort** *doux* ~~non~~ `x<1`\nsuite").html
    assert html == "<p><strong>fort</strong> <em>doux</em> <s>non</s> <code>x&lt;1</code><br>\nsuite</p>\n"


def test_a_heading_stands_below_the_title_of_its_post() -> None:
    assert render("# Un\n\n###### Six").html == "<h3>Un</h3>\n<h6>Six</h6>\n"


def test_raw_html_is_shown_and_not_obeyed() -> None:
    rendered = render("<script>alert(1)</script> <img src=x onerror=alert(1)>")
    assert "<script" not in rendered.html
    assert "<img" not in rendered.html
    assert rendered.text == "<script>alert(1)</script> <img src=x onerror=alert(1)>"


def test_code_names_its_language() -> None:
    one = '<span class="hl-n">1</span>'
    assert (
        render("```py\nx = 1\n```").html == f'<pre><code class="language-python">x = {one}\n</code></pre>\n'
    )
    assert render("```abc\nx = 1\n```").html == '<pre><code class="language-abc">x = 1\n</code></pre>\n'


def test_a_language_cannot_smuggle_attributes_or_classes() -> None:
    assert render('```x" onclick="y\n1\n```').html == "<pre><code>1\n</code></pre>\n"


def test_a_task_has_a_disabled_box_that_its_text_names() -> None:
    html = render("- [x] fait\n- [ ] à faire").html
    assert '<label><input type="checkbox" disabled="" checked=""> fait</label>' in html
    assert '<label><input type="checkbox" disabled=""> à faire</label>' in html


def test_a_table_aligns_by_class_because_styles_are_forbidden() -> None:
    html = render("|a|b|\n|-:|-|\n|1|2|").html
    assert '<td class="align-right">1</td>' in html
    assert "style" not in html


def test_a_mention_shows_the_true_name_whatever_was_typed() -> None:
    rendered = render(f"Merci @[The boss](person:{ALICE}) !", resolve_mention=to_profile)
    link = f'<a class="mention" href="/people/{ALICE}" data-mention="person:{ALICE}">@Alice Dubois</a>'
    assert rendered.html == f"<p>Merci {link} !</p>\n"
    assert rendered.mentions == [Mention("person", ALICE, "The boss")]
    assert rendered.mentioned_people == [ALICE]


def test_a_mention_of_nobody_is_plain_text() -> None:
    source = "@[Bob <b>](person:00000000-0000-0000-0000-000000000000)"
    assert render(source, resolve_mention=to_profile).html == "<p>Bob &lt;b&gt;</p>\n"


@pytest.mark.parametrize("name", ["Zoé [RH]", "a\\b", "]](person:x)", "", " two\nlines ", "[" * 150])
def test_any_name_can_be_mentioned(name: str) -> None:
    source = mention_source("person", ALICE, name)
    assert [mention.id for mention in render(source).mentions] == [ALICE]
    assert mentions_in(source) == render(source).mentions


def test_a_mention_in_code_or_in_a_link_does_not_link() -> None:
    source = mention_source("person", ALICE, "Alice")
    assert render(f"`{source}`", resolve_mention=to_profile).mentions == []
    assert render(f"[a {source}](https://x.org)", resolve_mention=to_profile).html.count("<a ") == 1


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("#Été #ÉTÉ #e\u0301te\u0301", ["été"]),
        ("#bien-être, #2024budget. #sécurité_au-travail", ["bien-être", "2024budget", "sécurité_au-travail"]),
        ("(#日本) #हिन्दी", ["日本", "हिन्दी"]),
        ("#123 a#b ##c #- # `#code` [#link](https://x.org) https://x.org/#anchor &#39;", []),
        ("#" + "a" * 65, []),
    ],
)
def test_hashtags(source: str, expected: list[str]) -> None:
    assert render(source).hashtags == expected


def test_a_hashtag_leads_where_the_resolver_says() -> None:
    html = render("#Été", resolve_hashtag=lambda name: f"/tags/{name}").html
    assert html == '<p><a class="hashtag" href="/tags/Été">#Été</a></p>\n'


@pytest.mark.parametrize(
    ("source", "href"),
    [
        ("https://x.org/a_b_c*d*e?f=1&g=2", "https://x.org/a_b_c*d*e?f=1&amp;g=2"),
        ("voir https://x.org/a.", "https://x.org/a"),
        (
            "(https://fr.wikipedia.org/wiki/Parvis_(architecture))",
            "https://fr.wikipedia.org/wiki/Parvis_(architecture)",
        ),
        ("«https://x.org»", "https://x.org"),
        ("www.parvis.example, oui", "https://www.parvis.example"),
        ("écrire à zoe@parvis.example.", "mailto:zoe@parvis.example"),
        ("https://exämple.org/é", "https://xn--exmple-cua.org/%C3%A9"),
        ("<https://x.org>", "https://x.org"),
        ("[x](HTTPS://x.org)", "HTTPS://x.org"),
    ],
)
def test_addresses_become_links(source: str, href: str) -> None:
    assert f'href="{href}"' in render(source).html


def test_other_sites_learn_nothing_and_gain_no_rank() -> None:
    rendered = render("[a](https://other.org) [b](/posts/1) [c](https://ours.org/x)", own_hosts={"ours.org"})
    assert rendered.html.count('rel="noopener noreferrer nofollow ugc"') == 1
    assert rendered.links == ["https://other.org", "/posts/1", "https://ours.org/x"]


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:x",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.org",
        "/\\evil.org",
        "relative",
        "&#106;avascript:x",
        "\tjavascript:x",
        "ftp://x.org",
        "java\nscript:x",
    ],
)
def test_a_dangerous_address_stays_text(href: str) -> None:
    assert "<a" not in render(f"[x]({href})").html
    assert "<a" not in render(f"[x](<{href}>)").html


def test_a_link_that_the_resolver_refuses_is_plain_text() -> None:
    assert render("[x](/secret)", resolve_link=lambda href: None).html == "<p>x</p>\n"


def test_only_our_own_images_are_shown() -> None:
    own = render("![Vue](/files/abc/vue.png)").html
    assert own == '<p><img src="/files/abc/vue.png" alt="Vue" loading="lazy" decoding="async"></p>\n'
    for source in ("https://spy.org/p.gif", "/files/../logout", "//x.org/files/a", "/account"):
        assert "<img" not in render(f"![Vue]({source})").html


def test_a_linked_foreign_image_is_one_link() -> None:
    assert render("[![badge](https://a.org/b.svg)](https://c.org)").html.count("<a ") == 1


def test_emoji_shortcodes() -> None:
    assert (
        render(":tada: bravo:+1: :nothing: `:tada:` 10:100:00").text
        == "🎉 bravo👍 :nothing: :tada: 10:100:00"
    )


def test_plain_text_has_a_line_per_block() -> None:
    source = "# T\n\n- a\n- b\n\n|c|d|\n|-|-|\n|1|2|\n\n```\ncode\n```\n![alt](/files/x)"
    assert render(source).text == "T\na\nb\nc d\n1 2\ncode\nalt"


def test_a_text_too_costly_to_lay_out_is_shown_as_typed() -> None:
    rendered = render("[" * 20_000 + "\n<b>")
    assert rendered.html.endswith("[<br>&lt;b&gt;</p>")


def test_a_quotation_that_says_so_is_folded_under_its_summary() -> None:
    rendered = render("Yes.\n\n> [!quote] Bob wrote:\n>\n> Shall we?\n>\n> > [!signature] B\n> >\n> > Bob")
    assert rendered.html == (
        "<p>Yes.</p>\n<details>\n<summary>Bob wrote:</summary>\n<p>Shall we?</p>\n"
        "<details>\n<summary>B</summary>\n<p>Bob</p>\n</details>\n</details>\n"
    )
    assert rendered.text == "Yes.\nBob wrote:\nShall we?\nB\nBob"


def test_an_ordinary_quotation_stays_one() -> None:
    assert "<blockquote>" in render("> quoted").html
    assert "<blockquote>" in render("> - [!quote] x").html
