"""What somebody pasted, chose or pointed at → the rule documents in it, each with the way back to its place there.

Accepts our document, a bundle of them, an expression with or without its trigger, and a bare JSON Logic object.
Whatever else it is, the refusal says so: another product's export, a part of a rule, broken JSON with its line.
Knows nothing of tables, connections or rules that are there already.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Final, NoReturn

import msgspec

from ruleyard.core.errors import Invalid
from ruleyard.core.incoming.foreign import part_of_a_rule, product_of, text_product
from ruleyard.core.incoming.walk import walked_logic
from ruleyard.core.limits import IMPORT_BYTES, refuse, repeated_key
from ruleyard.core.logic.dialect import BY_NAME
from ruleyard.core.types import JSON, JSONObject

MOST: Final = 200
_FENCE: Final = re.compile(r"\A(\s*)```[^\n`]*\n(.*?)(?:\n```\s*)?\Z", re.S)
_ROOTS: Final = frozenset(("before", "after", "related", "changed", "event", "now", "steps"))


class Incoming(msgspec.Struct, frozen=True):
    """One document. `moved`: (where in the document, where in the text), JSON Pointers, longest first."""

    document: JSONObject
    moved: tuple[tuple[str, str], ...]

    def origin(self, path: str) -> str:
        """Where in the text the value stands that is at `path` of the document; its nearest holder otherwise."""
        for here, there in self.moved:
            if path == here or path.startswith(f"{here}/"):
                return there + path[len(here) :]
        return ""


def read_text(text: str) -> tuple[JSON, str]:
    """The JSON value, and the text that places are counted in. Invalid with line and column where it is no JSON.

    A fence of Markdown around it is taken away; lines keep their numbers.
    """
    text = text.removeprefix("\ufeff")
    if (size := len(text.encode())) > IMPORT_BYTES:
        most = IMPORT_BYTES // 1024
        raise refuse("document-too-large", f"An import has at most {most} KB.", most=most, size=size // 1024)
    if fenced := _FENCE.match(text):
        text = f"{fenced[1]}\n{fenced[2]}"
    if not text.strip():
        raise refuse("nothing-given", "There is nothing to import yet: the text is empty.")
    try:
        value: JSON = json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        _refuse_broken(text, error)
    except RecursionError:
        raise refuse("too-deep", "The JSON nests too deep.", most=32) from None
    if (key := repeated_key(text.encode())) is not None:
        words = f'The key "{key.key[:80]}" comes twice in one object, again at line {key.line}, column {key.column}.'
        raise refuse("repeated-key", words, key=key.key[:80], line=key.line, column=key.column)
    return value, text


def _no_number(name: str) -> NoReturn:
    raise json.JSONDecodeError(f"{name} is no number of JSON", name, 0)


def _refuse_broken(text: str, error: json.JSONDecodeError) -> NoReturn:
    product = text_product(text)
    if product:
        _refuse_foreign(product)
    line, column = (error.lineno, error.colno) if error.doc == text else (1, 1)
    begin = text.lstrip()[:1]
    ends = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string")
    if (ends and begin in "{[") or (begin == '"' and '":' in text) or begin in "}],":
        words = (
            f"This is only a part of a rule: the text ends or begins in the middle (line {line}, column {column}). "
            "Copy all of it, from the first { to the last }."
        )
        raise refuse("cut-off", words, line=line, column=column)
    words = f"This is not JSON: line {line}, column {column}: {error.msg}."
    raise refuse("broken-json", words, line=line, column=column)


def _refuse_foreign(product: str) -> NoReturn:
    words = (
        f"This is an export of {product}, not of Ruleyard, so it cannot be imported. "
        "Build the rule here; a bare JSON Logic expression of it can be pasted."
    )
    raise refuse("foreign-export", words, product=product)


def documents_of(value: JSON) -> tuple[Incoming, ...]:
    """The documents in it. Invalid, with one problem that says what it is instead."""
    product = product_of(value)
    if product:
        _refuse_foreign(product)
    part = part_of_a_rule(value)
    if part:
        words = f"This is only a part of a rule ({part}). Copy the whole rule, with its name, its nodes and its edges."
        raise refuse("part-of-a-rule", words, part=part)
    if isinstance(value, list):
        return _bundle(value, "")
    if isinstance(value, dict):
        if "rules" in value:
            return _bundle(value["rules"], "/rules")
        if "nodes" in value:
            return (Incoming(value, (("", ""),)),)
        if "logic" in value:
            return (_with_trigger(value, ""),)
        if is_expression(value):
            return (_bare(value),)
    raise _no_rule()


def _no_rule() -> Invalid:
    words = (
        'This is no rule: send a rule document, `{"rules": […]}`, `{"logic": …, "trigger": {…}}`, '
        "or one JSON Logic expression."
    )
    return refuse("bad-import", words)


def is_expression(value: JSON) -> bool:
    """One JSON Logic object: a single key, which is an operator."""
    return isinstance(value, dict) and len(value) == 1 and next(iter(value)) in BY_NAME


def _bundle(bundle: JSON, at: str) -> tuple[Incoming, ...]:
    if not isinstance(bundle, list) or not bundle or not all(isinstance(one, dict) for one in bundle):
        raise refuse("bad-import", "`rules` is a list of rule documents.")
    if len(bundle) > MOST:
        raise refuse("bad-import", f"A bundle has at most {MOST} rules.")
    found: list[Incoming] = []
    for index, one in enumerate(bundle):
        assert isinstance(one, dict)  # noqa: S101 - looked at above
        here = f"{at}/{index}"
        if "logic" in one and "nodes" not in one:
            found.append(_with_trigger(one, here))
        else:
            found.append(Incoming(one, (("", here),)))
    return tuple(found)


_TO_CHOOSE: Final[JSONObject] = {
    "id": "t",
    "kind": "trigger",
    "on": "change",
    "connection": "",
    "table": "",
    "events": ["insert", "update"],
}
"""A start that somebody has to fill in."""


def _with_trigger(body: JSONObject, at: str) -> Incoming:
    """trigger → condition (→ the actions given, in order)."""
    trigger, actions = body.get("trigger"), body.get("actions", [])
    start: JSONObject = _TO_CHOOSE
    if isinstance(trigger, dict):
        start = {
            "id": "t",
            **{k: v for k, v in trigger.items() if k not in ("id", "kind")},
            "kind": "trigger",
        }
    nodes: list[JSON] = [start, {"id": "c", "kind": "condition", "logic": body["logic"]}]
    edges: list[JSON] = [["t", "c"]]
    moved = [("/nodes/0", f"{at}/trigger"), ("/nodes/1/logic", f"{at}/logic"), ("/name", f"{at}/name")]
    for place, action in enumerate(actions if isinstance(actions, list) else [], 1):
        if not isinstance(action, dict):
            raise refuse("bad-import", f"Action {place} is an object with `do` and `fields`.")
        nodes.append(
            {"id": f"a{place}", "kind": "action", "do": action.get("do"), "fields": action.get("fields", {})}
        )
        edges.append(["c", "a1", "yes"] if place == 1 else [f"a{place - 1}", f"a{place}"])
        moved.append((f"/nodes/{place + 1}", f"{at}/actions/{place - 1}"))
    name = body.get("name") or "Imported rule"
    return Incoming({"dialect": 1, "name": name, "nodes": nodes, "edges": edges}, tuple(moved))


def _bare(logic: JSONObject) -> Incoming:
    """An If with a start to be chosen. Names without a root, as other engines write them, mean the record."""
    nodes: list[JSON] = [_TO_CHOOSE, {"id": "c", "kind": "condition", "logic": rooted(logic)}]
    document: JSONObject = {"dialect": 1, "name": "Imported rule", "nodes": nodes, "edges": [["t", "c"]]}
    return Incoming(document, (("/nodes/1/logic", ""),))


def rooted(logic: JSON) -> JSON:
    """`{"var": "status"}` → `{"var": "after.status"}`, outside the bodies of list operators."""
    return walked_logic(logic, _after)


def _after(path: str) -> str:
    return path if not path or path.partition(".")[0] in _ROOTS else f"after.{path}"


Taken = Callable[[str], bool]


def own_names(documents: Sequence[str]) -> list[str]:
    """A name for each document: what it is called, with ` (2)` where an earlier one of them is called so already."""
    found: list[str] = []
    for name in documents:
        found.append(free_name(name, lambda one: one in found) if name in found else name)
    return found


def free_name(name: str, taken: Taken) -> str:
    """` (2)`, ` (3)` … behind it: the first that is not taken. At most 120 characters."""
    number = 2
    while taken(made := f"{name[:112]} ({number})"):
        number += 1
    return made
