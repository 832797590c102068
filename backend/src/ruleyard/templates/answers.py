"""Does an answer fit its question? Pure: the live tables come as an argument."""

from __future__ import annotations

import re
from typing import Final

from ruleyard.core.model import Column
from ruleyard.core.types import JSON
from ruleyard.templates.guess import Surroundings, field_of, fields, recipients
from ruleyard.templates.template import Answers, Question, Template

AUDIENCES: Final = ("everyone", "viewer", "editor", "publisher", "admin")
LONGEST_TEXT: Final = 4_000
_TIME: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_ADDRESS: Final = re.compile(r"https?://[^\s/]+\S*")


def wrong(template: Template, answers: Answers, around: Surroundings) -> dict[str, str]:
    """What is wrong, by question, as a sentence. `answers` may hold only some."""
    known = {question.id: question for question in template.questions}
    found: dict[str, str] = {}
    for question_id, answer in answers.items():
        question = known.get(question_id)
        if question is None:
            found[question_id] = f'This template does not ask "{question_id}". It asks: {", ".join(known)}.'
        elif words := _wrong(template, question, answer, answers, around):
            found[question_id] = words
    return found


def _wrong(
    template: Template, question: Question, answer: JSON, answers: Answers, around: Surroundings
) -> str:
    match question.kind:
        case "table":
            fits = isinstance(answer, str) and around.model(answer) is not None
            return "" if fits else "Name a table as `connection schema.table`."
        case "field":
            table = around.model(answers.get(question.of))
            names = [column.name for column in fields(question, table, answers)] if table else []
            return (
                "" if answer in names else f"Choose one of these fields: {', '.join(names) or 'none fits'}."
            )
        case "value":
            return _wrong_value(answer, field_of(template, question, answers, around))
        case "recipient":
            paths = recipients(question, answers, around)
            return "" if answer in paths else f"Choose one of: {', '.join(paths) or 'no field fits'}."
        case "audience":
            return "" if answer in AUDIENCES else f"Choose one of: {', '.join(AUDIENCES)}."
        case "text":
            fits = isinstance(answer, str) and 0 < len(answer) <= LONGEST_TEXT
            return "" if fits else f"Write a text of at most {LONGEST_TEXT} characters."
        case "number":
            fits = isinstance(answer, int) and not isinstance(answer, bool)
            fits = fits and question.least <= int(str(answer)) <= question.most
            return "" if fits else f"Give a whole number from {question.least} to {question.most}."
        case "time":
            fits = isinstance(answer, str) and _TIME.fullmatch(answer) is not None
            return "" if fits else "Give a time as `HH:MM`."
        case "address":
            fits = isinstance(answer, str) and len(answer) <= 2_000 and _ADDRESS.fullmatch(answer) is not None
            return "" if fits else "Give a full web address that starts with https://."


def _wrong_value(answer: JSON, column: Column | None) -> str:
    if isinstance(answer, list | dict) or (isinstance(answer, str) and len(answer) > LONGEST_TEXT):
        return "Give one value."
    if column is not None and column.choices and answer not in column.choices:
        return f"Choose one of: {', '.join(column.choices)}."
    return ""
