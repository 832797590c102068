"""Shapes of questions for approval: as people who are signed in see them, and as a link shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from ruleyard.core.approval import Choice, Standing
from ruleyard.core.types import NodeId, RuleId, RunId


class ApprovalInfo(msgspec.Struct, frozen=True):
    """`asked`: names of who may answer. `mine`: you are one of them; `may_answer`: you are, or may answer for them.

    `answered_by` is a name. `troubles`: why mails did not go out, in the mail server's words.
    """

    id: int
    run_id: RunId
    node: NodeId
    rule_id: RuleId
    rule_name: str
    question: str
    details: str
    standing: Standing
    asked: tuple[str, ...]
    mine: bool
    may_answer: bool
    comment_needed: bool
    mailed: bool
    asked_at: datetime
    until: datetime
    answered_by: str | None = None
    answered_at: datetime | None = None
    by_link: bool = False
    for_others: bool = False
    comment: str = ""
    troubles: tuple[str, ...] = ()


class ApprovalPage(msgspec.Struct, frozen=True):
    items: tuple[ApprovalInfo, ...]
    next: str | None


class ApprovalCount(msgspec.Struct, frozen=True):
    """How many questions wait for your answer."""

    open: int


class GiveAnswer(msgspec.Struct, frozen=True):
    answer: Choice
    comment: Annotated[str, msgspec.Meta(max_length=2000)] = ""


class LinkedApproval(msgspec.Struct, frozen=True):
    """What a link shows: the question and what became of it, nothing else. `you`: whom the link was sent to."""

    question: str
    details: str
    standing: Standing
    you: str
    comment_needed: bool
    until: datetime
    answered_by: str | None = None
    answered_at: datetime | None = None
    comment: str = ""
