"""ask_approval: asks people to approve or refuse; the run rests until the first of them answers, or time is over.

The question is opened once per run and node. Who is told how, and the answer, is the runner's and the API's business.
"""

from __future__ import annotations

from typing import Final

import msgspec

from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.kind import ActionContext, Promise, Question, Tools, as_text
from ruleyard.actions.mail import one_line
from ruleyard.core.approval import USUAL_S, CommentRule, Span, named_in
from ruleyard.core.awaiting import Awaits
from ruleyard.core.event import Event
from ruleyard.core.types import JSON

QUESTION_CHARS: Final = 300
DETAILS_CHARS: Final = 8_000
MOST_PEOPLE: Final = 50


class AskApprovalFields(msgspec.Struct, frozen=True):
    to: JSON = None
    question: JSON = None
    details: JSON = None
    connection: str | None = None
    at_most: Span | None = None
    remind: Span | None = None
    comment: CommentRule = "optional"


class AskApproval:
    name: Final = "ask_approval"
    promise: Final[Promise] = "exactly-once"
    fields: Final = AskApprovalFields

    def preview(self, fields: AskApprovalFields, event: Event) -> str:
        people = _people(fields.to)
        if not people:
            return "Nobody would be asked: “to” is empty."
        return f"Ask {', '.join(people)} to approve: {one_line(as_text(fields.question))}"

    async def target(self, fields: AskApprovalFields, tools: Tools) -> str | None:
        return None  # mails go out while the run rests; a server that is silent holds up no answer

    async def perform(self, fields: AskApprovalFields, context: ActionContext) -> Awaits:
        people = _people(fields.to)
        question = one_line(as_text(fields.question))[:QUESTION_CHARS]
        for field, value in (("to", people), ("question", question)):
            if not value:
                raise ActionFailed(
                    f"“{field}” is empty: there is nobody or nothing to ask.",
                    code="empty-field",
                    args={"field": field},
                )
        if len(people) > MOST_PEOPLE:
            raise ActionFailed(
                f"“to” has {len(people)} addresses; at most {MOST_PEOPLE} are asked.",
                code="too-many-addresses",
                args={"field": "to", "count": len(people), "most": MOST_PEOPLE},
            )
        if fields.connection is not None:
            await context.tools.mail_server(fields.connection)
        seconds = fields.at_most.seconds if fields.at_most else USUAL_S
        opened = await context.tools.ask(
            Question(
                run_id=context.run_id,
                rule_id=context.rule_id,
                node=context.node_id,
                people=people,
                question=question,
                details=as_text(fields.details)[:DETAILS_CHARS].replace("\x00", ""),
                comment=fields.comment,
                connection=fields.connection,
                at_most_s=seconds,
                remind=fields.remind,
            )
        )
        return Awaits("approval", str(opened), seconds=seconds)


def _people(to: JSON) -> tuple[str, ...]:
    """Whom `to` names, each once: a text, or a list of texts. ActionFailed where it is neither."""
    texts = to if isinstance(to, list) else [to]
    found: dict[str, str] = {}
    for text in texts:
        if text is None:
            continue
        if not isinstance(text, str):
            raise ActionFailed(
                f"“to” is no person: {text!r}", code="bad-address", args={"field": "to", "text": str(text)}
            )
        found |= {one.lower(): one for one in named_in(text)}
    return tuple(found.values())
