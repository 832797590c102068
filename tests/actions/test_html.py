"""HTML of mails: what may stay, and how it reads as text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ruleyard.actions.html import as_plain, sanitised

LIVE = (
    "<script>x()</script>",
    "<img src=x onerror=x()>",
    "<svg onload=x()>",
    "<iframe src=https://x.eu></iframe>",
    "<a href='javascript:x()'>a</a>",
    "<a href='JaVaScRiPt&colon;x()'>a</a>",
    "<a href=' \tjavascript:x()'>a</a>",
    "<form action=https://x.eu><input></form>",
    "<style>@import 'https://x.eu'</style>",
    "<p style='background:url(https://x.eu/a.png);position:fixed'>a</p>",
    "<link rel=stylesheet href=https://x.eu>",
    "<meta http-equiv=refresh content='0;https://x.eu'>",
    "<base href=https://x.eu>",
    "<object data=https://x.eu></object>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=x()>",
    "<img src='data:text/html,<script>x()</script>'>",
    "<!--[if mso]><script>x()</script><![endif]-->",
    "<a href='//x.eu'>a</a>",
)


@pytest.mark.parametrize("html", LIVE)
def test_nothing_live_is_left(html: str) -> None:
    left = sanitised(html).lower()
    for word in (
        "script",
        "onerror",
        "onload",
        "iframe",
        "form",
        "style",
        "url(",
        "x.eu",
        "meta",
        "object",
        "svg",
    ):
        assert word not in left.replace('<p style="">', "<p>"), left


@given(st.lists(st.one_of(st.sampled_from(LIVE), st.text(max_size=12)), max_size=5))
@settings(max_examples=60, deadline=None)
def test_cleaning_twice_is_cleaning_once(parts: list[str]) -> None:
    once = sanitised("".join(parts))
    assert sanitised(once) == once


@pytest.mark.parametrize(
    "html",
    [
        '<p style="color:red">a</p>',
        '<a href="https://x.eu/a?b=1&amp;c=2">a</a>',
        '<a href="mailto:ann@example.com">a</a>',
        '<img src="https://x.eu/a.png" alt="A" width="10">',
        '<table><tbody><tr><td colspan="2">a</td></tr></tbody></table>',
        "<ul><li>안녕</li></ul>",
    ],
)
def test_what_a_mail_is_made_of_stays(html: str) -> None:
    assert sanitised(html) == html


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<h1>Hello</h1><p>Dear <b>Ann</b>,</p><p>bye</p>", "Hello\n\nDear Ann,\n\nbye\n"),
        ("a<br>b", "a\nb\n"),
        (
            "<p>x</p><ul><li>one</li><li>two</li></ul><ol><li>a</li><li>b</li></ol>",
            "x\n\n- one\n- two\n\n1. a\n2. b\n",
        ),
        (
            '<a href="https://x.eu">here</a> <a href="https://y.eu">https://y.eu</a>',
            "here (https://x.eu) https://y.eu\n",
        ),
        ('<a href="mailto:a@x.eu">write</a>', "write (a@x.eu)\n"),
        ("<table><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></table>", "1\t2\n3\t4\n"),
        ("a &lt;b&gt; &amp; c", "a <b> & c\n"),
        ("  <p>\n  a\n  b\n</p>  ", "a b\n"),
        ('<img alt="Logo" src="https://x.eu/l.png"><hr>x', "Logo\n\n---\n\nx\n"),
        ("", "\n"),
    ],
)
def test_html_reads_as_text(html: str, text: str) -> None:
    assert as_plain(html) == text
