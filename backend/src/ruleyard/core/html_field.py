"""A field that holds HTML with expressions in it: what the author wrote stays HTML, what an expression gives is text.

The literal texts of a `cat` (and of those in it) are HTML as they stand; the value of everything else is escaped. So
nothing of a record can become a tag. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from ruleyard.core.logic.compile import Compiled, compile_logic
from ruleyard.core.logic.tree import pointer
from ruleyard.core.trace import StepError
from ruleyard.core.types import JSON

_CAT = "cat"


@dataclass(frozen=True)
class HtmlField:
    """HTML as it stands, and between it expressions with the paths at which they are written."""

    parts: tuple[str | tuple[str, Compiled], ...]

    def resolve(self, data: JSON, at: str) -> str | StepError:
        """The whole; or why the first of its expressions, whose field is at `at`, has no value."""
        whole: list[str] = []
        for part in self.parts:
            if isinstance(part, str):
                whole.append(part)
                continue
            path, compiled = part
            outcome = compiled.evaluate(data)
            if outcome.error:
                inner = outcome.error.path.removeprefix("/cat/0")
                return StepError(outcome.error.reason, outcome.error.message, path=at + path + inner)
            whole.append(escape(str(outcome.value)))
        return "".join(whole)


def html_field(value: JSON) -> HtmlField:
    return HtmlField(tuple(_parts(value, "")))


def _parts(value: JSON, path: str) -> Iterator[str | tuple[str, Compiled]]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict) and [*value] == [_CAT] and isinstance(items := value[_CAT], list):
        for index, item in enumerate(items):
            yield from _parts(item, path + pointer("", _CAT, index))
    else:
        # As text: what `cat` makes of a value is what people read.
        yield path, compile_logic({_CAT: [value]})
