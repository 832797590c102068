"""Answers found in the live tables: which table is meant, which field is the status, who is told.

Names are compared word by word, without endings of plurals. Where nothing fits there is no answer: none is better
than a wrong one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from ruleyard.core.model import Column, TableModel
from ruleyard.core.types import JSON
from ruleyard.templates.fill import holes_of, said
from ruleyard.templates.template import Answers, Language, Question, Template
from ruleyard.templates.template import Words as Texts

_ADDRESS: Final = re.compile(r"mail", re.I)


class Surroundings(msgspec.Struct, frozen=True):
    """The tables that may be meant, the likely ones first, and the models of those that were looked at.

    `catcher`: an address where calls may be tried, "" where there is none.
    """

    tables: tuple[tuple[str, str], ...]
    models: Mapping[tuple[str, str], TableModel]
    catcher: str = ""

    def model(self, answer: JSON) -> TableModel | None:
        """The table of an answer `connection schema.table`."""
        connection, _, table = str(answer).partition(" ")
        return self.models.get((connection, table))


def resolve(template: Template, given: Answers, around: Surroundings, language: Language) -> Answers:
    """What was answered, and what is found for the rest."""
    answers: Answers = {}
    for question in template.questions:
        answer = given.get(question.id)
        if answer is None:
            answer = guess(template, question, answers, around, language)
        if answer is not None:
            answers[question.id] = answer
    return answers


def guess(
    template: Template, question: Question, answers: Answers, around: Surroundings, language: Language
) -> JSON:
    """The likely answer, None where nothing fits. `answers` holds those of the questions before it."""
    match question.kind:
        case "table":
            return _table(question.like, around.tables)
        case "field":
            table = around.model(answers.get(question.of))
            return None if table is None else _field(question, table, answers)
        case "value" if question.of != "":
            return _value(question, field_of(template, question, answers, around))
        case "recipient":
            return _recipient(question, recipients(question, answers, around))
        case "text":
            if not isinstance(question.default, Texts):
                return None
            return said(question.default.of(language), _names(template, answers))
        case _:
            default = question.default
            return default.of(language) if isinstance(default, Texts) else default


def fields(question: Question, table: TableModel, answers: Answers) -> tuple[Column, ...]:
    """The columns that may be chosen."""
    target = str(answers.get(question.leads_to, "")).partition(" ")[2]
    return tuple(
        column
        for column in table.columns
        if (not question.types or column.type in question.types)
        and (not question.choices or column.choices)
        and (not question.leads_to or (target != "" and column.references == target))
        and column.readable
    )


def field_of(template: Template, question: Question, answers: Answers, around: Surroundings) -> Column | None:
    """The column that a value belongs to."""
    if question.of == "":
        return None
    field = template.question(question.of)
    table = around.model(answers.get(field.of))
    return None if table is None else table.column(str(answers.get(field.id)))


def recipients(question: Question, answers: Answers, around: Surroundings) -> tuple[str, ...]:
    """Paths of fields with an e-mail address: of the record, then of what its foreign keys lead to."""
    table = around.model(answers.get(question.of))
    if table is None:
        return ()
    paths = [f"after.{column.name}" for column in table.columns if _is_address(column)]
    for column in table.columns:
        led = around.models.get((table.connection, column.references)) if column.references else None
        for one in led.columns if led else ():
            if _is_address(one) and one.readable:
                paths.append(f"related.{column.name}.{one.name}")
    return tuple(paths)


def words_of(name: str) -> tuple[str, ...]:
    """`public.bankCalls` → ("bank", "call")."""
    short = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.rsplit(".", 1)[-1])
    return tuple(_singular(word) for word in re.split(r"[^0-9a-zA-Z]+", short.lower()) if word)


def fit(name: str, like: Sequence[str]) -> int | None:
    """How well a name fits: smaller is better, None not at all. A whole name goes before a part of one."""
    words = words_of(name)
    for place, wanted in enumerate(like):
        if words == words_of(wanted):
            return place
    for place, wanted in enumerate(like):
        if set(words_of(wanted)) <= set(words):
            return len(like) + place
    return None


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def _best(names: Sequence[str], like: Sequence[str]) -> str | None:
    fits = [(found, place) for place, name in enumerate(names) if (found := fit(name, like)) is not None]
    return names[min(fits)[1]] if fits else None


def _table(like: Sequence[str], tables: Sequence[tuple[str, str]]) -> JSON:
    names = [table for _, table in tables]
    best = _best(names, like)
    return None if best is None else " ".join(tables[names.index(best)])


def _field(question: Question, table: TableModel, answers: Answers) -> JSON:
    names = [column.name for column in fields(question, table, answers)]
    if question.leads_to:
        return names[0] if names else None
    best = _best(names, question.like)
    if best is None and question.fallback == "key":
        return table.key[0] if table.key else None
    return best


def _value(question: Question, column: Column | None) -> JSON:
    if column is None:
        return None
    if column.choices:
        return _best(column.choices, question.like)
    return question.default if isinstance(question.default, str | int) else None


def _recipient(question: Question, paths: Sequence[str]) -> JSON:
    for wanted in question.like:
        for path in paths:
            root, *rest = path.split(".")
            if root == "after" if wanted == "record" else root == "related" and wanted in words_of(rest[0]):
                return path
    return None


def _names(template: Template, answers: Answers) -> dict[str, JSON]:
    """What a default text may name: the answers to fields, as pills."""
    return {
        question.id: answers[question.id]
        for question in template.questions
        if question.id in answers and question.kind in ("field", "value", "number")
    } | {
        hole: value
        for hole, value in holes_of(template, answers).items()
        if hole.endswith((".table", ".connection"))
    }


def _is_address(column: Column) -> bool:
    return column.type == "text" and _ADDRESS.search(column.name) is not None and not column.choices
