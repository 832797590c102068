"""Templates met with the live tables: what they ask here, what is found, and the draft that comes out."""

from __future__ import annotations

from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.api import checking
from ruleyard.api.house import House
from ruleyard.api.shapes.templates import TemplateInfo, TemplateOption, TemplateQuestion, UseTemplate
from ruleyard.core.errors import Invalid, NotFound, Problem
from ruleyard.core.model import TableModel
from ruleyard.core.types import JSON
from ruleyard.intake.introspect import label_of
from ruleyard.templates.answers import AUDIENCES, wrong
from ruleyard.templates.fill import fill
from ruleyard.templates.guess import Surroundings, field_of, fields, fit, recipients, resolve
from ruleyard.templates.shelf import template_named, templates
from ruleyard.templates.template import Answers, Language, Question, Template

MOST_LOOKED_AT: Final = 60
"""Tables whose columns are read for the defaults: the watched ones, then those whose name fits a template."""


async def look(
    house: House, conn: AsyncConnection, given: Answers | None = None
) -> tuple[Surroundings, str | None]:
    """The tables of every connection, the watched ones first, and the connection for mails, None without one."""
    around = await checking.surroundings(conn)
    named = {pair for answer in (given or {}).values() if (pair := _pair(answer, around)) is not None}
    others = await house.models.names(around.connections)
    tables = (*sorted(around.watched & others or around.watched), *sorted(others - around.watched))
    like = {
        word
        for one in templates()
        for question in one.questions
        if question.kind == "table"
        for word in question.like
    }
    likely = [pair for pair in tables if pair in around.watched or fit(pair[1], tuple(like)) is not None]
    seen = await house.models.see(around.connections, {*likely[:MOST_LOOKED_AT], *named})
    led = {
        (table.connection, column.references)
        for table in seen.tables.values()
        if table is not None
        for column in table.columns
        if column.references
    }
    seen = seen.joined(await house.models.see(around.connections, led - {*seen.tables}))
    models = {pair: model for pair, model in seen.tables.items() if model is not None}
    mail = next((name for name, kind in sorted(around.kinds.items()) if kind == "smtp"), None)
    return Surroundings(tables, models, house.settings.catcher_url), mail


def _pair(answer: JSON, around: checking.Surroundings) -> tuple[str, str] | None:
    connection, _, table = str(answer).partition(" ")
    return (connection, table) if connection in around.connections and table else None


def wanted(template_id: str) -> Template:
    """NotFound where there is none."""
    found = template_named(template_id)
    if found is None:
        raise NotFound(f'There is no template "{template_id}".')
    return found


def asked(template: Template, data: UseTemplate, around: Surroundings, mail: str | None) -> TemplateInfo:
    """The template with its answers and the draft. Invalid where an answer does not fit its question."""
    language = data.language
    given: Answers = {key: answer for key, answer in data.answers.items() if answer is not None}
    answers = resolve(template, given, around, language)
    unasked = {key: answer for key, answer in given.items() if key not in answers}
    faults = {key: words for key, words in wrong(template, answers | unasked, around).items() if key in given}
    if faults:
        problems = tuple(Problem("bad-answer", f"/answers/{key}", words) for key, words in faults.items())
        raise Invalid(problems[0].message, code="bad-answer", problems=problems)
    return TemplateInfo(
        id=template.id,
        category=template.category,
        name=template.name.of(language),
        description=template.description.of(language),
        questions=tuple(
            _question(template, question, answers, around, language)
            for question in template.questions
            if question.label is not None
        ),
        about=_about(template, answers),
        document=fill(
            template, answers, name=data.name or template.name.of(language), mail=mail, zone=data.zone
        ),
    )


def _about(template: Template, answers: Answers) -> str | None:
    first = next((one for one in template.questions if one.kind == "table"), None)
    answer = None if first is None else answers.get(first.id)
    return None if answer is None else str(answer)


def _question(
    template: Template, question: Question, answers: Answers, around: Surroundings, language: Language
) -> TemplateQuestion:
    column = field_of(template, question, answers, around) if question.kind == "value" else None
    return TemplateQuestion(
        id=question.id,
        kind=question.kind,
        label="" if question.label is None else question.label.of(language),
        more=question.more,
        of=question.of,
        answer=answers.get(question.id),
        options=_options(template, question, answers, around),
        value_type=None if column is None else column.type,
        least=question.least,
        most=question.most,
    )


def _options(
    template: Template, question: Question, answers: Answers, around: Surroundings
) -> tuple[TemplateOption, ...]:
    match question.kind:
        case "table":
            return tuple(TemplateOption(f"{name} {table}", label_of(table)) for name, table in around.tables)
        case "field":
            table: TableModel | None = around.model(answers.get(question.of))
            found = fields(question, table, answers) if table else ()
            return tuple(TemplateOption(column.name, label_of(column.name)) for column in found)
        case "value":
            column = field_of(template, question, answers, around)
            return tuple(TemplateOption(one, one) for one in column.choices) if column else ()
        case "recipient":
            return tuple(TemplateOption(path, path) for path in recipients(question, answers, around))
        case "audience":
            return tuple(TemplateOption(one, one) for one in AUDIENCES)
        case "address" if around.catcher:
            tried = f"{around.catcher}/{template.id}"
            return (TemplateOption(tried, tried),)
        case _:
            return ()
