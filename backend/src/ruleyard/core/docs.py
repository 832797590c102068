"""Writes the operators section of docs/rule-format.md from the table, so that the page cannot grow old.

`python -m ruleyard.core.docs docs/rule-format.md` rewrites it in place; a test keeps it fresh.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Final

from ruleyard.core.action_fields import ACTIONS
from ruleyard.core.logic.dialect import OPERATORS

BEGIN: Final = (
    "<!-- generated from core/logic/dialect.py and core/action_fields.py: python -m ruleyard.core.docs -->"
)
END: Final = "<!-- end of the generated part -->"

_GROUPS: Final = {
    "data": "Reading data",
    "compare": "Comparing",
    "decide": "Deciding",
    "number": "Numbers",
    "text": "Text",
    "list": "Lists",
    "date": "Dates",
}


def generated() -> str:
    """The generated part, between the two marks."""
    lines = [BEGIN, ""]
    for action in ACTIONS:
        lines += [
            f"### `{action.name}`: {action.label}",
            "",
            action.words,
            "",
            "| field | holds | needed |",
            "|---|---|---|",
        ]
        for field in action.fields:
            holds = ", ".join(f"`{choice}`" for choice in field.choices) or field.kind
            lines.append(f"| `{field.name}` | {holds} | {'yes' if field.required else ''} |")
        lines.append("")
    for group, title in _GROUPS.items():
        lines += [
            f"### {title}",
            "",
            "| operator | arguments | what it does | example |",
            "|---|---|---|---|",
        ]
        for info in OPERATORS:
            if info.group == group:
                most = (
                    "…"
                    if info.max_args is None
                    else ""
                    if info.max_args == info.min_args
                    else f"–{info.max_args}"
                )
                example = info.examples[0]
                shown = f"`{_code(example.logic)}`"
                if example.data:
                    shown += f" on `{_code(example.data)}`"
                name = f"`{_escaped(info.name)}`" + ("" if info.standard else " (ours)")
                words = _escaped(info.words)
                lines.append(
                    f"| {name} | {info.min_args}{most} | {words} | {shown} → `{_code(example.result)}` |"
                )
        lines.append("")
    return "\n".join([*lines, END])


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")


def _code(value: object) -> str:
    return _escaped(json.dumps(value, ensure_ascii=False))


def renewed(page: str) -> str:
    """The page with its generated part written anew."""
    before, _, rest = page.partition(BEGIN)
    return before + generated() + rest.partition(END)[2]


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(renewed(path.read_text(encoding="utf-8")), encoding="utf-8")
