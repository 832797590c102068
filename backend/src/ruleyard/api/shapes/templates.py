"""Shapes of templates: what they ask, what was found, the draft that they make."""

from __future__ import annotations

from typing import Annotated

import msgspec

from ruleyard.api.shapes.rules import RuleName
from ruleyard.core.errors import Problem
from ruleyard.core.model import ColumnType
from ruleyard.core.types import JSON, JSONObject, RuleId
from ruleyard.templates.template import Category, Language, QuestionKind


class TemplateOption(msgspec.Struct, frozen=True):
    """One answer that can be chosen. `label` is the name as people read it; a value's label is the value.

    For an address, which is free, the local catcher of `up`: what is sent there shows in the demo's inbox.
    """

    value: JSON
    label: str


class TemplateQuestion(msgspec.Struct, frozen=True):
    """One question in the language asked for. `answer` is what was given or found, null where nothing fits.

    `of`: the question on which this one depends (its table or its field), "" for none. `more`: mostly found right.
    `options`: empty where the answer is free; `value_type` says of what type a free value is.
    """

    id: str
    kind: QuestionKind
    label: str
    more: bool
    of: str
    answer: JSON
    options: tuple[TemplateOption, ...]
    value_type: ColumnType | None
    least: int
    most: int


class TemplateInfo(msgspec.Struct, frozen=True):
    """A template in one language. `document`: the draft with what was found in the live tables.

    `about`: the table (`connection schema.table`) that texts with fields are about, null where there is none.
    """

    id: str
    category: Category
    name: str
    description: str
    questions: tuple[TemplateQuestion, ...]
    about: str | None
    document: JSONObject


class TemplatePage(msgspec.Struct, frozen=True):
    items: tuple[TemplateInfo, ...]
    next: str | None


class UseTemplate(msgspec.Struct, frozen=True):
    """Answers by question; the rest is found in the live tables. `zone`: IANA, for rules on a schedule."""

    answers: dict[str, JSON] = {}
    language: Language = "en"
    name: RuleName | None = None
    zone: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] = "UTC"


class UsedTemplate(msgspec.Struct, frozen=True):
    """The draft that was made, or with `dry_run` would be (`rule_id` is null then), and what is wrong with it."""

    rule_id: RuleId | None
    template: TemplateInfo
    problems: tuple[Problem, ...]
