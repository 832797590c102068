"""Breaking a text into lines of a width: at spaces where there are any, anywhere else where a word is wider. Pure."""

from __future__ import annotations

from ruleyard.actions.report.fonts import Letters

_FAR: int = 0x1100
"""From here on a line may break after any letter: Korean, Chinese, Japanese."""


def broken(letters: Letters, text: str, size: float, width: float, most: int) -> list[str]:
    """At most `most` lines; the last ends in an ellipsis where there would be more."""
    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        rest = paragraph
        while True:
            taken, rest = _line(letters, rest, size, width)
            lines.append(taken)
            if not rest:
                break
            if len(lines) > most:
                break
        if len(lines) > most:
            break
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and letters.width(f"{last}…", size) > width:
        last = last[:-1]
    return [*lines[: most - 1], f"{last}…"]


def _line(letters: Letters, text: str, size: float, width: float) -> tuple[str, str]:
    """What goes on one line, and the rest. At least one letter is taken."""
    used, at, space = 0.0, 0, 0
    for at, letter in enumerate(text):
        used += letters.width(letter, size)
        if used > width and at > 0:
            break
        if letter == " " or ord(letter) >= _FAR:
            space = at + 1
    else:
        return text, ""
    cut = space or at
    return text[:cut].rstrip(), text[cut:].lstrip()


def longest_word(letters: Letters, text: str, size: float) -> float:
    """The width of what cannot be broken without breaking a word."""
    widest = used = 0.0
    for letter in text:
        if letter.isspace() or ord(letter) >= _FAR:
            used = 0.0
            continue
        used += letters.width(letter, size)
        widest = max(widest, used)
    return widest
