"""HTML of mails: cut down to what a mail may hold, and told as plain text for those who read that.

An allow-list: no script, no form, no frame, no event of a tag, no address but the web's, mail's and phone's. Pure.
"""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Final

_TAGS: Final = (
    "a abbr b blockquote br center code del div em font h1 h2 h3 h4 h5 h6 hr i img ins li mark ol p pre s small span "
    "strike strong sub sup u ul table caption colgroup col thead tbody tfoot tr th td"
)
_ATTRIBUTES: Final = {
    "*": {"style", "title", "align", "dir", "lang"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "font": {"color", "face", "size"},
    "col": {"span", "width"},
    "table": {"width", "border", "cellpadding", "cellspacing", "bgcolor"},
    "tr": {"bgcolor", "valign"},
    "td": {"colspan", "rowspan", "width", "height", "bgcolor", "valign"},
    "th": {"colspan", "rowspan", "width", "height", "bgcolor", "valign", "scope"},
    "ol": {"start", "type"},
}
_STYLES: Final = (
    "background-color border border-bottom border-collapse border-color border-left border-radius border-right "
    "border-spacing border-style border-top border-width color direction display font font-family font-size font-style "
    "font-weight height letter-spacing line-height list-style-type margin margin-bottom margin-left margin-right "
    "margin-top max-width min-width padding padding-bottom padding-left padding-right padding-top text-align "
    "text-decoration text-transform vertical-align white-space width"
)
_SCHEMES: Final = frozenset({"http", "https", "mailto", "tel"})


def sanitised(html: str) -> str:
    """The same without what no mail may hold; broken tags are closed."""
    import nh3  # a mail of text does without it

    return nh3.clean(
        html,
        tags=set(_TAGS.split()),
        clean_content_tags={"script", "style", "title", "head", "iframe", "object", "noscript", "template"},
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        url_schemes=set(_SCHEMES),
        filter_style_properties=set(_STYLES.split()),
        url_relative="deny",
        link_rel=None,
    )


def page(html: str) -> str:
    """A whole document of a sanitised part."""
    return f'<!doctype html>\n<html>\n<head><meta charset="utf-8"></head>\n<body>\n{html}\n</body>\n</html>\n'


def as_plain(html: str) -> str:
    """What a reader of text sees: paragraphs and lists as lines, links with their addresses."""
    reader = _Plain()
    reader.feed(html)
    reader.close()
    return reader.text()


_PARAGRAPHS: Final = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre", "hr")
_LINES: Final = ("div", "tr", "caption", "center")


class _Plain(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._out: list[str] = []
        self._links: list[tuple[str, int]] = []
        self._lists: list[int | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in _PARAGRAPHS:
            self._break(2 if not self._lists else 1)
        elif tag in _LINES:
            self._break(1)
        if tag == "br":
            self._out.append("\n")
        elif tag == "hr":
            self._out.append("---")
            self._break(2)
        elif tag in ("ul", "ol"):
            self._lists.append(0 if tag == "ol" else None)
        elif tag == "li":
            self._item()
        elif tag in ("td", "th") and self._out and not self._out[-1].endswith("\n"):
            self._out.append("\t")
        elif tag == "img" and given.get("alt"):
            self._out.append(str(given["alt"]))
        elif tag == "a":
            self._links.append((given.get("href") or "", len(self._out)))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._links:
            address, begun = self._links.pop()
            address = address.removeprefix("mailto:").removeprefix("tel:")
            shown = "".join(self._out[begun:]).strip()
            if address and address != shown:
                self._out.append(f" ({address})")
        elif tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        if tag in _PARAGRAPHS:
            self._break(2 if not self._lists else 1)
        elif tag in _LINES or tag == "li":
            self._break(1)

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split())
        if not words:
            if data and self._out and not self._out[-1].endswith(("\n", " ", "\t")):
                self._out.append(" ")
            return
        before = (
            " " if data[0].isspace() and self._out and not self._out[-1].endswith(("\n", " ", "\t")) else ""
        )
        self._out.append(before + words + (" " if data[-1].isspace() else ""))

    def text(self) -> str:
        lines = [line.rstrip() for line in "".join(self._out).split("\n")]
        return "\n".join(lines).strip() + "\n"

    def _item(self) -> None:
        self._break(1)
        number = self._lists[-1] if self._lists else None
        if number is None:
            self._out.append("- ")
        else:
            self._lists[-1] = number + 1
            self._out.append(f"{number + 1}. ")

    def _break(self, lines: int) -> None:
        """At least so many line ends stand here, unless it is the beginning."""
        whole = "".join(self._out[-3:])
        if not whole.strip() and len(self._out) < 3:
            return
        there = len(whole) - len(whole.rstrip("\n"))
        if there < lines:
            self._out.append("\n" * (lines - there))
