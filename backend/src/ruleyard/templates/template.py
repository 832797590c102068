"""What a template is: texts in four languages, questions, and a rule document with holes.

A hole is `<question>` in a text or a key of the document, `<question.connection>` and `<question.table>` for the two
parts of a table, `<mail>` for the mail server, `<zone>` for the time zone.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from ruleyard.core.model import ColumnType
from ruleyard.core.types import JSON, JSONObject

Language: TypeAlias = Literal["en", "ko", "zh", "ru"]
Category: TypeAlias = Literal["leads", "calls", "deals", "tasks", "marketing"]
QuestionKind: TypeAlias = Literal[
    "table", "field", "value", "recipient", "audience", "text", "number", "time", "address"
]


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One text in every language of the product."""

    en: str
    ko: str
    zh: str
    ru: str

    def of(self, language: Language) -> str:
        words: str = getattr(self, language)
        return words


class Question(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One hole to fill. Without `label` it is not asked: what is found by `like` and `types` is taken.
    With `more` it is asked behind a door, for what was found is mostly right.

    kind: table (answer `connection schema.table`), field (a column of the table `of`), value (of the field `of`),
    recipient (path of a field with an address, of the table `of` or what it leads to), audience (who
    is told inside the product), text (with `{{field}}`), number (`least` to `most`), time (`HH:MM`), address (http).

    like: names that fit, the best first; for a recipient `record`, or the person that such a key leads to.
    choices: only fields that have a list of values. leads_to: only foreign keys to the table of that question.
    fallback: the table's key where no field fits. A `default` may have one text for each language.
    """

    id: str
    kind: QuestionKind
    label: Words | None = None
    more: bool = False
    of: str = ""
    like: tuple[str, ...] = ()
    types: tuple[ColumnType, ...] = ()
    choices: bool = False
    leads_to: str = ""
    fallback: Literal["", "key"] = ""
    default: Words | int | bool | str | None = None
    least: int = 0
    most: int = 0


class Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    category: Category
    name: Words
    description: Words
    questions: tuple[Question, ...]
    document: JSONObject

    def question(self, question_id: str) -> Question:
        """KeyError where there is none."""
        for question in self.questions:
            if question.id == question_id:
                return question
        raise KeyError(question_id)


Answers: TypeAlias = dict[str, JSON]
"""By question. A question without an answer is missing, never null."""
