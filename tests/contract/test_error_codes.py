"""docs/errors.md names every code that the source can write, and no other; its API section tells the true status.

A code is a text given as `code` (or `reason_code`; `reason` in core/logic): as a keyword, at that place of a call, as a
default, as a class attribute, in a SQL text.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ruleyard.api.problems import KINDS

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "backend" / "src" / "ruleyard"
WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")
IN_SQL = re.compile(r"'code', '([a-z-]+)'")
IN_RUNS = ("ActionFailed", "Blocked", "StepError", "Broken", "fail")

RULE, RUN, API = "Problems of a rule document", "Errors of a step or run", "Errors of the API"
REACH = "Connections that need attention"


class Found(NamedTuple):
    """A code, the module that writes it and the class or function that it is given to ("" where there is none)."""

    code: str
    module: str
    given_to: str


class Signature(NamedTuple):
    """Where a callable takes a code, and how many arguments a call of it has."""

    place: int
    fewest: int
    most: int


def named_code(name: str, module: str) -> bool:
    return name in ("code", "reason_code") or (name == "reason" and module.startswith("core/logic/"))


def read_source() -> dict[str, ast.Module]:
    return {path.relative_to(SOURCE).as_posix(): ast.parse(path.read_text()) for path in SOURCE.rglob("*.py")}


def signatures(modules: dict[str, ast.Module]) -> dict[tuple[bool, str], list[Signature]]:
    """By (is it a method, name): every callable that takes a code by place."""
    found: dict[tuple[bool, str], list[Signature]] = {}

    def note(method: bool, name: str, names: list[str], fewest: int, module: str) -> None:
        for place, parameter in enumerate(names):
            if named_code(parameter, module):
                found.setdefault((method, name), []).append(Signature(place, fewest, len(names)))

    def of_function(function: ast.FunctionDef | ast.AsyncFunctionDef, skip: int) -> tuple[list[str], int]:
        names = [one.arg for one in (*function.args.posonlyargs, *function.args.args)][skip:]
        return names, len(names) - len(function.args.defaults)

    for module, tree in modules.items():
        methods: set[ast.AST] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                inside = [one for one in node.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
                methods.update(inside)
                made = next((one for one in inside if one.name == "__init__"), None)
                fields = [one for one in node.body if isinstance(one, ast.AnnAssign)]
                names = [one.target.id for one in fields if isinstance(one.target, ast.Name)]
                fewest = sum(one.value is None for one in fields)
                note(False, node.name, *(of_function(made, 1) if made else (names, fewest)), module)
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                method = node in methods
                note(method, node.name, *of_function(node, int(method)), module)
    return found


def texts(value: ast.AST | None, constants: dict[str, str]) -> Iterator[str]:
    """The codes that an expression can come to, as far as the text says."""
    match value:
        case ast.Constant(value=str(text)) if WORD.fullmatch(text):
            yield text
        case ast.Name(id=name) if name in constants:
            yield constants[name]
        case ast.IfExp(body=body, orelse=other):
            yield from texts(body, constants)
            yield from texts(other, constants)
        case ast.Call(func=ast.Attribute(value=ast.Dict(values=values), attr="get")):
            for one in values:
                yield from texts(one, constants)
        case ast.Subscript(value=ast.Name(id="Literal"), slice=ast.Tuple(elts=words)):
            for one in words:
                yield from texts(one, constants)
        case _:
            pass


def constants_of(tree: ast.Module) -> dict[str, str]:
    return {
        one.target.id: one.value.value
        for one in tree.body
        if isinstance(one, ast.AnnAssign)
        and isinstance(one.target, ast.Name)
        and isinstance(one.value, ast.Constant)
        and isinstance(one.value.value, str)
    }


def codes_of(
    module: str, tree: ast.Module, known: dict[tuple[bool, str], list[Signature]]
) -> Iterator[Found]:
    constants = constants_of(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
                given: list[ast.AST] = [
                    one.value for one in node.keywords if one.arg and named_code(one.arg, module)
                ]
                for signature in known.get((isinstance(node.func, ast.Attribute), name), []):
                    count = len(node.args) + len(node.keywords)
                    if count >= signature.fewest and signature.place < len(node.args) <= signature.most:
                        given.append(node.args[signature.place])
                for value in given:
                    yield from (Found(code, module, name) for code in texts(value, constants))
            case ast.ClassDef():
                for one in node.body:
                    if isinstance(one, ast.Assign) and ast.unparse(one.targets[0]) == "code":
                        yield from (Found(code, module, node.name) for code in texts(one.value, constants))
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                if named_code(name, module) or name.endswith("Code"):
                    yield from (Found(code, module, "") for code in texts(value, constants))
            case ast.arguments():
                late = [*node.posonlyargs, *node.args][::-1]
                pairs = [*zip(late, node.defaults[::-1], strict=False)]
                for argument, default in (*pairs, *zip(node.kwonlyargs, node.kw_defaults, strict=True)):
                    if named_code(argument.arg, module):
                        yield from (Found(code, module, "") for code in texts(default, constants))
            case ast.Constant(value=str(text)):
                yield from (Found(code, module, "") for code in IN_SQL.findall(text))
            case _:
                pass


@cache
def codes() -> frozenset[Found]:
    modules = read_source()
    known = signatures(modules)
    return frozenset(found for module, tree in modules.items() for found in codes_of(module, tree, known))


def rows(section: str) -> Iterator[tuple[str, list[str]]]:
    """Every code of a section with the other cells of its row."""
    page = (ROOT / "docs" / "errors.md").read_text()
    for line in page.split(f"\n## {section}\n")[1].split("\n## ")[0].splitlines():
        if line.startswith("| `"):
            first, *others = (cell.strip() for cell in line.strip("|").split(" | "))
            yield from ((code, others) for code in re.findall(r"`([a-z-]+)`", first))


def page_codes(*sections: str) -> set[str]:
    return {code for section in sections for code, _ in rows(section)}


def test_every_code_of_the_source_is_in_the_page() -> None:
    found, page = codes(), page_codes(RULE, RUN, REACH, API)
    missing = sorted(f"{one.code} ({one.module})" for one in found if one.code not in page)
    assert not missing, f"write these codes into docs/errors.md: {', '.join(missing)}"
    assert {"cycle", "too-many-steps", "quarantined", "outcome-unknown", "method-not-allowed", "csrf"} <= {
        one.code for one in found
    }, "the scan overlooks one of the ways in which codes are written"


def test_every_code_of_the_page_is_in_the_source() -> None:
    gone = page_codes(RULE, RUN, REACH, API) - {one.code for one in codes()}
    assert not gone, f"docs/errors.md names codes that nothing writes: {', '.join(sorted(gone))}"


def test_a_code_stands_in_the_section_where_a_reader_looks() -> None:
    found = codes()
    of_runs = {one.code for one in found if one.given_to in IN_RUNS}
    assert not of_runs - page_codes(RUN)
    of_rules = {one.code for one in found if one.module.startswith("core/") and one.given_to == "Problem"}
    assert not of_rules - page_codes(RULE)


def test_the_api_section_tells_status_and_title() -> None:
    told = {(code, cells[0], cells[1]) for code, cells in rows(API)}
    kinds = {kind.__name__: answer for kind, answer in KINDS.items()}
    needed = {
        (one.code, str(kinds[one.given_to][0]), kinds[one.given_to][1])
        for one in codes()
        if one.given_to in kinds
        and (
            one.module.startswith(("api/", "stores/", "intake/capture"))
            or one.code == next(kind.code for kind in KINDS if kind.__name__ == one.given_to)
        )
    }
    assert not needed - told
    assert all((kind.code, str(status), title) in told for kind, (status, title) in KINDS.items())
